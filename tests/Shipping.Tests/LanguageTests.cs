using JasperFx.Events;
using Oms.Contracts;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;
using Oms.Shipping.Integration;
using static Oms.Shipping.Tests.Given;
using V1 = Oms.Contracts.Shipping.V1;

namespace Oms.Shipping.Tests;

public sealed class StoredNames
{
    /// <summary>What has been stored under a name is read under it for ever: this list only grows.</summary>
    [Fact]
    public void never_change() => Facts.Of<IFulfillmentOrderEvent>().Concat(Facts.Of<IShipmentEvent>()).Select(Facts.StoredName).ShouldBe(
    [
        "fulfillment_order_accepted", "fulfillment_order_canceled", "fulfillment_order_canceled_before_creation", "fulfillment_order_cancellation_rejected",
        "fulfillment_order_created", "fulfillment_order_held", "fulfillment_order_hold_released", "fulfillment_order_rejected",
        "pieces_packed", "pieces_picked", "pieces_shipped",
        "shipment_delivered", "shipment_dispatched", "shipment_status_changed", "tracking_event_recorded",
    ]);
}

public sealed class PublishedLanguageTests
{
    private static readonly LineQuantity[] Everything = [new(1, "MUG", 3), new(2, "PLATE", 2)];

    private static object? Translate(object fact) => ShippingPublishedLanguage.Translate(new Event<object>(fact));

    [Fact]
    public void tells_how_a_fulfillment_order_begins_and_ends()
    {
        var created = Translate(Created).ShouldBeOfType<V1.FulfillmentOrderCreated>();
        (created.FulfillmentOrderId, created.OrderId, created.LocationId, created.ShipBy, created.CreatedAt)
            .ShouldBe((Id, Order, "nyc", Noon.AddDays(1), Noon));
        created.Lines.ShouldBe(Everything);

        var rejected = Translate(Rejected(All)).ShouldBeOfType<V1.FulfillmentOrderRejected>();
        (rejected.FulfillmentOrderId, rejected.OrderId, rejected.LocationId, rejected.ReservationId, rejected.Reason)
            .ShouldBe((Id, Order, "nyc", Reservation, "damaged"));
        rejected.Lines.ShouldBe(Everything);

        var canceled = Translate(Canceled(All)).ShouldBeOfType<V1.FulfillmentOrderCanceled>();
        (canceled.FulfillmentOrderId, canceled.OrderId, canceled.LocationId, canceled.ReservationId).ShouldBe((Id, Order, "nyc", Reservation));
        canceled.Lines.ShouldBe(Everything);

        Translate(new FulfillmentOrderCancellationRejected(Id, Order, "already_shipped", Noon))
            .ShouldBe(new V1.FulfillmentOrderCancellationRejected(Id, Order, "already_shipped", Noon));
    }

    [Fact]
    public void tells_what_becomes_of_a_parcel()
    {
        var dispatched = Translate(Dispatched).ShouldBeOfType<V1.ShipmentDispatched>();
        dispatched.ShouldBe(new(
            ShipmentId(0), Id, Order, "nyc", Reservation, dispatched.Lines, "sandbox", "Sandbox Ground", "9400000000000000000000", "SBX-1", true, Noon));
        dispatched.Lines.ShouldBe(Everything);
        Translate(new ShipmentStatusChanged(ShipmentId(0), Order, TrackingStatus.OutForDelivery, "soon", Noon))
            .ShouldBe(new V1.ShipmentStatusChanged(ShipmentId(0), Order, "out_for_delivery", "soon", Noon));
        var delivered = Translate(new ShipmentDelivered(ShipmentId(0), Id, Order, [.. All], Noon)).ShouldBeOfType<V1.ShipmentDelivered>();
        (delivered.ShipmentId, delivered.FulfillmentOrderId, delivered.OrderId, delivered.DeliveredAt).ShouldBe((ShipmentId(0), Id, Order, Noon));
        delivered.Lines.ShouldBe(Everything);
    }

    [Fact]
    public void keeps_the_rest_private()
    {
        foreach (var fact in new object[]
        {
            DoorShut, Accepted, Held(), Released(), Picked(AMug), Packed(null, AMug), Shipped(0, false, AMug),
            new TrackingEventRecorded(ShipmentId(0), new("e1", TrackingStatus.InTransit, "IT", null, null, Noon, Noon)),
        })
            Translate(fact).ShouldBeNull();
    }
}
