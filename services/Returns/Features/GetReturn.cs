using Marten;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public static class GetReturnSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/returns/{returnId:guid}", Handle)
        .WithName("GetReturn").Access(Scopes.ReturnsRead, Restrictions.All).Versioned()
        .WithSummary("A return: what comes back, why, and how far it is.")
        .Produces<ReturnView>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid returnId, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (caller.Own(await session.LoadAsync<Return>(returnId, token)) is not { } it)
            return Problems.From(ReturnRefusals.NotFound(returnId));
        http.SetETag(it.Version);
        return TypedResults.Ok(ReturnView.Of(it, it.Version));
    }
}
