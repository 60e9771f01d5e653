using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Routing.Domain;

/// <summary>A number of pieces of an order line.</summary>
public sealed record Pieces(int Line, string Sku, int Quantity);

/// <param name="DistanceKm">To the destination; null when nobody knows where that is.</param>
public sealed record Assignment(string LocationId, ImmutableArray<Pieces> Lines, DateTimeOffset ShipBy, double? DistanceKm);

public static class UnroutableReasons
{
    /// <summary>No location may ship this order, whatever its stock.</summary>
    public const string NoLocation = "no_location";

    /// <summary>None of those that may has a single piece of it.</summary>
    public const string NoStock = "no_stock";

    /// <summary>The order ships complete or not at all, and some of it is missing.</summary>
    public const string ShipComplete = "ship_complete";
}

/// <summary>Why a location was not considered.</summary>
public static class ExclusionReasons
{
    public const string Inactive = "inactive";
    public const string Declined = "declined_this_order";
    public const string AtCapacity = "at_capacity";
    public const string NoStock = "no_stock";

    /// <summary>It could have shipped, but enough better ones were compared.</summary>
    public const string Outranked = "outranked";
}

/// <param name="Market">The market the destination lies in; null when no market covers it.</param>
public sealed record Destination(string Country, string? Region, string? PostalCode, GeoPoint? Coordinates, string? Market);

/// <param name="Rank">1 is best; equals share a rank.</param>
/// <param name="Value">What was compared: pieces it has, 0 or 1 for inside or outside the market, its place in the ranking, kilometers.</param>
public sealed record RankedLocation(string LocationId, int Rank, double? Value, string Why);

public sealed record RuleRanking(string Type, ImmutableArray<RankedLocation> Ranking);

public sealed record Exclusion(string Why, ImmutableArray<string> Locations);

/// <summary>How a decision came about, kept with it: rules, stock and locations will have changed when somebody asks.</summary>
public sealed record Explanation(
    int StrategyVersion, string ServiceLevel, bool ShipComplete, Destination Destination,
    ImmutableArray<RuleRanking> Rules, ImmutableArray<Exclusion> Excluded);

/// <summary>
/// That an order was decided upon, and when: enough to find its attempts. What was decided, and why, is the one event of the stream.
/// </summary>
public sealed record RoutingDecision : IFold<RoutingDecision, IDecisionEvent>
{
    public required string Id { get; init; }

    public int Version { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid RoutingId { get; init; }

    public required int Attempt { get; init; }

    public required bool Routed { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public static string Key(Guid orderId, Guid routingId) => $"decision/{orderId:N}/{routingId:N}";

    public static RoutingDecision After(RoutingDecision? state, IDecisionEvent happened) => (state, happened) switch
    {
        (null, OrderRouted e) => new()
        {
            Id = Key(e.OrderId, e.RoutingId), OrderId = e.OrderId, RoutingId = e.RoutingId, Attempt = e.Attempt, Routed = true, DecidedAt = e.RoutedAt,
        },
        (null, OrderUnroutable e) => new()
        {
            Id = Key(e.OrderId, e.RoutingId), OrderId = e.OrderId, RoutingId = e.RoutingId, Attempt = e.Attempt, Routed = false, DecidedAt = e.DecidedAt,
        },
        _ => throw new InvalidOperationException($"A routing decision is made once; {happened.GetType().Name} came after it."),
    };
}
