using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.ServiceDefaults;

namespace Oms.Orders.Fulfillment;

/// <summary>The states of the process, the messages it hears, and which of them are old news in which state.</summary>
public sealed partial class FulfillmentProcess
{
    /// <summary>People must look at it, or somebody wants it to wait.</summary>
    public State Held { get; private set; } = null!;

    /// <summary>The payment gateway is asked whether the money is there.</summary>
    public State Authorizing { get; private set; } = null!;

    /// <summary>Routing is asked where the open pieces should ship from.</summary>
    public State Routing { get; private set; } = null!;

    /// <summary>Inventory is asked for the pieces of the plan.</summary>
    public State Reserving { get; private set; } = null!;

    /// <summary>Nobody has what is still missing: it waits in Inventory's queue.</summary>
    public State Backordered { get; private set; } = null!;

    /// <summary>Locations are picking and packing; some pieces may be backordered meanwhile.</summary>
    public State Fulfilling { get; private set; } = null!;

    /// <summary>What has not left is being stopped.</summary>
    public State Canceling { get; private set; } = null!;

    /// <summary>Everything that will ship has left; parcels and money are on their way.</summary>
    public State Delivering { get; private set; } = null!;

    public State Completed { get; private set; } = null!;

    public State Canceled { get; private set; } = null!;

    public Event<OrderReleased> OrderReleased { get; private set; } = null!;

    public Event<OrderCancellationRequested> OrderCancellationRequested { get; private set; } = null!;

    public Event<PaymentAuthorized> PaymentAuthorized { get; private set; } = null!;

    public Event<PaymentDeclined> PaymentDeclined { get; private set; } = null!;

    public Event<PaymentCaptured> PaymentCaptured { get; private set; } = null!;

    public Event<OrderRouted> OrderRouted { get; private set; } = null!;

    public Event<OrderUnroutable> OrderUnroutable { get; private set; } = null!;

    public Event<StockReserved> StockReserved { get; private set; } = null!;

    public Event<StockReservationRejected> StockReservationRejected { get; private set; } = null!;

    public Event<FulfillmentOrderRejected> FulfillmentOrderRejected { get; private set; } = null!;

    public Event<FulfillmentOrderCanceled> FulfillmentOrderCanceled { get; private set; } = null!;

    public Event<ShipmentDispatched> ShipmentDispatched { get; private set; } = null!;

    public Event<ShipmentDelivered> ShipmentDelivered { get; private set; } = null!;

    public Event<BackorderReady> BackorderReady { get; private set; } = null!;

    public Event<DeadlinePassed> DeadlinePassed { get; private set; } = null!;

    private void CorrelateEverythingByOrderId()
    {
        Hear(() => OrderReleased, m => m.OrderId);
        Hear(() => OrderCancellationRequested, m => m.OrderId);
        Hear(() => PaymentAuthorized, m => m.OrderId);
        Hear(() => PaymentDeclined, m => m.OrderId);
        Hear(() => PaymentCaptured, m => m.OrderId);
        Hear(() => OrderRouted, m => m.OrderId);
        Hear(() => OrderUnroutable, m => m.OrderId);
        Hear(() => StockReserved, m => m.OrderId);
        Hear(() => StockReservationRejected, m => m.OrderId);
        Hear(() => FulfillmentOrderRejected, m => m.OrderId);
        Hear(() => FulfillmentOrderCanceled, m => m.OrderId);
        Hear(() => ShipmentDispatched, m => m.OrderId);
        Hear(() => ShipmentDelivered, m => m.OrderId);
        Hear(() => BackorderReady, m => m.OrderId);
        Hear(() => DeadlinePassed, m => m.ProcessId);
    }

    // An order and its process begin in one commit, so an answer about an order that has no process is a defect of its sender.
    private void Hear<T>(System.Linq.Expressions.Expression<Func<Event<T>>> @event, Func<T, Guid> orderId) where T : class =>
        Event(@event, e =>
        {
            e.CorrelateById(context => orderId(context.Message));
            e.OnMissingInstance(missing => missing.Fault());
        });

    private void IgnoreOldNews()
    {
        // An answer to a question that has been answered, or is not asked any more.
        During((State[])[Held, Reserving, Backordered, Fulfilling, Canceling, Delivering, Completed, Canceled], Ignore(OrderRouted), Ignore(OrderUnroutable));
        During((State[])[Held, Routing, Backordered, Fulfilling, Canceling, Delivering, Completed, Canceled],
            Ignore(StockReserved), Ignore(StockReservationRejected));
        During((State[])[Held, Routing, Reserving, Backordered, Fulfilling, Delivering, Completed], Ignore(PaymentAuthorized));
        During((State[])[Canceled], Ignore(PaymentDeclined));

        // A hold that was put on and taken off while the order was busy with something else.
        During((State[])[Authorizing, Routing, Reserving, Backordered, Fulfilling, Canceling, Delivering, Completed, Canceled], Ignore(OrderReleased));

        // Captures are the order's own business; the process looks at them only when nothing else is left.
        During((State[])[Held, Routing, Reserving, Backordered, Fulfilling, Canceling, Completed], Ignore(PaymentCaptured));

        // Said twice, or overtaken.
        During((State[])[Canceling, Delivering, Completed, Canceled], Ignore(OrderCancellationRequested));
        During((State[])[Backordered, Delivering, Completed], Ignore(ShipmentDispatched));
        During((State[])[Completed], Ignore(ShipmentDelivered));
        During((State[])[Backordered, Delivering, Completed, Canceled], Ignore(FulfillmentOrderRejected));
        During((State[])[Delivering, Completed, Canceled], Ignore(FulfillmentOrderCanceled));
        During((State[])[Canceling, Delivering, Completed, Canceled], Ignore(BackorderReady));
        During((State[])[Completed, Canceled], Ignore(DeadlinePassed));
    }
}
