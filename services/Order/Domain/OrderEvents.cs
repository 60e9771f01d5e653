using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Orders.Domain;

/// <summary>Every fact of an order: what was asked, what was answered, and what people decided.</summary>
public interface IOrderEvent
{
    Guid OrderId { get; }

    DateTimeOffset At { get; }
}

/// <summary>A line as it was ordered. Discount and tax are amounts of the whole line; <c>Total = Quantity × UnitPrice − Discount + Tax</c>.</summary>
public sealed record PlacedLine(int Line, string Sku, string? Name, int Quantity, decimal UnitPrice, decimal Discount, decimal Tax, decimal Total);

/// <summary>Some pieces of one line.</summary>
public sealed record Pieces(int Line, string Sku, int Quantity);

/// <summary>Pieces of one line at a location.</summary>
public sealed record PiecesAt(int Line, string Sku, string LocationId, int Quantity);

/// <summary>What a location is asked to ship.</summary>
public sealed record Assignment(string LocationId, ImmutableArray<Pieces> Lines, DateTimeOffset ShipBy);

public sealed record Shortage(string Sku, string LocationId, int Available);

public sealed record OrderPlaced(
    Guid OrderId, string Number, string Channel, string ChannelOrderNumber, string Fingerprint, Guid? CustomerId, string? CustomerEmail,
    string? CustomerName, Address ShipTo, string Currency, ImmutableArray<PlacedLine> Lines, decimal Shipping, decimal Total, string ServiceLevel,
    bool ShipComplete, string PaymentToken, DateTimeOffset PlacedAt, string? TraceParent, DateTimeOffset At) : IOrderEvent;

// Holds: several at once, each known by its reason.

public sealed record OrderHeld(Guid OrderId, string Reason, string? Note, DateTimeOffset At) : IOrderEvent;

public sealed record OrderHoldReleased(Guid OrderId, string Reason, bool WasLast, DateTimeOffset At) : IOrderEvent;

// Payment. A transaction's id is derived from what it is for, so that a repeat meets the first one at the gateway.

public sealed record PaymentAuthorizationRequested(
    Guid OrderId, Guid TransactionId, decimal Amount, string Currency, string Token, DateTimeOffset At) : IOrderEvent;

public sealed record PaymentAuthorized(
    Guid OrderId, Guid TransactionId, string Reference, decimal Amount, string Currency, DateTimeOffset At) : IOrderEvent;

public sealed record PaymentDeclined(Guid OrderId, Guid TransactionId, string Reason, DateTimeOffset At) : IOrderEvent;

/// <param name="IncludesShipping">The charge for shipping is captured once, with the first parcel.</param>
public sealed record PaymentCaptureRequested(
    Guid OrderId, Guid TransactionId, Guid ShipmentId, string AuthorizationReference, decimal Amount, string Currency, bool IncludesShipping,
    DateTimeOffset At) : IOrderEvent;

public sealed record PaymentCaptured(
    Guid OrderId, Guid TransactionId, Guid? CustomerId, string Reference, decimal Amount, string Currency, DateTimeOffset At) : IOrderEvent;

public sealed record PaymentCaptureFailed(Guid OrderId, Guid TransactionId, string Reason, DateTimeOffset At) : IOrderEvent;

/// <summary>What was authorized and will not be captured is given back.</summary>
public sealed record PaymentVoidRequested(Guid OrderId, Guid TransactionId, string AuthorizationReference, DateTimeOffset At) : IOrderEvent;

public sealed record PaymentVoided(Guid OrderId, Guid TransactionId, DateTimeOffset At) : IOrderEvent;

/// <param name="ReturnId">Null for money back without goods back: an appeasement.</param>
/// <param name="Lines">The returned pieces; empty for an appeasement.</param>
public sealed record RefundRequested(
    Guid OrderId, Guid TransactionId, Guid? ReturnId, ImmutableArray<Pieces> Lines, string AuthorizationReference, decimal Amount, string Currency,
    string Reason, DateTimeOffset At) : IOrderEvent;

public sealed record PaymentRefunded(
    Guid OrderId, Guid TransactionId, Guid? CustomerId, Guid? ReturnId, string Reference, decimal Amount, string Currency, DateTimeOffset At) : IOrderEvent;

public sealed record RefundFailed(Guid OrderId, Guid TransactionId, Guid? ReturnId, string Reason, DateTimeOffset At) : IOrderEvent;

/// <summary>A return asked for money that this order cannot give.</summary>
public sealed record ReturnRefundRejected(Guid OrderId, Guid ReturnId, string Reason, DateTimeOffset At) : IOrderEvent;

// Routing and stock.

public sealed record RoutingRequested(
    Guid OrderId, Guid RoutingId, int Attempt, ImmutableArray<Pieces> Lines, Address ShipTo, string ServiceLevel, bool ShipComplete,
    ImmutableArray<string> ExcludedLocations, ImmutableArray<Shortage> Shortages, DateTimeOffset At) : IOrderEvent;

public sealed record OrderRouted(
    Guid OrderId, Guid RoutingId, ImmutableArray<Assignment> Assignments, ImmutableArray<Pieces> Unfillable, DateTimeOffset At) : IOrderEvent;

public sealed record OrderUnroutable(Guid OrderId, Guid RoutingId, string Reason, ImmutableArray<Pieces> Unfillable, DateTimeOffset At) : IOrderEvent;

public sealed record StockReservationRequested(Guid OrderId, Guid ReservationId, ImmutableArray<PiecesAt> Lines, DateTimeOffset At) : IOrderEvent;

public sealed record StockReserved(Guid OrderId, Guid ReservationId, DateTimeOffset At) : IOrderEvent;

public sealed record StockReservationRejected(
    Guid OrderId, Guid ReservationId, string Reason, ImmutableArray<Shortage> Shortages, DateTimeOffset At) : IOrderEvent;

/// <param name="Lines">Empty for everything that the reservation still holds.</param>
public sealed record StockReleaseRequested(
    Guid OrderId, Guid ReleaseId, Guid ReservationId, ImmutableArray<PiecesAt> Lines, string Reason, DateTimeOffset At) : IOrderEvent;

/// <summary>Pieces that nobody has wait for stock from here on.</summary>
public sealed record OrderBackordered(Guid OrderId, ImmutableArray<Pieces> Lines, DateTimeOffset At) : IOrderEvent;

public sealed record BackorderRequested(
    Guid OrderId, Guid BackorderId, int Attempt, ImmutableArray<Pieces> Lines, DateTimeOffset PlacedAt, DateTimeOffset At) : IOrderEvent;

public sealed record BackorderReady(Guid OrderId, Guid BackorderId, ImmutableArray<Pieces> Lines, DateTimeOffset At) : IOrderEvent;

/// <summary>These pieces do not wait in the queue any more; they are open again.</summary>
public sealed record BackorderCancellationRequested(Guid OrderId, Guid BackorderId, ImmutableArray<Pieces> Lines, DateTimeOffset At) : IOrderEvent;

// Fulfillment.

public sealed record RequestedFulfillmentOrder(Guid FulfillmentOrderId, string LocationId, ImmutableArray<Pieces> Lines, DateTimeOffset ShipBy);

public sealed record FulfillmentRequested(
    Guid OrderId, string Number, string Channel, Guid ReservationId, Address ShipTo, string ServiceLevel,
    ImmutableArray<RequestedFulfillmentOrder> FulfillmentOrders, DateTimeOffset At) : IOrderEvent;

public sealed record FulfillmentOrderRejected(
    Guid OrderId, Guid FulfillmentOrderId, string LocationId, ImmutableArray<Pieces> Lines, string Reason, DateTimeOffset At) : IOrderEvent;

public sealed record FulfillmentCancellationRequested(
    Guid OrderId, ImmutableArray<Guid> FulfillmentOrderIds, string Reason, DateTimeOffset At) : IOrderEvent;

public sealed record FulfillmentOrderCanceled(
    Guid OrderId, Guid FulfillmentOrderId, ImmutableArray<Pieces> Lines, DateTimeOffset At) : IOrderEvent;

public sealed record OrderShipped(
    Guid OrderId, Guid ShipmentId, Guid FulfillmentOrderId, string? LocationId, ImmutableArray<Pieces> Lines, string? Carrier, string? TrackingNumber,
    DateTimeOffset At) : IOrderEvent;

public sealed record OrderDelivered(Guid OrderId, Guid ShipmentId, DateTimeOffset At) : IOrderEvent;

/// <summary>Something takes longer than it should; people see it on the timeline.</summary>
public sealed record OrderOverdue(Guid OrderId, string WaitingFor, DateTimeOffset DueAt, DateTimeOffset At) : IOrderEvent;

// The end.

public sealed record OrderCancellationRequested(Guid OrderId, string Reason, DateTimeOffset At) : IOrderEvent;

/// <summary>The cancellation came too late: the parcel won the race.</summary>
public sealed record OrderCancellationRejected(Guid OrderId, string Reason, DateTimeOffset At) : IOrderEvent;

/// <summary>These pieces will never ship.</summary>
public sealed record OrderLinesCanceled(Guid OrderId, ImmutableArray<Pieces> Lines, DateTimeOffset At) : IOrderEvent;

public sealed record OrderCanceled(Guid OrderId, Guid? CustomerId, string Reason, DateTimeOffset At) : IOrderEvent;

public sealed record OrderFulfilled(Guid OrderId, ImmutableArray<Pieces> CanceledLines, DateTimeOffset At) : IOrderEvent;

public sealed record OrderCompleted(Guid OrderId, Guid? CustomerId, DateTimeOffset At) : IOrderEvent;
