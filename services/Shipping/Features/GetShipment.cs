using Marten;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public static class GetShipment
{
    public static void Map(IEndpointRouteBuilder shipments)
    {
        shipments.MapGet("/{id:guid}", Handle)
            .WithName("GetShipment").Access(Scopes.FulfillmentRead, Restrictions.All).Versioned()
            .WithSummary("A parcel and all that its carrier has told.")
            .Produces<ShipmentView>().ProducesProblem(404);
        shipments.MapGet("/{id:guid}/label", HandleLabel)
            .WithName("GetLabel").Access(Scopes.FulfillmentRead, Restrictions.Locations).Versioned()
            .WithSummary("Its label, in ZPL.")
            .Produces<string>(200, "text/plain").ProducesProblem(404);
    }

    private static async Task<IResult> Handle(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (caller.Own(await session.LoadAsync<Shipment>(id, token)) is not { } it)
            return Problems.From(ShippingRefusals.ShipmentNotFound(id));
        http.SetETag(it.Version);
        return TypedResults.Ok(ShipmentView.Of(it, it.Version));
    }

    private static async Task<IResult> HandleLabel(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        if (caller.Own(await session.LoadAsync<Shipment>(id, token)) is not { } it)
            return Problems.From(ShippingRefusals.ShipmentNotFound(id));
        http.SetETag(it.Version);
        return TypedResults.Text(ZplLabel.Render(it), "text/plain");
    }
}
