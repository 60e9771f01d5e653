using System.Collections.Immutable;
using Marten;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class GetRoutingDecision
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/orders/{orderId:guid}/routing-decision", Handle)
        .WithName("GetRoutingDecision").Access(Scopes.RoutingRead).Versioned().WithTags("Routing decisions")
        .WithSummary("Where an order was routed to and why: the last time, or in one attempt. Every attempt is kept.")
        .Produces<View>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid orderId, HttpContext http, IQuerySession session, CancellationToken token, int? attempt = null)
    {
        var attempts = (await session.Query<RoutingDecision>().Where(it => it.OrderId == orderId).ToListAsync(token))
            .OrderBy(it => it.DecidedAt).ThenBy(it => it.Attempt).ThenBy(it => it.RoutingId).ToArray();
        if (attempts.LastOrDefault(it => attempt is null || it.Attempt == attempt) is not { } asked)
            return Problems.From(RoutingRefusals.DecisionNotFound(orderId, attempt));

        var facts = await session.Events.FetchStreamAsync(asked.Id, token: token);
        // A decision never changes; what was decided besides it does.
        http.SetETag(attempts.Length);
        return TypedResults.Ok(View.Of(
            (IDecisionEvent)facts[0].Data,
            [.. attempts.Select(it => new AttemptView(it.RoutingId, it.Attempt, Told(it.Routed), it.DecidedAt))]));
    }

    private static string Told(bool routed) => routed ? "routed" : "unroutable";

    /// <param name="Outcome">routed or unroutable.</param>
    /// <param name="Reason">Why it is unroutable: no_location, no_stock or ship_complete.</param>
    public sealed record View(
        Guid OrderId, Guid RoutingId, int Attempt, string Outcome, string? Reason, int StrategyVersion, DateTimeOffset DecidedAt, string ServiceLevel,
        bool ShipComplete, Destination Destination, ImmutableArray<Assignment> Assignments, ImmutableArray<Pieces> Unfillable,
        ImmutableArray<RuleRanking> Rules, IReadOnlyList<ExcludedView> Excluded, ImmutableArray<AttemptView> Attempts)
    {
        public static View Of(IDecisionEvent decision, ImmutableArray<AttemptView> attempts)
        {
            var (orderId, routingId, attempt, reason, at, why, unfillable, assignments) = decision switch
            {
                OrderRouted e => (e.OrderId, e.RoutingId, e.Attempt, null, e.RoutedAt, e.Explanation, e.Unfillable, e.Assignments),
                OrderUnroutable e => (e.OrderId, e.RoutingId, e.Attempt, e.Reason, e.DecidedAt, e.Explanation, e.Unfillable, ImmutableArray<Assignment>.Empty),
                _ => throw new InvalidOperationException($"{decision.GetType().Name} is not a decision."),
            };
            return new(
                orderId, routingId, attempt, Told(decision is OrderRouted), reason, why.StrategyVersion, at,
                why.ServiceLevel, why.ShipComplete, why.Destination, assignments, unfillable, why.Rules,
                [
                    .. why.Excluded.SelectMany(it => it.Locations.Select(id => new ExcludedView(id, it.Why)))
                        .OrderBy(it => it.LocationId, StringComparer.Ordinal),
                ],
                attempts);
        }
    }

    public sealed record ExcludedView(string LocationId, string Why);

    public sealed record AttemptView(Guid RoutingId, int Attempt, string Outcome, DateTimeOffset DecidedAt);
}
