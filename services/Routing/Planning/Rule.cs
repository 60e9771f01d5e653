using System.Collections.Immutable;
using System.Globalization;
using Oms.Kernel;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>One of the merchant's rules, applied to one order.</summary>
/// <remarks>Costs are whole numbers, meters and places and zeros and ones, so that sums never depend on the order of adding.</remarks>
internal abstract record Rule(string Type)
{
    /// <summary>Behind every place that a merchant has given.</summary>
    public const int NoPriority = 1_000_000;

    /// <summary>Whether it counts locations instead of pieces.</summary>
    public virtual bool CountsLocations => false;

    /// <summary>What it costs by this rule to ship one piece from there.</summary>
    public abstract long CostOf(Location location);

    /// <summary>What people see: the number that was compared, and its reason.</summary>
    public abstract (double? Value, string Why) Explain(Candidate candidate, Demand demand);

    /// <summary>Locations in the order of the rule.</summary>
    public RuleRanking Rank(IReadOnlyList<Candidate> candidates, Demand demand)
    {
        var ordered = candidates.Select(it => (Candidate: it, Key: RankKey(it)))
            .OrderBy(it => it.Key).ThenBy(it => it.Candidate.Id, StringComparer.Ordinal).ToArray();
        var ranking = ImmutableArray.CreateBuilder<RankedLocation>(ordered.Length);
        for (var index = 0; index < ordered.Length; index++)
        {
            var rank = index > 0 && ordered[index].Key == ordered[index - 1].Key ? ranking[index - 1].Rank : index + 1;
            var (value, why) = Explain(ordered[index].Candidate, demand);
            ranking.Add(new(ordered[index].Candidate.Id, rank, value, why));
        }
        return new(Type, ranking.MoveToImmutable());
    }

    protected virtual long RankKey(Candidate candidate) => CostOf(candidate.Location);

    /// <summary>The enabled rules of the strategy, most important first.</summary>
    public static IReadOnlyList<Rule> For(RoutingRequest request, Surroundings around, Market? market) =>
    [
        .. around.Network.Strategy.Rules.Where(rule => rule.Enabled).Select(rule => (Rule)(rule.Type switch
        {
            RuleTypes.MinimizeSplits => new MinimizeSplits(),
            RuleTypes.StayInMarket => new StayInMarket(market, request.ShipTo.Country),
            RuleTypes.RankedLocations => new RankedLocations(rule.Locations),
            RuleTypes.Closest => new Closest(around.Destination),
            _ => throw new InvalidOperationException($"{rule.Type} is not a routing rule."),
        })),
    ];

    private sealed record MinimizeSplits() : Rule(RuleTypes.MinimizeSplits)
    {
        public override bool CountsLocations => true;

        public override long CostOf(Location location) => 0;

        public override (double? Value, string Why) Explain(Candidate candidate, Demand demand) =>
            (candidate.Pieces, $"has {candidate.Pieces} of {demand.Total} pieces");

        protected override long RankKey(Candidate candidate) => -candidate.Pieces;
    }

    private sealed record StayInMarket(Market? Market, string Country) : Rule(RuleTypes.StayInMarket)
    {
        public override long CostOf(Location location) => Network.IsInside(location.Details, Market, Country) ? 0 : 1;

        public override (double? Value, string Why) Explain(Candidate candidate, Demand demand)
        {
            var cost = CostOf(candidate.Location);
            var where = Market is null ? $"{Country}, which no market covers" : $"market {Market.MarketId}";
            return (cost, $"{(cost == 0 ? "inside" : "outside")} {where}");
        }
    }

    private sealed record RankedLocations(ImmutableArray<string> Ranked) : Rule(RuleTypes.RankedLocations)
    {
        private readonly Dictionary<string, int> places =
            Ranked.Select((id, index) => (Id: id, Place: index + 1)).ToDictionary(it => it.Id, it => it.Place, StringComparer.Ordinal);

        public override long CostOf(Location location) => places.TryGetValue(location.LocationId, out var place)
            ? place
            : Ranked.Length + (location.Details.Priority ?? NoPriority);

        public override (double? Value, string Why) Explain(Candidate candidate, Demand demand)
        {
            if (places.TryGetValue(candidate.Id, out var place))
                return (place, $"number {place} of the rule's own list");
            return candidate.Location.Details.Priority is { } priority
                ? (Ranked.Length + priority, $"priority {priority}{(Ranked.IsEmpty ? "" : ", behind the rule's own list")}")
                : (null, "neither listed nor given a priority");
        }
    }

    private sealed record Closest(GeoPoint? Destination) : Rule(RuleTypes.Closest)
    {
        public override long CostOf(Location location) =>
            Destination is null ? 0 : (long)Math.Round(location.Details.Coordinates.DistanceKmTo(Destination) * 1_000);

        public override (double? Value, string Why) Explain(Candidate candidate, Demand demand)
        {
            if (Destination is null)
                return (null, "nobody knows where the destination is, so all are equal");
            var km = CostOf(candidate.Location) / 1_000d;
            return (km, string.Create(CultureInfo.InvariantCulture, $"{km:0.0} km from the destination"));
        }
    }
}
