using System.Collections.Immutable;

namespace Oms.Routing.Domain;

// Every fact of this service. Their stored names are frozen by a test.

public interface ILocationEvent;

public interface IMarketEvent;

public interface IStrategyEvent;

public interface IDecisionEvent;

public sealed record LocationRegistered(string LocationId, LocationDetails Details, DateTimeOffset RegisteredAt) : ILocationEvent;

public sealed record LocationRevised(string LocationId, LocationDetails Details, DateTimeOffset RevisedAt) : ILocationEvent;

public sealed record MarketDefined(string MarketId, MarketArea Area, DateTimeOffset DefinedAt) : IMarketEvent;

public sealed record MarketRedrawn(string MarketId, MarketArea Area, DateTimeOffset RedrawnAt) : IMarketEvent;

public sealed record RoutingStrategyChosen(ImmutableArray<RoutingRule> Rules, DateTimeOffset ChosenAt) : IStrategyEvent;

/// <param name="Unfillable">What could not be placed anywhere.</param>
public sealed record OrderRouted(
    Guid RoutingId, Guid OrderId, int Attempt, ImmutableArray<Assignment> Assignments, ImmutableArray<Pieces> Unfillable, Explanation Explanation,
    DateTimeOffset RoutedAt) : IDecisionEvent;

/// <param name="Reason">One of <see cref="UnroutableReasons"/>.</param>
public sealed record OrderUnroutable(
    Guid RoutingId, Guid OrderId, int Attempt, string Reason, ImmutableArray<Pieces> Unfillable, Explanation Explanation,
    DateTimeOffset DecidedAt) : IDecisionEvent;
