using System.Text.Json;
using CsCheck;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;
using static Oms.Routing.Tests.Given;

namespace Oms.Routing.Tests;

/// <summary>Plans against what trying everything finds.</summary>
public sealed class Plans
{
    private const int Runs = 2_000;
    private static readonly string[] Skus = ["A", "B", "C"];
    private static readonly JsonSerializerOptions Json = new();

    private sealed record Case(Location[] Locations, int[][] Stock, int[] Wanted, string[] Rules)
    {
        public StockView View() => Given.Stock([.. Levels()]);

        public IEnumerable<(string, string, int)> Levels() =>
            from location in Enumerable.Range(0, Locations.Length)
            from sku in Enumerable.Range(0, Wanted.Length)
            select (Skus[sku], Locations[location].LocationId, Stock[location][sku]);

        public RoutingRequest Request() => Given.Request([.. Wanted.Select((quantity, sku) => (Skus[sku], quantity))]);

        public IDecisionEvent Route() => Router.Route(Request(), Around(Locations, View(), Strategy(Rules), destination: NewYork));

        public int[] Target() => [.. Wanted.Select((wanted, sku) => Math.Min(wanted, Stock.Sum(it => it[sku])))];
    }

    private static Gen<Case> Cases(int locationsMax, int skusMax, int piecesMax) =>
        from locations in Gen.Int[1, locationsMax]
        from skus in Gen.Int[1, skusMax]
        from points in Gen.Select(Gen.Int[-80, 80], Gen.Int[-170, 170], Gen.Int[1, 4], Gen.Bool).Array[locations]
        from stock in Gen.Int[0, piecesMax].Array[skus].Array[locations]
        from wanted in Gen.Int[1, piecesMax].Array[skus]
        from order in Gen.Shuffle(RuleTypes.All.ToArray())
        from count in Gen.Int[1, 4]
        select new Case(
            [.. points.Select((it, index) => Location($"l{index}", new(it.Item1, it.Item2), it.Item4 ? "US" : "CA", priority: it.Item3))], stock, wanted, [.. order.Take(count)]);

    private static int[][] Empty(Case it) => [.. it.Locations.Select(_ => new int[it.Wanted.Length])];

    private static int[][] Copy(int[][] plan) => [.. plan.Select(row => row.ToArray())];

    private static int[][] Placed(Case it, OrderRouted routed)
    {
        var placed = Empty(it);
        foreach (var assignment in routed.Assignments)
            foreach (var line in assignment.Lines)
                placed[int.Parse(assignment.LocationId[1..])][Array.IndexOf(Skus, line.Sku)] += line.Quantity;
        return placed;
    }

    [Fact]
    public void place_all_that_can_be_placed_and_nothing_that_is_not_there() => Cases(25, 3, 6).Sample(it =>
    {
        var target = it.Target();
        if (target.Sum() == 0)
        {
            it.Route().Unroutable().Reason.ShouldBe(UnroutableReasons.NoStock);
            return;
        }
        var routed = it.Route().Routed();
        var placed = Placed(it, routed);
        for (var sku = 0; sku < it.Wanted.Length; sku++)
        {
            var (total, missing) = (0, routed.Unfillable.Where(line => line.Line == sku + 1).Sum(line => line.Quantity));
            for (var location = 0; location < it.Locations.Length; location++)
            {
                placed[location][sku].ShouldBeLessThanOrEqualTo(it.Stock[location][sku]);
                total += placed[location][sku];
            }
            total.ShouldBe(target[sku]);
            missing.ShouldBe(it.Wanted[sku] - total);
        }
    }, iter: Runs);

    [Fact]
    public void have_as_few_splits_as_any_set_of_locations_allows() => Cases(9, 3, 5).Where(it => it.Target().Sum() > 0).Sample(it =>
    {
        var target = it.Target();
        var fewest = Enumerable.Range(1, (1 << it.Locations.Length) - 1)
            .Where(set => target.Select((wanted, sku) => it.Stock.Where((_, location) => (set & (1 << location)) != 0).Sum(stock => stock[sku]) >= wanted).All(enough => enough))
            .Min(set => System.Numerics.BitOperations.PopCount((uint)set));
        (it with { Rules = [RuleTypes.MinimizeSplits, .. it.Rules.Where(rule => rule != RuleTypes.MinimizeSplits)] }).Route().Routed().Assignments.Length.ShouldBe(fewest);
    }, iter: Runs);

    [Fact]
    public void are_the_best_of_all_by_the_rules_in_their_order() => Cases(4, 2, 4).Where(it => it.Target().Sum() > 0).Sample(it =>
    {
        var best = AllPlans(it).Select(plan => Costs(it, plan)).Aggregate((left, right) => left.AsSpan().SequenceCompareTo(right) <= 0 ? left : right);
        Costs(it, Placed(it, it.Route().Routed())).ShouldBe(best);
    }, iter: Runs);

    [Fact]
    public void stay_in_the_market_whenever_that_is_possible() => Cases(25, 2, 4).Sample(it =>
    {
        var inside = it.Locations.Select(location => location.Details.Address.Country == "US").ToArray();
        // Some location inside has all of it alone.
        if (!it.Stock.Where((stock, index) => inside[index] && stock.Zip(it.Wanted).All(pair => pair.First >= pair.Second)).Any())
            return;
        var routed = (it with { Rules = [RuleTypes.StayInMarket, .. it.Rules.Where(rule => rule != RuleTypes.StayInMarket)] }).Route().Routed();
        routed.Assignments.ShouldAllBe(assignment => inside[int.Parse(assignment.LocationId.Substring(1))]);
    }, iter: Runs);

    [Fact]
    public void ship_from_the_closest_of_many_that_have_it() => Cases(60, 1, 3).Sample(it =>
    {
        var full = it with { Stock = [.. it.Stock.Select(stock => stock.Select((_, sku) => it.Wanted[sku]).ToArray())] };
        foreach (string[] rules in new string[][] { [RuleTypes.Closest], [RuleTypes.MinimizeSplits, RuleTypes.Closest] })
        {
            var km = (full with { Rules = rules }).Route().Routed().Assignments.Single().DistanceKm!.Value;
            km.ShouldBe(it.Locations.Min(location => location.Details.Coordinates.DistanceKmTo(NewYork)), tolerance: 0.001);
        }
    }, iter: Runs);

    [Fact]
    public void are_the_same_to_the_byte_however_the_inputs_are_ordered() =>
        Gen.Select(Cases(20, 3, 4), Gen.Int).Sample((it, seed) =>
        {
            var random = new Random(seed);
            var shuffled = it.Levels().OrderBy(_ => random.Next()).ToArray();
            var again = Router.Route(it.Request(), Around([.. it.Locations.OrderBy(_ => random.Next())], Stock(shuffled), Strategy(it.Rules), destination: NewYork));
            JsonSerializer.Serialize<object>(again, Json).ShouldBe(JsonSerializer.Serialize<object>(it.Route(), Json));
        }, iter: Runs / 2);

    [Fact]
    public void never_plan_the_same_pieces_twice_in_a_page() => Gen.Select(Cases(6, 2, 6), Gen.Int[2, 8]).Sample((it, orders) =>
    {
        var view = it.View();
        var taken = Empty(it);
        for (var order = 0; order < orders; order++)
        {
            if (Router.Route(it.Request(), Around(it.Locations, view, Strategy(it.Rules))) is not OrderRouted routed)
                continue;
            var placed = Placed(it, routed);
            for (var location = 0; location < it.Locations.Length; location++)
                for (var sku = 0; sku < it.Wanted.Length; sku++)
                {
                    view.Take(Skus[sku], it.Locations[location].LocationId, placed[location][sku]);
                    (taken[location][sku] += placed[location][sku]).ShouldBeLessThanOrEqualTo(it.Stock[location][sku]);
                }
        }
    }, iter: Runs / 2);

    /// <summary>Every way to place all that can be placed, a line divided only where no location that ships has all of it.</summary>
    private static IEnumerable<int[][]> AllPlans(Case it)
    {
        var target = it.Target();
        foreach (var plan in Extend(Empty(it), 0))
        {
            var ships = Enumerable.Range(0, it.Locations.Length).Where(location => Enumerable.Range(0, target.Length).Any(sku => plan[location][sku] > 0)).ToArray();
            var divided = Enumerable.Range(0, target.Length).Where(sku => ships.Count(location => plan[location][sku] > 0) > 1);
            if (divided.All(sku => ships.All(location => it.Stock[location][sku] < it.Wanted[sku])))
                yield return plan;
        }

        IEnumerable<int[][]> Extend(int[][] plan, int cell)
        {
            var (sku, location) = (cell / it.Locations.Length, cell % it.Locations.Length);
            if (sku == target.Length)
                return [Copy(plan)];
            var open = target[sku] - Enumerable.Range(0, location).Sum(before => plan[before][sku]);
            var least = location == it.Locations.Length - 1 ? open : 0;
            return Enumerable.Range(least, Math.Max(0, Math.Min(open, it.Stock[location][sku]) - least + 1)).SelectMany(quantity =>
            {
                var next = Copy(plan);
                next[location][sku] = quantity;
                return Extend(next, cell + 1);
            });
        }
    }

    private static long[] Costs(Case it, int[][] plan)
    {
        var pieces = Enumerable.Range(0, it.Locations.Length).Select(location => (Location: it.Locations[location].Details, Count: (long)Enumerable.Range(0, it.Wanted.Length).Sum(sku => plan[location][sku]))).ToArray();
        return [.. it.Rules.Select(rule => rule switch
        {
            RuleTypes.MinimizeSplits => pieces.Count(from => from.Count > 0),
            RuleTypes.StayInMarket => pieces.Sum(from => from.Location.Address.Country == "US" ? 0 : from.Count),
            RuleTypes.RankedLocations => pieces.Sum(from => from.Location.Priority!.Value * from.Count),
            _ => pieces.Sum(from => (long)Math.Round(from.Location.Coordinates.DistanceKmTo(NewYork) * 1_000) * from.Count),
        })];
    }
}
