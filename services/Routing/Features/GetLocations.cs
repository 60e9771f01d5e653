using Marten;
using Marten.Linq.MatchesSql;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class GetLocations
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/locations/{locationId}", One)
            .WithName("GetLocation").Access(Scopes.LocationsRead, Restrictions.All).Versioned()
            .WithTags("Locations").WithSummary("One location.").Produces<LocationView>().ProducesProblem(404);
        routes.MapGet("/v1/locations", All)
            .WithName("ListLocations").Access(Scopes.LocationsRead, Restrictions.All)
            .WithTags("Locations").WithSummary("All locations, by id.").Produces<Page<LocationView>>().ProducesProblem(422);
    }

    private static async Task<IResult> One(string locationId, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        var location = Kernel.LocationId.IsValid(locationId) ? await session.LoadAsync<Location>(Location.Key(locationId), token) : null;
        if (location is null || !caller.SeesLocation(locationId))
            return Problems.From(RoutingRefusals.LocationNotFound(locationId));
        http.SetETag(location.Version);
        return TypedResults.Ok(LocationView.Of(location, location.Version));
    }

    private static async Task<IResult> All(Caller caller, IQuerySession session, CancellationToken token, int? limit = null, string? after = null)
    {
        if (Keyset.Limit(limit) is not { } count)
            return Problems.From(Keyset.BadLimit);
        var last = "";
        if (after is not null && (Keyset.Decode(after, 1) is not [var position] || !Kernel.LocationId.IsValid(last = position)))
            return Problems.From(Keyset.BadCursor);

        var query = session.Query<Location>().Where(it => it.MatchesSql("d.id > ?", Location.Key(last)));
        if (caller.Locations is { } own)
            query = query.Where(it => it.Id.IsOneOf(own.Select(Location.Key).ToArray()));
        var items = await query
            .OrderBy(it => it.Id).Take(count + 1).ToListAsync(token);
        return TypedResults.Ok(Keyset.Page([.. items.Select(it => LocationView.Of(it, it.Version))], count, it => Keyset.Encode(it.LocationId)));
    }
}
