using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Orders.Domain;
using static Oms.Orders.Tests.Process.Journey;

namespace Oms.Orders.Tests.Process;

/// <summary>In every state: what has not left is stopped, what was taken is given back, what has shipped stays shipped.</summary>
public sealed class CancellationPaths(OrderFixture service) : IClassFixture<OrderFixture>
{
    private static async Task WasCanceled(Journey it, bool voided = true)
    {
        await it.Reaches("Canceled");
        await it.Cancel(200);
        var order = await it.Order;
        (order.Status, order.CancellationReason, order.Lines.Sum(line => line.Canceled)).ShouldBe((OrderStatus.Canceled, "changed my mind", 5));
        order.Payment.IsVoidRequested.ShouldBe(voided);
        (await it.Hear<Contracts.Orders.V1.OrderCanceled>()).Reason.ShouldBe("changed my mind");
    }

    [Fact]
    public Task while_it_is_held() => Both(service, async it =>
    {
        await it.Cancel();
        await WasCanceled(it, voided: false);
        await it.Release("high_risk_of_fraud");                 // changes nothing any more
        await it.Reaches("Canceled");
    }, lines: [new { sku = "MUG", quantity = 3, unitPrice = 20_000 }, new { sku = "PLATE", quantity = 2, unitPrice = 1 }]);

    [Fact]
    public Task while_it_is_held_after_it_was_paid() => Both(service, async it =>
    {
        await it.Reaches("Routing");
        await it.Hold();
        await it.IsRouted();
        await it.Reaches("Held");
        await it.Cancel();
        await WasCanceled(it);
    });

    [Fact]
    public Task while_its_payment_is_being_authorized() => Both(service, async it =>
    {
        await it.Cancel();
        await it.Reaches("Canceling");
        service.Authorize(it.Id);
        await WasCanceled(it);
        (await it.Order).Payment.Authorized.ShouldBe(33m);
    }, token: SlowGateway.Token);

    [Fact]
    public Task while_its_payment_is_being_authorized_and_then_declined() => Both(service, async it =>
    {
        await it.Reaches("Authorizing");
        await it.Hold();
        await it.Cancel();
        await it.Reaches("Canceling");
        await it.Tell(new Contracts.Orders.V1.PaymentDeclined(Guid.CreateVersion7(), it.Id, "card_declined", Given.Noon));
        await WasCanceled(it, voided: false);
        service.Authorize(it.Id);
        await it.Notes<PaymentVoided>();
    }, token: SlowGateway.Token);

    [Fact]
    public Task while_it_is_being_routed() => Both(service, async it =>
    {
        await it.Reaches("Routing");
        await it.Cancel();
        await WasCanceled(it);
        await it.IsRouted();                                    // old news
        await it.Reaches("Canceled");
    });

    [Fact]
    public Task while_it_is_being_reserved() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.Reaches("Reserving");
        await it.Cancel();
        await WasCanceled(it);
        var released = await it.Hear<ReleaseStock>();
        released.Lines.ShouldBeNull();
        (await it.IsReserved()).ReservationId.ShouldBe(released.ReservationId);
        await it.Reaches("Canceled");
    });

    [Fact]
    public Task while_it_waits_for_stock() => Both(service, async it =>
    {
        await it.IsUnroutable();
        await it.Reaches("Backordered");
        await it.Cancel();
        await WasCanceled(it);
        var queued = await it.Hear<QueueBackorder>();
        (await it.Hear<CancelBackorder>()).BackorderId.ShouldBe(queued.BackorderId);
        await it.StockArrives(queued);
        await it.Reaches("Canceled");
    });

    [Fact]
    public Task while_locations_work_on_it() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 3), ("boston", 2, 2));
        var reserved = await it.IsReserved();
        var asked = await it.IsAskedToShip();
        await it.Cancel();
        (await it.Hear<CancelFulfillmentOrders>()).FulfillmentOrderIds.Count.ShouldBe(2);
        await it.Reaches("Canceling");
        await it.Cancel();
        await it.Stops(asked, "chicago");
        await it.Rejects(asked, "boston");                      // says no at the same moment
        await WasCanceled(it);
        foreach (var _ in asked.FulfillmentOrders)
            (await it.Hear<ReleaseStock>()).ReservationId.ShouldBe(reserved.ReservationId);
    });

    [Fact]
    public Task the_parcel_wins_the_race() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        await it.Cancel();
        await it.Reaches("Canceling");
        var parcel = await it.Ships(asked, "chicago");
        await it.Reaches("Delivering");
        (await it.Facts<OrderCancellationRejected>()).Single().Reason.ShouldBe("order-already-shipped");
        (await it.Order).CancellationReason.ShouldBeNull();
        await it.Arrives(parcel);
        await it.Reaches("Completed");
        (await it.Order).Payment.Captured.ShouldBe(33m);
    });

    [Fact]
    public Task one_parcel_wins_the_race_and_the_other_is_stopped() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 3), ("boston", 2, 2));
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        await it.Cancel();
        await it.Reaches("Canceling");
        var parcel = await it.Ships(asked, "chicago");
        await it.Stops(asked, "boston");
        await it.Reaches("Delivering");
        (await it.Hear<Contracts.Orders.V1.OrderFulfilled>()).CanceledLines.ShouldBe([new(2, "PLATE", 2)]);
        await it.Arrives(parcel);
        await it.Reaches("Completed");
        (await it.Order).Payment.ShouldSatisfyAllConditions(
            payment => payment.Captured.ShouldBe(15m), payment => payment.IsVoidRequested.ShouldBeTrue(), payment => payment.Authorized.ShouldBe(33m));
        (await it.Facts<OrderCancellationRejected>()).ShouldBeEmpty();
    });

    /// <summary>A location stops what it has not sent; the news of the parcel that it had sent is slower, and the stop is said twice.</summary>
    [Fact]
    public Task a_parcel_had_left_before_the_rest_was_stopped() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        var parcel = it.Parcel(asked, "chicago", (1, 2));
        await it.Cancel();
        await it.Reaches("Canceling");
        await it.Stops(asked, "chicago", (1, 1), (2, 2));
        await it.Stops(asked, "chicago", (1, 1), (2, 2));
        await it.Reaches("Canceling");
        await it.Tell(parcel);
        await it.Reaches("Delivering");
        await it.Arrives(parcel);
        await it.Reaches("Completed");
        (await it.Order).Line(1).ShouldSatisfyAllConditions(line => line.Shipped.ShouldBe(2), line => line.Canceled.ShouldBe(1));
    });

    [Fact]
    public Task when_a_part_has_shipped_only_the_rest_is_canceled() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 3));
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        await it.Arrives(await it.Ships(asked, "chicago"));
        await it.Reaches("Backordered");
        await it.Notes<PaymentCaptured>();
        await it.Cancel();
        // All that left has arrived, and its money is here.
        await it.Reaches("Completed");
        (await it.Hear<CancelBackorder>()).OrderId.ShouldBe(it.Id);
        var order = await it.Order;
        (order.Status, order.Line(1).Delivered, order.Line(2).Canceled, order.Payment.Captured).ShouldBe((OrderStatus.Completed, 3, 2, 15m));
    });

    [Fact]
    public Task what_is_on_its_way_is_refused() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var parcel = await it.Ships(await it.IsAskedToShip(), "chicago");
        await it.Reaches("Delivering");
        await it.Cancel(409);
        await it.Arrives(parcel);
        await it.Reaches("Completed");
        await it.Cancel(409);
        (await it.Order).CancellationReason.ShouldBeNull();
    });
}
