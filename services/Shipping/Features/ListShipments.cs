using Marten;
using Marten.Linq.MatchesSql;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public static class ListShipments
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/shipments", Handle)
            .WithTags("Shipments")
            .WithName("ListShipments").Access(Scopes.FulfillmentRead, Restrictions.All)
            .WithSummary("Parcels, oldest first; with trackingNumber, the parcel of that number.")
            .Produces<Page<ShipmentView>>().ProducesProblem(422);
        routes.MapGet("/v1/orders/{orderId:guid}/shipments", HandleOfOrder)
            .WithTags("Shipments")
            .WithName("ListShipmentsOfOrder").Access(Scopes.FulfillmentRead, Restrictions.All)
            .WithSummary("The parcels of one order, oldest first.")
            .Produces<Page<ShipmentView>>().ProducesProblem(422);
    }

    private static Task<IResult> Handle(
        string? trackingNumber, int? limit, string? after, Caller caller, IQuerySession session, CancellationToken token)
    {
        IQueryable<Shipment> shipments = session.Query<Shipment>();
        if (trackingNumber is null)
            return List(shipments, caller, limit, after, token);
        return TrackingNumbers.MayBe(trackingNumber)
            ? List(shipments.Where(it => it.TrackingNumber == trackingNumber), caller, limit, after, token)
            : Task.FromResult<IResult>(TypedResults.Ok(new Page<ShipmentView>([], null)));
    }

    private static Task<IResult> HandleOfOrder(
        Guid orderId, int? limit, string? after, Caller caller, IQuerySession session, CancellationToken token) =>
        List(session.Query<Shipment>().Where(it => it.OrderId == orderId), caller, limit, after, token);

    private static async Task<IResult> List(IQueryable<Shipment> shipments, Caller caller, int? limit, string? after, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        if (caller.Channels is { } channels)
            shipments = shipments.Where(it => it.Channel!.IsOneOf(channels.ToArray()));
        if (caller.Locations is { } locations)
            shipments = shipments.Where(it => it.LocationId.IsOneOf(locations.ToArray()));
        if (after is not null)
        {
            if (!Keyset.TryDecode(after, out var at, out var id))
                return Problems.From(Keyset.BadCursor);
            shipments = shipments.Where(it => it.MatchesSql("(d.dispatched_at, d.id) > (?, ?)", at, id));
        }
        var found = await shipments.OrderBy(it => it.DispatchedAt).ThenBy(it => it.Id).Take(size + 1).ToListAsync(token);
        var page = Keyset.Page(found, size, it => Keyset.Encode(it.DispatchedAt, it.Id));
        return TypedResults.Ok(new Page<ShipmentView>([.. page.Items.Select(it => ShipmentView.Of(it, it.Version))], page.Next));
    }
}
