using Marten;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

public static class GetReturnSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/returns/{returnId:guid}", Handle)
        .WithName("GetReturn")
        .Produces<ReturnView>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid returnId, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (await session.LoadAsync<Return>(returnId, token) is not { } it)
            return Problems.From(ReturnRefusals.NotFound(returnId));
        http.SetETag(it.Version);
        return TypedResults.Ok(ReturnView.Of(it, it.Version));
    }
}
