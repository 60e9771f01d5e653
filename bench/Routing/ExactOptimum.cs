namespace Oms.Bench.Routing;

/// <summary>A location as far as a plan is concerned.</summary>
/// <param name="Stock">By line, never more than is wanted.</param>
/// <param name="Costs">Of one piece from here, by rule, the most important first.</param>
internal sealed record Source(string Id, int[] Stock, long[] Costs);

/// <summary>
/// The best plan there is, where the first rule is to use as few locations as possible: everything that can be placed is placed, from as few locations as that
/// takes, and of all sets of so many the cheapest. Each line is another SKU; it is divided only when no location of the set has all of it.
/// </summary>
/// <remarks>
/// Exact, although it does not try every set: of locations with the same stock only as many of the cheapest are kept as a set may have, because another
/// one could be
/// exchanged for one of them at no more cost.
/// </remarks>
internal sealed class ExactOptimum
{
    private readonly int[] wanted;
    private readonly int[] target;
    private readonly Source[] sources;
    private readonly int rules;
    private long[]? best;

    private ExactOptimum(IReadOnlyCollection<Source> all, int[] demand, int size)
    {
        wanted = demand;
        target = Target(all, demand);
        rules = all.First().Costs.Length;
        sources = [.. all.GroupBy(source => string.Join(',', source.Stock)).SelectMany(same => same.Order(Cheapest).Take(size)).Order(Cheapest)];
    }

    private static IComparer<Source> Cheapest { get; } = Comparer<Source>.Create((left, right) =>
        left.Costs.AsSpan().SequenceCompareTo(right.Costs) is var order && order != 0 ? order : string.CompareOrdinal(left.Id, right.Id));

    /// <summary>How many locations, and the costs by each of the other rules; null when nothing can be placed, or it takes more locations than that.</summary>
    public static (int Locations, long[] Costs)? Find(IReadOnlyCollection<Source> all, int[] wanted, int locationsMax)
    {
        if (all.Count == 0 || Target(all, wanted).Sum() == 0)
            return null;
        for (var size = 1; size <= locationsMax; size++)
        {
            var search = new ExactOptimum(all, wanted, size);
            search.Choose(new Source[size], 0, 0, new int[wanted.Length]);
            if (search.best is { } costs)
                return (size, costs);
        }
        return null;
    }

    private static int[] Target(IReadOnlyCollection<Source> all, int[] wanted) =>
        [.. wanted.Select((pieces, line) => (int)Math.Min(pieces, all.Sum(source => (long)source.Stock[line])))];

    private void Choose(Source[] set, int depth, int from, int[] reached)
    {
        if (depth == set.Length)
        {
            if (target.Zip(reached).All(it => it.Second >= it.First))
                Compare(set);
            return;
        }
        for (var index = from; index <= sources.Length - (set.Length - depth); index++)
        {
            // The last one has to bring all that is still missing.
            if (depth == set.Length - 1 && !Completes(sources[index], reached))
                continue;
            set[depth] = sources[index];
            Choose(set, depth + 1, index + 1, [.. reached.Select((pieces, line) => pieces + sources[index].Stock[line])]);
        }
    }

    private bool Completes(Source source, int[] reached)
    {
        for (var line = 0; line < target.Length; line++)
            if (reached[line] + source.Stock[line] < target[line])
                return false;
        return true;
    }

    // The set is in the order of costs.
    private void Compare(Source[] set)
    {
        var costs = new long[rules];
        for (var line = 0; line < wanted.Length; line++)
        {
            var (open, whole) = (wanted[line], Array.Find(set, source => source.Stock[line] >= wanted[line]));
            foreach (var source in whole is null ? set : [whole])
            {
                var pieces = Math.Min(open, source.Stock[line]);
                open -= pieces;
                for (var rule = 0; rule < rules; rule++)
                    costs[rule] += pieces * source.Costs[rule];
            }
        }
        if (best is null || costs.AsSpan().SequenceCompareTo(best) < 0)
            best = costs;
    }
}
