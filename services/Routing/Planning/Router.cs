using System.Collections.Immutable;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>
/// Decides where the pieces of an order ship from: as many of them as possible, and of all ways to do that the best by the merchant's
/// rules, compared in the merchant's order. The same inputs give the same decision, byte for byte.
/// </summary>
public static class Router
{
    public static IDecisionEvent Route(RoutingRequest request, Surroundings around)
    {
        var market = around.Network.MarketOf(request.ShipTo.Country, request.ShipTo.Region);
        var rules = Rule.For(request, around, market);
        var demand = new Demand(request.Lines);
        var (candidates, excluded) = Candidates.Find(request, around, demand, rules);

        var target = demand.Quantities.Select((wanted, sku) => (int)Math.Min(wanted, candidates.Sum(it => (long)it.Stock[sku]))).ToArray();
        var considered = Preselection.Choose(candidates, rules, demand, target);
        excluded.AddRange(candidates.Except(considered).Select(it => (it.Id, ExclusionReasons.Outranked)));
        var explanation = new Explanation(
            around.Network.Strategy.Version,
            request.ServiceLevel,
            request.ShipComplete,
            new(request.ShipTo.Country, request.ShipTo.Region, request.ShipTo.PostalCode, around.Destination, market?.MarketId),
            [.. rules.Select(rule => rule.Rank(considered, demand))],
            [.. excluded.GroupBy(it => it.Why, it => it.LocationId).OrderBy(it => it.Key, StringComparer.Ordinal)
                .Select(it => new Exclusion(it.Key, [.. it.Order(StringComparer.Ordinal)]))]);

        var plan = considered.Count == 0 ? [] : Search(considered, rules, demand, target);
        var missing = Missing(demand, plan);
        var reason = candidates.Count == 0 && excluded.TrueForAll(it => it.Why != ExclusionReasons.NoStock) ? UnroutableReasons.NoLocation
            : candidates.Count == 0 ? UnroutableReasons.NoStock
            : request.ShipComplete && !missing.IsEmpty ? UnroutableReasons.ShipComplete
            : null;
        return reason is null
            ? new OrderRouted(request.RoutingId, request.OrderId, request.Attempt, Assign(plan, demand, around), missing, explanation, around.Now)
            : new OrderUnroutable(request.RoutingId, request.OrderId, request.Attempt, reason, missing, explanation, around.Now);
    }

    /// <summary>Decides one of several: what it plans with, the next one does not see any more.</summary>
    public static IDecisionEvent RouteNext(RoutingRequest request, Surroundings around)
    {
        var decision = Route(request, around);
        foreach (var assignment in decision is OrderRouted routed ? routed.Assignments : [])
        {
            foreach (var line in assignment.Lines)
                around.Stock.Take(line.Sku, assignment.LocationId, line.Quantity);
            around.Loads.Count(around.Network.Locations.Single(it => it.LocationId == assignment.LocationId), around.Now);
        }
        return decision;
    }

    private static List<Placed> Search(IReadOnlyList<Candidate> considered, IReadOnlyList<Rule> rules, Demand demand, int[] target)
    {
        var search = new PlanSearch(demand, rules, considered, target);
        return considered.Count > Preselection.CandidatesMax ? search.WithoutComparing() : search.Best();
    }

    private static ImmutableArray<Assignment> Assign(List<Placed> plan, Demand demand, Surroundings around) =>
    [
        .. plan.GroupBy(it => it.Candidate).OrderBy(it => it.Key.Id, StringComparer.Ordinal).Select(from =>
        {
            var details = from.Key.Location.Details;
            return new Assignment(
                from.Key.Id,
                [.. from.Select(it => demand.Lines[it.Line] with { Quantity = it.Quantity }).OrderBy(it => it.Line)],
                CutOffs.Next(details.TimeZone, details.CutOff, around.Now),
                around.Destination is { } destination ? Math.Round(details.Coordinates.DistanceKmTo(destination), 3) : null);
        }),
    ];

    private static ImmutableArray<Pieces> Missing(Demand demand, List<Placed> plan) =>
    [
        .. demand.Lines
            .Select((line, index) => line with { Quantity = line.Quantity - plan.Where(it => it.Line == index).Sum(it => it.Quantity) })
            .Where(line => line.Quantity > 0)
            .OrderBy(line => line.Line),
    ];
}
