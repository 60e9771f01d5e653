using Marten;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class GetRoutingStrategy
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/routing-strategy", Current)
            .WithName("GetRoutingStrategy").Access(Scopes.RoutingRead).Versioned().WithTags("Routing strategy")
            .WithSummary("The rules in use. Version 0 is what holds until somebody has chosen.").Produces<StrategyView>();
        routes.MapGet("/v1/routing-strategy/versions/{version:int}", AtVersion)
            .WithName("GetRoutingStrategyVersion").Access(Scopes.RoutingRead).Versioned().WithTags("Routing strategy")
            .WithSummary("The rules as they were in a version that a decision names.").Produces<StrategyView>().ProducesProblem(404);
    }

    private static async Task<IResult> Current(HttpContext http, IQuerySession session, CancellationToken token)
    {
        var strategy = await session.LoadAsync<RoutingStrategy>(RoutingStrategy.Key, token) ?? RoutingStrategy.Default;
        http.SetETag(strategy.Version);
        return TypedResults.Ok(StrategyView.Of(strategy, strategy.Version));
    }

    private static async Task<IResult> AtVersion(int version, HttpContext http, IQuerySession session, CancellationToken token)
    {
        // Each fact holds all rules, so one is enough.
        var facts = version < 1 ? [] : await session.Events.FetchStreamAsync(RoutingStrategy.Key, version: version, fromVersion: version, token: token);
        var strategy = version == 0 ? RoutingStrategy.Default : Fold.All<RoutingStrategy, IStrategyEvent>(facts.Select(it => (IStrategyEvent)it.Data));
        if (strategy is null)
            return Problems.From(RoutingRefusals.StrategyVersionNotFound(version));
        http.SetETag(version);
        return TypedResults.Ok(StrategyView.Of(strategy, version));
    }
}
