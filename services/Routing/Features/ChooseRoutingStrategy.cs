using System.Collections.Immutable;
using Marten;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

/// <param name="KnownLocations">Of the locations that the rules name, those that exist.</param>
public sealed record ChooseRoutingStrategy(ChooseRoutingStrategy.Body Strategy, IReadOnlySet<string> KnownLocations, DateTimeOffset At)
{
    public const int RulesMax = 10;
    public const int LocationsMax = 1_000;

    /// <summary>The same rules again are no new version.</summary>
    public static Decision<IStrategyEvent> Decide(ChooseRoutingStrategy command, RoutingStrategy? strategy)
    {
        if (Check(command) is { } refusal)
            return refusal;
        var rules = command.Strategy.ToRules();
        return strategy is not null && strategy.Rules.Length == rules.Length && strategy.Rules.Zip(rules).All(it => it.First.IsSame(it.Second))
            ? []
            : [new RoutingStrategyChosen(rules, command.At)];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v1/routing-strategy", Handle)
        .WithName("ChooseRoutingStrategy").Access(Scopes.RoutingWrite).Versioned().WithTags("Routing strategy")
        .WithSummary("Chooses the rules by which orders are routed, most important first: a new version, used from the next order on.")
        .WithExample(new Body([.. RuleTypes.All.Select(type => new RuleBody(type))]))
        .Produces<StrategyView>().ProducesProblem(412).ProducesProblem(422);

    private static Task<IResult> Handle(Body body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var listed = (body.Rules ?? []).Take(RulesMax).SelectMany(rule => (rule?.Locations ?? []).Take(LocationsMax))
                .Where(LocationId.IsValid).Select(id => Location.Key(id!)).Distinct(StringComparer.Ordinal).ToArray();
            var known = (await session.LoadManyAsync<Location>(token, listed)).Select(it => it.LocationId).ToHashSet(StringComparer.Ordinal);
            var command = new ChooseRoutingStrategy(body, known, clock.GetUtcNow());
            var decided = await session.Decide<RoutingStrategy, IStrategyEvent>(
                RoutingStrategy.Key, strategy => Decide(command, strategy), token, http.Precondition());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            return TypedResults.Ok(StrategyView.Of(decided.State!, decided.Version));
        }, token);

    private static Refusal? Check(ChooseRoutingStrategy command)
    {
        var (complaints, rules) = (new Complaints(), command.Strategy.Rules ?? []);
        complaints.If(rules.Count is < 1 or > RulesMax, "rules", $"has 1 to {RulesMax} entries");
        for (var index = 0; index < Math.Min(rules.Count, RulesMax); index++)
        {
            var (rule, path) = (rules[index], $"rules[{index}]");
            var locations = rule?.Locations ?? [];
            complaints
                .If(!RuleTypes.All.Contains(rule?.Type ?? ""), $"{path}.type", $"is one of {string.Join(", ", RuleTypes.All)}")
                // Ranked lists may follow one another; of the others a second one could never decide anything.
                .If(rule?.Type != RuleTypes.RankedLocations && rules.Take(index).Any(it => it?.Type == rule?.Type), $"{path}.type", "is there already")
                .If(locations.Count > 0 && rule?.Type != RuleTypes.RankedLocations, $"{path}.locations", $"belongs to {RuleTypes.RankedLocations} only")
                .If(locations.Count > LocationsMax, $"{path}.locations", $"has at most {LocationsMax} entries");
            for (var at = 0; at < Math.Min(locations.Count, LocationsMax); at++)
                complaints.If(!command.KnownLocations.Contains(locations[at] ?? ""), $"{path}.locations[{at}]", "is not a location; register it first");
            complaints.If(locations.Distinct(StringComparer.Ordinal).Count() < locations.Count, $"{path}.locations", "names a location twice");
        }
        return complaints.ToRefusal(RoutingRefusals.InvalidStrategy, "The strategy cannot be used as it is described.");
    }

    public sealed record Body(IReadOnlyList<RuleBody?>? Rules = null)
    {
        internal ImmutableArray<RoutingRule> ToRules() =>
            [.. (Rules ?? []).OfType<RuleBody>().Select(rule => new RoutingRule(rule.Type!, rule.Enabled, [.. (rule.Locations ?? []).OfType<string>()]))];
    }

    public sealed record RuleBody(string? Type = null, bool Enabled = true, IReadOnlyList<string?>? Locations = null);
}

public sealed record StrategyView(long Version, ImmutableArray<RuleView> Rules, DateTimeOffset? ChosenAt)
{
    public static StrategyView Of(RoutingStrategy strategy, long version) => new(
        version,
        [.. strategy.Rules.Select(it => new RuleView(it.Type, it.Enabled, it.Type == RuleTypes.RankedLocations ? it.Locations : null))],
        strategy.ChosenAt);
}

public sealed record RuleView(string Type, bool Enabled, IReadOnlyList<string>? Locations);
