using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Tests.Simulation;
using Order = Oms.Orders.Domain.Order;
using OrderHeld = Oms.Orders.Domain.OrderHeld;

namespace Oms.Orders.Tests.Process;

/// <summary>Whoever waits, waits with a deadline. How long is written here once more, so that nobody changes it by accident.</summary>
public sealed class WaitingTests
{
    private static readonly Dictionary<string, TimeSpan> Waits = new()
    {
        ["Held"] = TimeSpan.FromDays(30),
        ["Authorizing"] = TimeSpan.FromMinutes(2),
        ["Routing"] = TimeSpan.FromMinutes(1),
        ["Reserving"] = TimeSpan.FromMinutes(1),
        ["Backordered"] = TimeSpan.FromSeconds(2),                // at first
        ["Fulfilling"] = TimeSpan.FromDays(1),
        ["Canceling"] = TimeSpan.FromMinutes(1),
        ["Delivering"] = TimeSpan.FromMinutes(15),
    };

    private static readonly LineQuantity[] Everything = [new(1, "MUG", 3), new(2, "PLATE", 2)];

    private readonly FulfillmentState process;
    private Order order = Fold.All<Order, IOrderEvent>(PlaceOrderSlice.Decide(Given.Place, null, new()))!;
    private DateTimeOffset now = Given.Noon;

    public WaitingTests() => process = FulfillmentBeginning.Of(order, now);

    private void Tell(IOrderEvent fact) => order = Order.After(order, fact);

    private void Hear(object message)
    {
        now = now.AddSeconds(1);
        order = Machine.Consume(process, order, now, message).State;
    }

    private void Paid()
    {
        Tell(Given.ItWasPaid);
        Hear(new Contracts.Orders.V1.PaymentAuthorized(Given.Authorization, order.Id, Given.Reference, 33m, "USD", now));
    }

    private void Routed() => Hear(new Contracts.Routing.V1.OrderRouted(process.RoutingId, order.Id, [new("chicago", Everything, now)], [], now));

    private void Reserved() => Hear(new Contracts.Inventory.V1.StockReserved(process.ReservationId, order.Id, [], now));

    private void Shipped() => Hear(new ShipmentDispatched(
        Given.Parcel, order.FulfillmentOrders[0].Id, order.Id, "chicago", process.ReservationId, Everything, "ups", "ground", "1Z", "SSCC", true, now));

    private void IsIn(string state) => (process.CurrentState, process.DueAt - now).ShouldBe((state, Waits[state]));

    [Fact]
    public void every_state_that_is_not_final_waits() =>
        DiagramPage.States.Keys.Except(["Completed", "Canceled"]).ShouldBe(Waits.Keys, ignoreOrder: true);

    [Fact]
    public void on_the_way_to_the_door()
    {
        IsIn("Authorizing");
        Paid();
        IsIn("Routing");
        Routed();
        IsIn("Reserving");
        Reserved();
        IsIn("Fulfilling");
        Shipped();
        IsIn("Delivering");
        var capture = order.Payment.Captures.Single();
        Tell(Given.Captured(Given.Parcel, 33m) with { TransactionId = capture.TransactionId });
        Hear(new Contracts.Orders.V1.PaymentCaptured(capture.TransactionId, order.Id, null, "c", 33m, "USD", now));
        (process.CurrentState, process.DueAt - now).ShouldBe(("Delivering", TimeSpan.FromDays(7)));
        Hear(new ShipmentDelivered(Given.Parcel, Given.Chicago, order.Id, Everything, now));
        (process.CurrentState, process.DueAt).ShouldBe(("Completed", null));
    }

    [Fact]
    public void held_and_out_of_stock()
    {
        Paid();
        Hear(new Contracts.Routing.V1.OrderUnroutable(process.RoutingId, order.Id, "no_stock", Everything, now));
        IsIn("Backordered");
        Tell(new OrderHeld(order.Id, "review", null, now));
        Hear(new Contracts.Inventory.V1.BackorderReady(order.Backorders[0].Id, order.Id, Everything, now));
        IsIn("Held");
        FulfillmentBeginning.Of(order, now).ShouldSatisfyAllConditions(it => it.CurrentState.ShouldBe("Held"), it => it.DueAt.ShouldBe(now + Waits["Held"]));
    }

    [Fact]
    public void being_canceled()
    {
        Paid();
        Routed();
        Reserved();
        Tell(Given.CancellationWasAskedFor);
        Hear(new Contracts.Orders.V1.OrderCancellationRequested(order.Id, "changed my mind", now));
        IsIn("Canceling");
        Hear(new Contracts.Shipping.V1.FulfillmentOrderCanceled(order.FulfillmentOrders[0].Id, order.Id, "chicago", process.ReservationId, Everything, now));
        (process.CurrentState, process.DueAt).ShouldBe(("Canceled", null));
    }

    [Fact]
    public void being_canceled_before_it_is_known_whether_it_is_paid()
    {
        Tell(Given.CancellationWasAskedFor);
        Hear(new Contracts.Orders.V1.OrderCancellationRequested(order.Id, "changed my mind", now));
        IsIn("Canceling");
    }
}
