using System.Collections.Immutable;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>The pieces asked for: what is compared when plans are made.</summary>
internal sealed class Demand
{
    public Demand(ImmutableArray<Pieces> lines)
    {
        Skus = [.. lines.Select(line => line.Sku).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Quantities = [.. Skus.Select(sku => lines.Where(line => line.Sku == sku).Sum(line => line.Quantity))];
        // Large lines first: what is left over then still fits the small ones whole.
        Lines = [.. lines.OrderByDescending(line => line.Quantity).ThenBy(line => line.Line)];
        SkuOfLine = [.. Lines.Select(line => Skus.IndexOf(line.Sku))];
        Total = Quantities.Sum();
    }

    public ImmutableArray<string> Skus { get; }

    /// <summary>By SKU, over all lines.</summary>
    public int[] Quantities { get; }

    /// <summary>In the order in which they are placed.</summary>
    public ImmutableArray<Pieces> Lines { get; }

    public int[] SkuOfLine { get; }

    public int Total { get; }
}

/// <summary>A location that may ship, and has something of what is asked for.</summary>
internal sealed class Candidate(Location location, int[] stock, long[] costs)
{
    public Location Location { get; } = location;

    /// <summary>By SKU, never more than is asked for.</summary>
    public int[] Stock { get; } = stock;

    /// <summary>Of one piece from here, by rule; what the strategy wants less of.</summary>
    public long[] Costs { get; } = costs;

    /// <summary>How many pieces it could ship on its own.</summary>
    public int Pieces { get; } = stock.Sum();

    public string Id => Location.LocationId;

    /// <summary>Cheapest piece first, the most important rule first of all; equals by id.</summary>
    public static int ByCosts(Candidate left, Candidate right)
    {
        var order = left.Costs.AsSpan().SequenceCompareTo(right.Costs);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}

internal static class Candidates
{
    /// <summary>Splits the locations into those that may ship something and those that may not, each with its reason.</summary>
    public static (List<Candidate> Candidates, List<(string LocationId, string Why)> Excluded) Find(
        RoutingRequest request, Surroundings around, Demand demand, IReadOnlyList<Rule> rules)
    {
        List<Candidate> candidates = [];
        List<(string, string)> excluded = [];
        var first = request.Attempt <= 1;
        var levels = demand.Skus.Select(sku => around.Stock.Of(sku)).ToArray();
        var shortages = request.Shortages.GroupBy(it => (it.Sku, it.LocationId)).ToDictionary(it => it.Key, it => it.Min(shortage => shortage.Available));

        foreach (var location in around.Network.Locations)
        {
            var why = !location.Details.Active ? ExclusionReasons.Inactive
                : request.ExcludedLocations.Contains(location.LocationId) ? ExclusionReasons.Declined
                : around.Loads.IsFull(location, around.Now) ? ExclusionReasons.AtCapacity
                : null;
            if (why is not null)
            {
                excluded.Add((location.LocationId, why));
                continue;
            }

            int[]? stock = null;
            for (var sku = 0; sku < levels.Length; sku++)
            {
                var available = levels[sku].TryGetValue(location.LocationId, out var level) ? level.For(first) : 0;
                if (available > 0 && shortages.TryGetValue((demand.Skus[sku], location.LocationId), out var known))
                    available = Math.Min(available, Math.Max(0, known));
                if (available > 0)
                    (stock ??= new int[levels.Length])[sku] = Math.Min(available, demand.Quantities[sku]);
            }
            if (stock is null)
                excluded.Add((location.LocationId, ExclusionReasons.NoStock));
            else
                candidates.Add(new(location, stock, [.. rules.Select(rule => rule.CostOf(location))]));
        }
        return (candidates, excluded);
    }
}
