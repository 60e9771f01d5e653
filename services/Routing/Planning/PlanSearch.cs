using System.Numerics;

namespace Oms.Routing.Planning;

/// <summary>So many pieces of a line, by its place in <see cref="Demand.Lines"/>, from a location.</summary>
internal readonly record struct Placed(Candidate Candidate, int Line, int Quantity);

/// <summary>
/// Finds the best plan among a few candidates by comparing all of them: every set of up to four locations that can place all that
/// can be placed at all; larger sets, smallest first, only when four are not enough.
/// </summary>
/// <remarks>
/// In a given set every piece comes from the cheapest location that has it. That is the best of the set, because costs belong to
/// the location and not to the piece; and a line is divided only when no location of the set has all of it.
/// </remarks>
internal sealed class PlanSearch
{
    /// <summary>More parcels than this nobody wants, so they are only looked at when there is no other way.</summary>
    private const int LocationsPreferredMax = 4;

    private readonly Demand demand;
    private readonly IReadOnlyList<Rule> rules;
    private readonly Candidate[] candidates;    // cheapest first
    private readonly int[] target;
    private readonly int[] placeInOrderOfIds;
    private readonly int[] left;                // stock while a set is tried: by candidate and SKU
    private readonly int[] reachable;           // pieces by SKU of the chosen so far: one row per depth
    private readonly int[] chosen;
    private readonly bool[] used;
    private readonly long[] costs;
    private readonly long[] bestCosts;
    private int[]? best;

    /// <param name="demand">What is asked for.</param>
    /// <param name="rules">Most important first.</param>
    /// <param name="candidates">Few enough to compare all: <see cref="Preselection.CandidatesMax"/>.</param>
    /// <param name="target">By SKU, the number of pieces that a plan must place.</param>
    public PlanSearch(Demand demand, IReadOnlyList<Rule> rules, IEnumerable<Candidate> candidates, int[] target)
    {
        (this.demand, this.rules, this.target) = (demand, rules, target);
        this.candidates = [.. candidates];
        Array.Sort(this.candidates, Candidate.ByCosts);
        var ids = this.candidates.Select(it => it.Id).Order(StringComparer.Ordinal).ToArray();
        placeInOrderOfIds = [.. this.candidates.Select(it => Array.BinarySearch(ids, it.Id, StringComparer.Ordinal))];
        left = new int[this.candidates.Length * target.Length];
        reachable = new int[(this.candidates.Length + 1) * target.Length];
        chosen = new int[this.candidates.Length];
        used = new bool[this.candidates.Length];
        costs = new long[rules.Count];
        bestCosts = new long[rules.Count];
    }

    /// <summary>The best plan. Together the candidates must reach the target.</summary>
    public List<Placed> Best()
    {
        var fewestFirst = rules is [{ CountsLocations: true }, ..];
        for (var size = 1; size <= candidates.Length; size++)
        {
            Choose(depth: 0, from: 0, size);
            if (best is not null && (fewestFirst || size >= LocationsPreferredMax))
                break;
        }
        return PlaceOn(best ?? throw new InvalidOperationException("The candidates do not reach the target."));
    }

    /// <summary>The plan that uses the candidates as they come, where they are too many to compare.</summary>
    public List<Placed> WithoutComparing() => PlaceOn([.. Enumerable.Range(0, candidates.Length)]);

    private void Choose(int depth, int from, int size)
    {
        if (depth == size)
        {
            if (Reaches(depth))
                Compare(size);
            return;
        }
        var skus = target.Length;
        for (var index = from; index <= candidates.Length - (size - depth); index++)
        {
            chosen[depth] = index;
            for (var sku = 0; sku < skus; sku++)
                reachable[(depth + 1) * skus + sku] = reachable[depth * skus + sku] + candidates[index].Stock[sku];
            Choose(depth + 1, index + 1, size);
        }
    }

    private bool Reaches(int depth)
    {
        for (var sku = 0; sku < target.Length; sku++)
            if (reachable[depth * target.Length + sku] < target[sku])
                return false;
        return true;
    }

    private void Compare(int size)
    {
        var set = chosen.AsSpan(0, size);
        // With a location that nothing comes from it is the same plan as without it, and that one has been seen.
        if (Place(set, plan: null) < size)
            return;
        for (var rule = 0; rule < rules.Count; rule++)
            if (rules[rule].CountsLocations)
                costs[rule] = size;

        var order = best is null ? -1 : costs.AsSpan().SequenceCompareTo(bestCosts);
        if (order > 0 || (order == 0 && !ComesFirst(set, best)))
            return;
        best = set.ToArray();
        costs.CopyTo(bestCosts, 0);
    }

    /// <summary>Equal by all rules: fewer locations, then the smaller ids.</summary>
    private bool ComesFirst(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        if (left.Length != right.Length)
            return left.Length < right.Length;
        var ids = InOrderOfIds(left);
        var differ = ids ^ InOrderOfIds(right);
        return (ids & (1u << BitOperations.TrailingZeroCount(differ))) != 0;
    }

    private uint InOrderOfIds(ReadOnlySpan<int> set)
    {
        var ids = 0u;
        foreach (var index in set)
            ids |= 1u << placeInOrderOfIds[index];
        return ids;
    }

    private List<Placed> PlaceOn(ReadOnlySpan<int> set)
    {
        List<Placed> plan = [];
        Place(set, plan);
        return plan;
    }

    /// <summary>Places all lines on the locations of the set, which are in the order of their costs.</summary>
    /// <returns>From how many of them something comes.</returns>
    private int Place(ReadOnlySpan<int> set, List<Placed>? plan)
    {
        var skus = target.Length;
        Array.Clear(costs);
        foreach (var index in set)
        {
            candidates[index].Stock.CopyTo(left, index * skus);
            used[index] = false;
        }

        var count = 0;
        for (var line = 0; line < demand.Lines.Length; line++)
        {
            var (sku, open) = (demand.SkuOfLine[line], demand.Lines[line].Quantity);
            var whole = -1;
            foreach (var index in set)
                if (left[index * skus + sku] >= open)
                {
                    whole = index;
                    break;
                }
            if (whole >= 0)
            {
                count += Take(whole, line, open, plan);
                continue;
            }
            foreach (var index in set)
            {
                var quantity = Math.Min(open, left[index * skus + sku]);
                if (quantity > 0)
                    count += Take(index, line, quantity, plan);
                open -= quantity;
            }
        }
        return count;
    }

    /// <returns>1 when it is the first that comes from this location.</returns>
    private int Take(int index, int line, int quantity, List<Placed>? plan)
    {
        left[index * target.Length + demand.SkuOfLine[line]] -= quantity;
        plan?.Add(new(candidates[index], line, quantity));
        for (var rule = 0; rule < costs.Length; rule++)
            costs[rule] += quantity * candidates[index].Costs[rule];
        if (used[index])
            return 0;
        used[index] = true;
        return 1;
    }
}
