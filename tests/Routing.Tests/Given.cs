using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;

namespace Oms.Routing.Tests;

/// <summary>Locations, stock and orders to route.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 17, 0, 0, TimeSpan.Zero);      // a Monday, noon in New York
    public static readonly Guid Order = new("00000000-0000-7000-8000-000000000001");
    public static readonly GeoPoint NewYork = new(40.75, -74.0);
    public static readonly GeoPoint Chicago = new(41.88, -87.63);
    public static readonly GeoPoint LosAngeles = new(34.05, -118.25);
    public static readonly GeoPoint Toronto = new(43.65, -79.38);

    public static Location Location(
        string id, GeoPoint? at = null, string country = "US", string? region = null, string zone = "America/New_York", string cutOff = "15:00",
        int? capacity = null, string[]? markets = null, int? priority = null, bool active = true) => new()
    {
        Id = Domain.Location.Key(id),
        LocationId = id,
        Details = new(id, "warehouse", new(country, Region: region), at ?? NewYork, zone, TimeOnly.Parse(cutOff), capacity, [.. markets ?? []], priority, active),
    };

    public static Market Market(string id, string[] countries, params string[] regions) =>
        new() { Id = Domain.Market.Key(id), MarketId = id, Area = new(id, [.. countries], [.. regions]) };

    public static RoutingStrategy Strategy(params string[] types) => new() { Version = 7, Rules = [.. types.Select(type => new RoutingRule(type, true, []))] };

    public static RoutingRequest Request(params (string Sku, int Quantity)[] lines) => new(
        new Guid("00000000-0000-7000-8000-0000000000aa"), Order, 1,
        [.. lines.Select((line, index) => new Pieces(index + 1, line.Sku, line.Quantity))],
        new("US", "NY", "10001"), "standard", ShipComplete: false, [], []);

    public static StockView Stock(params (string Sku, string Location, int Available)[] levels)
    {
        var view = new StockView();
        foreach (var (sku, location, available) in levels)
            view.Add(sku, location, available, version: 1);
        return view;
    }

    public static Surroundings Around(
        Location[] locations, StockView stock, RoutingStrategy? strategy = null, Market[]? markets = null, GeoPoint? destination = null, LocationLoads? loads = null) =>
        new(new Network(locations, markets ?? [], strategy ?? RoutingStrategy.Default), stock, loads ?? new(), destination, Noon);
}

internal static class Decisions
{
    public static OrderRouted Routed(this IDecisionEvent decision) => decision.ShouldBeOfType<OrderRouted>();

    public static OrderUnroutable Unroutable(this IDecisionEvent decision) => decision.ShouldBeOfType<OrderUnroutable>();

    /// <summary>The plan as text: <c>nyc: 2 MUG, 1 PLATE | chi: 1 MUG</c>.</summary>
    public static string Plan(this IDecisionEvent decision) => string.Join(" | ", decision.Routed().Assignments
        .Select(it => $"{it.LocationId}: {string.Join(", ", it.Lines.Select(line => $"{line.Quantity} {line.Sku}"))}"));

    public static ImmutableArray<RankedLocation> Ranking(this IDecisionEvent decision, string type) =>
        decision.Explained().Rules.Single(it => it.Type == type).Ranking;

    public static Explanation Explained(this IDecisionEvent decision) => decision switch
    {
        OrderRouted e => e.Explanation,
        OrderUnroutable e => e.Explanation,
        _ => throw new InvalidOperationException(),
    };
}
