using Marten;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public static class GetFulfillmentOrder
{
    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapGet("/{id:guid}", Handle)
        .WithName("GetFulfillmentOrder").Access(Scopes.FulfillmentRead, Restrictions.All).Versioned()
        .WithSummary("What one location is asked to ship of one order, and how far it is.")
        .Produces<FulfillmentOrderView>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (caller.Own(await session.LoadAsync<FulfillmentOrder>(id, token)) is not { CreatedAt: not null } it)
            return Problems.From(ShippingRefusals.NotFound(id));
        http.SetETag(it.Version);
        return TypedResults.Ok(FulfillmentOrderView.Of(it, it.Version));
    }
}
