using Oms.Orders.Domain;
using static Oms.Orders.Tests.Process.Journey;
using OrderReleased = Oms.Contracts.Orders.V1.OrderReleased;

namespace Oms.Orders.Tests.Process;

public sealed class StraightPaths(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public Task from_placed_to_the_door() => Both(service, async it =>
    {
        var routing = await it.IsRouted();
        (routing.Attempt, routing.Lines.Sum(line => line.Quantity), routing.ShipTo.PostalCode, routing.ServiceLevel, routing.ShipComplete).ShouldBe((1, 5, "62701", "standard", false));
        var reserved = await it.IsReserved();
        reserved.Lines.Select(line => (line.Line, line.LocationId, line.Quantity)).ShouldBe([(1, "chicago", 3), (2, "chicago", 2)]);
        await it.Reaches("Fulfilling");
        var asked = await it.IsAskedToShip();
        (asked.ReservationId, asked.FulfillmentOrders.Count).ShouldBe((reserved.ReservationId, 1));
        var parcel = await it.Ships(asked, "chicago");
        await it.Reaches("Delivering");
        (await it.Order).Status.ShouldBe(OrderStatus.Shipped);
        await it.Notes<PaymentCaptured>();
        (await it.Order).Payment.Captured.ShouldBe(33m);
        await it.Arrives(parcel);
        await it.Reaches("Completed");
        (await it.Order).Status.ShouldBe(OrderStatus.Completed);
        (await it.Hear<Contracts.Orders.V1.OrderCompleted>()).CustomerId.ShouldBe((await it.Order).CustomerId);
    });

    [Fact]
    public Task from_two_locations_in_three_parcels() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 2), ("boston", 1, 1), ("boston", 2, 2));
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        asked.FulfillmentOrders.Select(order => order.FulfillmentOrderId).Distinct().Count().ShouldBe(2);
        var first = await it.Ships(asked, "boston", (1, 1), (2, 1));
        (await it.Order).Status.ShouldBe(OrderStatus.PartiallyShipped);
        await it.Arrives(first);
        var second = await it.Ships(asked, "chicago");
        await it.Reaches("Fulfilling");
        var third = await it.Ships(asked, "boston", (2, 1));
        await it.Reaches("Delivering");
        await it.Arrives(third);
        await it.Arrives(second);
        await it.Reaches("Completed");
        // The charge of shipping goes with the first parcel; the cent that does not divide by three with the first piece.
        (await it.Facts<PaymentCaptureRequested>()).Select(asked => asked.Amount).ShouldBe([5m + 3.34m + 9m, 6.66m, 9m]);
        (await it.Order).Payment.Captured.ShouldBe(33m);
    });

    [Fact]
    public Task delivered_before_the_news_of_leaving() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        var (first, second) = (it.Parcel(asked, "chicago", (1, 3)), it.Parcel(asked, "chicago", (2, 2)));
        await it.Arrives(first);
        (await it.Order).Line(1).ShouldSatisfyAllConditions(line => line.Shipped.ShouldBe(3), line => line.Delivered.ShouldBe(3));
        await it.Arrives(second);
        await it.Reaches("Completed");
        await it.TellInVain(first);
        await it.TellInVain(second);
    });

    [Fact]
    public Task declined() => Both(service, async it =>
    {
        await it.Reaches("Canceled");
        var order = await it.Order;
        (order.Status, order.Payment.DeclineReason, order.Lines.Sum(line => line.Canceled)).ShouldBe((OrderStatus.Canceled, "insufficient_funds", 5));
        (await it.Hear<Contracts.Orders.V1.OrderCanceled>()).Reason.ShouldBe("payment_declined");
        await it.Cancel(200);
    }, token: "tok_insufficient_funds");

    [Fact]
    public Task the_first_answer_about_the_money_is_lost() => Both(service, async it =>
    {
        await it.GoesThrough();
        (await it.Facts<PaymentAuthorized>()).Count.ShouldBe(1);
        (await it.Order).Payment.Captured.ShouldBe(33m);
    }, token: "tok_timeout_once");

    [Fact]
    public Task an_order_that_costs_nothing() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 1));
        await it.IsReserved();
        await it.GoesToTheDoor();
        (await it.Order).Payment.ShouldSatisfyAllConditions(
            payment => payment.Reference.ShouldBe("none"), payment => payment.Captured.ShouldBe(0m), payment => payment.IsCaptured.ShouldBeTrue(),
            payment => payment.IsVoidRequested.ShouldBeFalse());
    }, lines: [new { sku = "MUG", quantity = 1, unitPrice = 0 }], shipping: 0);

    [Fact]
    public Task held_for_risk_and_released() => Both(service, async it =>
    {
        (await it.Order).Holds.Select(hold => hold.Reason).ShouldBe(["high_risk_of_fraud"]);
        await it.Reaches("Held");
        (await it.Facts<PaymentAuthorizationRequested>()).ShouldBeEmpty();
        await it.Hold();
        await it.Release("high_risk_of_fraud");
        (await it.Order).Status.ShouldBe(OrderStatus.OnHold);
        await it.Release();
        await it.GoesThrough();
        (await it.Hear<OrderReleased>()).OrderId.ShouldBe(it.Id);
    }, lines: [new { sku = "MUG", quantity = 3, unitPrice = 20_000 }, new { sku = "PLATE", quantity = 2, unitPrice = 1 }]);

    [Fact]
    public Task held_while_it_is_being_routed() => Both(service, async it =>
    {
        await it.Reaches("Routing");
        await it.Hold();
        await it.IsRouted();
        await it.Reaches("Held");
        await it.Release();
        (await it.IsRouted()).Attempt.ShouldBe(2);
        await it.IsReserved();
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task held_while_it_is_being_reserved() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.Reaches("Reserving");
        await it.Hold();
        var reserved = await it.IsReserved();
        await it.Reaches("Held");
        (await it.Hear<Contracts.Inventory.V1.ReleaseStock>()).ShouldSatisfyAllConditions(
            asked => asked.ReservationId.ShouldBe(reserved.ReservationId), asked => asked.Lines.ShouldBeNull());
        await it.Release();
        await it.IsRouted();
        (await it.IsReserved()).ReservationId.ShouldNotBe(reserved.ReservationId);
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task held_before_it_is_paid_and_again() => Both(service, async it =>
    {
        await it.Reaches("Held");
        await it.Hold();
        await it.Release("high_risk_of_fraud");
        await it.Release();
        await it.Reaches("Routing");
        await it.Hold("address");
        // News of the first release, late: it is held again, for another reason.
        await it.IsRouted();
        await it.Reaches("Held");
        await it.TellInVain(new OrderReleased(it.Id, Given.Noon));
        await it.Reaches("Held");
        await it.Release("address");
        await it.IsRouted();
        await it.IsReserved();
        await it.GoesToTheDoor();
    }, lines: [new { sku = "MUG", quantity = 3, unitPrice = 20_000 }, new { sku = "PLATE", quantity = 2, unitPrice = 1 }]);
}
