using CsCheck;
using Oms.Bench.Routing;

namespace Oms.Bench.Tests;

/// <summary>The yardstick of the planner, against every plan that there is.</summary>
public sealed class ExactOptima
{
    private const int Runs = 2_000;

    private sealed record Network(Source[] Sources, int[] Wanted);

    private static readonly Gen<Network> Networks =
        from locations in Gen.Int[1, 5]
        from lines in Gen.Int[1, 3]
        from wanted in Gen.Int[1, 3].Array[lines]
        from stock in Gen.Int[0, 3].Array[lines].Array[locations]
        from costs in Gen.Long[0, 3].Array[2].Array[locations]
        select new Network(
            [.. stock.Select((pieces, index) => new Source($"l{index}", [.. pieces.Select((count, line) => Math.Min(count, wanted[line]))], costs[index]))],
                wanted);

    [Fact]
    public void are_what_trying_every_plan_finds() => Networks.Sample(it =>
    {
        var found = ExactOptimum.Find(it.Sources, it.Wanted, locationsMax: it.Sources.Length);
        var best = AllPlans(it).Select(plan => CostsOf(it, plan))
            .Aggregate((long[]?)null, (left, right) => left is null || right.AsSpan().SequenceCompareTo(left) < 0 ? right : left);
        if (it.Sources.All(source => source.Stock.Sum() == 0))
            found.ShouldBeNull();
        else
            ((long[])[found!.Value.Locations, .. found.Value.Costs]).ShouldBe(best!);
    }, iter: Runs);

    [Fact]
    public void are_nothing_when_they_take_more_locations_than_are_allowed() =>
        ExactOptimum.Find([new("a", [1], [0]), new("b", [1], [0])], [2], locationsMax: 1).ShouldBeNull();

    /// <summary>Everything that can be placed is placed, a line divided only where no location that ships has all of it.</summary>
    private static IEnumerable<int[][]> AllPlans(Network it)
    {
        var target = it.Wanted.Select((pieces, line) => Math.Min(pieces, it.Sources.Sum(source => source.Stock[line]))).ToArray();
        return Extend([.. it.Sources.Select(_ => new int[target.Length])], 0).Where(IsWhole);

        bool IsWhole(int[][] plan)
        {
            var ships = Enumerable.Range(0, plan.Length).Where(location => plan[location].Sum() > 0).ToArray();
            return Enumerable.Range(0, target.Length).Where(line => ships.Count(location => plan[location][line] > 0) > 1)
                .All(line => ships.All(location => it.Sources[location].Stock[line] < it.Wanted[line]));
        }

        IEnumerable<int[][]> Extend(int[][] plan, int cell)
        {
            var (line, location) = (cell / plan.Length, cell % plan.Length);
            if (line == target.Length)
                return [plan];
            var open = target[line] - plan.Sum(row => row[line]);
            var least = location == plan.Length - 1 ? open : 0;
            return Enumerable.Range(least, Math.Max(0, Math.Min(open, it.Sources[location].Stock[line]) - least + 1)).SelectMany(pieces =>
            {
                int[][] next = [.. plan.Select(row => row.ToArray())];
                next[location][line] = pieces;
                return Extend(next, cell + 1);
            });
        }
    }

    private static long[] CostsOf(Network it, int[][] plan) =>
    [
        plan.Count(row => row.Sum() > 0),
        .. Enumerable.Range(0, it.Sources[0].Costs.Length)
            .Select(rule => it.Sources.Select((source, location) => source.Costs[rule] * plan[location].Sum()).Sum()),
    ];
}
