using Marten;
using Marten.Linq.MatchesSql;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class GetMarkets
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/markets/{marketId}", One)
            .WithName("GetMarket")
            .Access(Scopes.LocationsRead, Restrictions.Channels).Versioned()
            .WithTags("Markets").WithSummary("One market.").Produces<MarketView>().ProducesProblem(404);
        routes.MapGet("/v1/markets", All)
            .WithName("ListMarkets")
            .Access(Scopes.LocationsRead, Restrictions.Channels)
            .WithTags("Markets").WithSummary("All markets, by id.").Produces<Page<MarketView>>().ProducesProblem(422);
    }

    private static async Task<IResult> One(string marketId, HttpContext http, IQuerySession session, CancellationToken token)
    {
        var market = MarketIds.IsValid(marketId) ? await session.LoadAsync<Market>(Market.Key(marketId), token) : null;
        if (market is null)
            return Problems.From(RoutingRefusals.MarketNotFound(marketId));
        http.SetETag(market.Version);
        return TypedResults.Ok(MarketView.Of(market, market.Version));
    }

    private static async Task<IResult> All(IQuerySession session, CancellationToken token, int? limit = null, string? after = null)
    {
        if (Keyset.Limit(limit) is not { } count)
            return Problems.From(Keyset.BadLimit);
        var last = "";
        if (after is not null && (Keyset.Decode(after, 1) is not [var position] || !MarketIds.IsValid(last = position)))
            return Problems.From(Keyset.BadCursor);

        var items = await session.Query<Market>().Where(it => it.MatchesSql("d.id > ?", Market.Key(last)))
            .OrderBy(it => it.Id).Take(count + 1).ToListAsync(token);
        return TypedResults.Ok(Keyset.Page([.. items.Select(it => MarketView.Of(it, it.Version))], count, it => Keyset.Encode(it.MarketId)));
    }
}
