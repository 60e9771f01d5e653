using System.Collections.Immutable;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>All locations, markets and the strategy, as they were at one moment; in an order that never depends on how they were read.</summary>
public sealed class Network(IEnumerable<Location> locations, IEnumerable<Market> markets, RoutingStrategy strategy)
{
    public ImmutableArray<Location> Locations { get; } = [.. locations.OrderBy(it => it.LocationId, StringComparer.Ordinal)];

    public ImmutableArray<Market> Markets { get; } = [.. markets.OrderBy(it => it.MarketId, StringComparer.Ordinal)];

    public RoutingStrategy Strategy { get; } = strategy;

    /// <summary>The market a destination lies in. Of several, the one that means it most closely: by region, then with the fewest countries.</summary>
    public Market? MarketOf(string country, string? region) => Markets
        .Where(market => market.Area.Covers(country, region))
        .OrderByDescending(market => market.Area.NarrowsTo(country))
        .ThenBy(market => market.Area.Countries.Length)
        .ThenBy(market => market.MarketId, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// Whether a location serves a market: when it lists it, or lists none and lies in it. Where no market covers the destination,
    /// its country stands for one: a merchant who has not drawn markets yet still does not want to ship across a border for nothing.
    /// </summary>
    public static bool IsInside(LocationDetails location, Market? market, string country) =>
        market is null ? location.Address.Country == country
        : location.Markets.IsEmpty ? market.Area.Covers(location.Address.Country, location.Address.Region)
        : location.Markets.Contains(market.MarketId);
}
