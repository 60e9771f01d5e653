using Oms.Kernel;

namespace Oms.Routing.Domain;

/// <summary>Every "no" of this service, besides those about malformed requests.</summary>
public static class RoutingRefusals
{
    public const string InvalidLocation = "invalid-location";
    public const string InvalidMarket = "invalid-market";
    public const string InvalidStrategy = "invalid-strategy";
    public const string InvalidPostalCodes = "invalid-postal-codes";

    public static Refusal LocationNotFound(string locationId) => Refusal.NotFound("location-not-found", $"There is no location {locationId}.");

    public static Refusal MarketNotFound(string marketId) => Refusal.NotFound("market-not-found", $"There is no market {marketId}.");

    public static Refusal StrategyVersionNotFound(int version) =>
        Refusal.NotFound("strategy-version-not-found", $"The routing strategy has no version {version}.");

    public static Refusal PostalCodeNotFound(string country, string postalCode) =>
        Refusal.NotFound("postal-code-not-found", $"Where {postalCode} in {country} is, has not been told.");

    public static Refusal DecisionNotFound(Guid orderId, int? attempt) => Refusal.NotFound("routing-decision-not-found",
        attempt is null ? $"Order {orderId} has not been routed." : $"Order {orderId} has not been routed in an attempt {attempt}.");
}
