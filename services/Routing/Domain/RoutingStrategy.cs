using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Routing.Domain;

public static class RuleTypes
{
    public const string MinimizeSplits = "minimize_splits";
    public const string StayInMarket = "stay_in_market";
    public const string RankedLocations = "ranked_locations";
    public const string Closest = "closest";

    public static readonly ImmutableArray<string> All = [MinimizeSplits, StayInMarket, RankedLocations, Closest];
}

/// <param name="Locations">Only for ranked_locations: best first. Without any, each location's own priority counts.</param>
public sealed record RoutingRule(string Type, bool Enabled, ImmutableArray<string> Locations)
{
    public bool IsSame(RoutingRule other) => Type == other.Type && Enabled == other.Enabled && Locations.SequenceEqual(other.Locations);
}

/// <summary>The merchant's rules, most important first. Every change is a new version; decisions name the one they were made by.</summary>
public sealed record RoutingStrategy : IFold<RoutingStrategy, IStrategyEvent>
{
    /// <summary>There is one strategy; this is its stream.</summary>
    public const string Key = "strategy";

    public string Id { get; init; } = Key;

    /// <summary>0 until a merchant has chosen.</summary>
    public int Version { get; init; }

    public ImmutableArray<RoutingRule> Rules { get; init; } = [];

    public DateTimeOffset? ChosenAt { get; init; }

    public static RoutingStrategy Default { get; } = new()
    {
        Rules = [.. RuleTypes.All.Select(type => new RoutingRule(type, Enabled: true, []))],
    };

    public static RoutingStrategy After(RoutingStrategy? state, IStrategyEvent happened) => happened switch
    {
        RoutingStrategyChosen e => (state ?? Default) with { Rules = e.Rules, ChosenAt = e.ChosenAt },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not a fact of the strategy."),
    };
}
