using System.Collections.Immutable;
using Oms.Bench.Load;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;

namespace Oms.Bench.Routing;

/// <summary>An order to route, and all that a decision looks at besides.</summary>
internal sealed record RoutingCase(RoutingRequest Request, Surroundings Around)
{
    /// <summary>In the sequence of the default strategy, behind the number of locations.</summary>
    private static readonly string[] Rules = [RuleTypes.StayInMarket, RuleTypes.RankedLocations, RuleTypes.Closest];

    public int[] Wanted => [.. Request.Lines.Select(line => line.Quantity)];

    /// <summary>Every location that has something of it, as the planner's rules see it.</summary>
    public List<Source> Sources()
    {
        var levels = Request.Lines.Select(line => Around.Stock.Of(line.Sku)).ToArray();
        return
        [
            .. Around.Network.Locations
                .Select(location => new Source(
                    location.LocationId,
                    [.. levels.Select((level, line) => level.TryGetValue(location.LocationId, out var it) ? Math.Min(it.For(firstAttempt: true), Wanted[line])
                        : 0)],
                    CostsOf(location)))
                .Where(source => source.Stock.Sum() > 0),
        ];
    }

    /// <summary>What a decision costs by the same rules; null when it is none.</summary>
    public (int Locations, long[] Costs)? CostsOf(IDecisionEvent decision)
    {
        if (decision is not OrderRouted routed)
            return null;
        var costs = new long[Rules.Length];
        foreach (var assignment in routed.Assignments)
        {
            var each = CostsOf(Around.Network.Locations.Single(it => it.LocationId == assignment.LocationId));
            var pieces = assignment.Lines.Sum(line => line.Quantity);
            for (var rule = 0; rule < costs.Length; rule++)
                costs[rule] += pieces * each[rule];
        }
        return (routed.Assignments.Length, costs);
    }

    public static IReadOnlyList<string> RuleNames => Rules;

    private long[] CostsOf(Location location) =>
    [
        location.Details.Address.Country == Request.ShipTo.Country ? 0 : 1,
        location.Details.Priority!.Value,
        (long)Math.Round(location.Details.Coordinates.DistanceKmTo(Around.Destination!) * 1_000),
    ];
}

/// <summary>
/// A merchant's network as there are real ones: locations where people live, every third item at a location, a few pieces of each; orders of one to four lines
/// from anywhere in the country.
/// </summary>
internal static class RoutingNetwork
{
    private const int Skus = 200;
    private const int LinesMax = 4;
    private const int PiecesMax = 3;
    private const int StockMax = 4;
    private const int AbroadPercent = 5;
    private const double StockedShare = 0.3;
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 17, 0, 0, TimeSpan.Zero);

    public static List<RoutingCase> Cases(int locations, int orders)
    {
        var random = new Random(locations);
        var places = PostalCodes.Sample(locations);
        var network = new Network([.. places.Select((place, index) => LocationAt(place, index, random))], [], RoutingStrategy.Default);
        var stock = new StockView();
        foreach (var location in network.Locations)
        {
            for (var sku = 0; sku < Skus; sku++)
            {
                if (random.NextDouble() < StockedShare)
                    stock.Add($"SKU-{sku}", location.LocationId, random.Next(1, StockMax + 1), version: 1);
            }
        }
        var destinations = PostalCodes.Sample(orders);
        return [.. destinations.Select(destination => new RoutingCase(
            Request(destination, random), new(network, stock, new(), new(destination.Latitude, destination.Longitude), Noon)))];
    }

    private static Location LocationAt(Load.PostalCode place, int index, Random random)
    {
        var (id, country) = ($"location-{index:0000}", random.Next(100) < AbroadPercent ? "CA" : "US");
        return new()
        {
            Id = Location.Key(id),
            LocationId = id,
            Details = new(
                id, "warehouse", new(country, City: place.City, Region: place.State, PostalCode: place.Code), new(place.Latitude, place.Longitude),
                    "America/New_York",
                new(15, 0), CapacityPerDay: null, [], Priority: 1 + random.Next(3), Active: true),
        };
    }

    private static RoutingRequest Request(Load.PostalCode destination, Random random)
    {
        ImmutableArray<Pieces> lines = [.. Enumerable.Range(0, Skus).OrderBy(_ => random.Next()).Take(random.Next(1, LinesMax + 1))
            .Select((sku, index) => new Pieces(index + 1, $"SKU-{sku}", random.Next(1, PiecesMax + 1)))];
        return new(
            Guid.CreateVersion7(), Guid.CreateVersion7(), Attempt: 1, lines, new("US", destination.State, destination.Code), "standard", ShipComplete: false,
                [], []);
    }
}
