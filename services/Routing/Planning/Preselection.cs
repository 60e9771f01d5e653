namespace Oms.Routing.Planning;

/// <summary>
/// Chooses, among many locations, the few whose plans are compared exactly. Not exact itself, but: whatever can be placed at all stays
/// placeable, the best single location is always among them, and so is the set that following the rules location by location leads to.
/// </summary>
internal static class Preselection
{
    /// <summary>Up to this many locations all plans are compared: some 1,500 sets.</summary>
    public const int CandidatesMax = 14;

    /// <summary>Leaves room for locations that are good by themselves.</summary>
    private const int CoverMax = 5;

    public static IReadOnlyList<Candidate> Choose(List<Candidate> candidates, IReadOnlyList<Rule> rules, Demand demand, int[] target)
    {
        if (candidates.Count <= CandidatesMax)
            return candidates;

        var byMerit = candidates.ToArray();
        Array.Sort(byMerit, (left, right) => ByMerit(left, right, rules, demand));
        var byCosts = candidates.ToArray();
        Array.Sort(byCosts, Candidate.ByCosts);

        var largest = CoverByLargest(byMerit, target);
        // It takes more locations than can be compared: then this is the plan, as small as one location after the other makes it.
        if (largest.Count > CandidatesMax)
            return largest;

        HashSet<Candidate> chosen = [.. largest];
        AddUpTo(CandidatesMax, byCosts.Where(it => it.Pieces == target.Sum()).Take(1));
        AddUpTo(CandidatesMax, CoverInOrder(byCosts, target).Take(CoverMax));
        for (var sku = 0; sku < target.Length; sku++)
        {
            var wanted = sku;
            AddUpTo(CandidatesMax - 1, byCosts.Where(it => it.Stock[wanted] == target[wanted]).Take(1));
        }
        AddUpTo(CandidatesMax, byMerit);
        return [.. chosen];

        void AddUpTo(int countMax, IEnumerable<Candidate> more)
        {
            foreach (var candidate in more)
            {
                if (chosen.Count >= countMax)
                    return;
                chosen.Add(candidate);
            }
        }
    }

    /// <summary>The order of the rules for a location on its own: where it counts locations, by what would be left for others.</summary>
    private static int ByMerit(Candidate left, Candidate right, IReadOnlyList<Rule> rules, Demand demand)
    {
        for (var rule = 0; rule < rules.Count; rule++)
        {
            var order = rules[rule].CountsLocations
                ? (demand.Total - left.Pieces).CompareTo(demand.Total - right.Pieces)
                : left.Costs[rule].CompareTo(right.Costs[rule]);
            if (order != 0)
                return order;
        }
        return string.CompareOrdinal(left.Id, right.Id);
    }

    /// <summary>Few locations that place all that can be placed: always the one that adds most, equals by merit.</summary>
    private static List<Candidate> CoverByLargest(Candidate[] byMerit, int[] target)
    {
        var (missing, open) = (target.ToArray(), byMerit.ToList());
        List<Candidate> cover = [];
        while (missing.Any(it => it > 0))
        {
            var largest = open.MaxBy(it => Adds(it, missing))!;
            open.Remove(largest);
            Add(cover, largest, missing);
        }
        return cover;
    }

    /// <summary>Every location that adds something, cheapest first, until nothing is missing.</summary>
    private static List<Candidate> CoverInOrder(Candidate[] byCosts, int[] target)
    {
        var missing = target.ToArray();
        List<Candidate> cover = [];
        foreach (var candidate in byCosts)
            if (Adds(candidate, missing) > 0)
                Add(cover, candidate, missing);
        return cover;
    }

    private static int Adds(Candidate candidate, int[] missing)
    {
        var adds = 0;
        for (var sku = 0; sku < missing.Length; sku++)
            adds += Math.Min(candidate.Stock[sku], missing[sku]);
        return adds;
    }

    private static void Add(List<Candidate> cover, Candidate candidate, int[] missing)
    {
        cover.Add(candidate);
        for (var sku = 0; sku < missing.Length; sku++)
            missing[sku] -= Math.Min(candidate.Stock[sku], missing[sku]);
    }
}
