namespace Oms.Contracts.Shipping.V1;

/// <param name="ShipBy">When the parcel should leave.</param>
public sealed record FulfillmentOrderToCreate(Guid FulfillmentOrderId, string LocationId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset ShipBy);

/// <summary>Asks locations to pick, pack and ship reserved pieces: one fulfillment order per location. Safe to repeat.</summary>
[Command]
public sealed record CreateFulfillmentOrders(
    Guid OrderId, string OrderNumber, string Channel, Guid ReservationId, PostalAddress ShipTo, string ServiceLevel,
    IReadOnlyList<FulfillmentOrderToCreate> FulfillmentOrders, DateTimeOffset RequestedAt);

public sealed record FulfillmentOrderCreated(
    Guid FulfillmentOrderId, Guid OrderId, string LocationId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset ShipBy, DateTimeOffset CreatedAt);

/// <summary>
/// Asks to stop what has not left yet. Each is answered by <see cref="FulfillmentOrderCanceled"/>, or, when nothing was left to
/// stop, by <see cref="FulfillmentOrderCancellationRejected"/>.
/// </summary>
[Command]
public sealed record CancelFulfillmentOrders(Guid OrderId, IReadOnlyList<Guid> FulfillmentOrderIds, string Reason, DateTimeOffset RequestedAt);

/// <summary>The location will not ship these pieces: they need another place.</summary>
public sealed record FulfillmentOrderRejected(
    Guid FulfillmentOrderId, Guid OrderId, string LocationId, Guid ReservationId, IReadOnlyList<LineQuantity> Lines, string Reason, DateTimeOffset RejectedAt);

/// <param name="Lines">The pieces that will not ship any more; what had left before stays shipped.</param>
public sealed record FulfillmentOrderCanceled(
    Guid FulfillmentOrderId, Guid OrderId, string LocationId, Guid ReservationId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset CanceledAt);

public sealed record FulfillmentOrderCancellationRejected(Guid FulfillmentOrderId, Guid OrderId, string Reason, DateTimeOffset RejectedAt);

/// <summary>A parcel has left the location.</summary>
/// <param name="Closed">Whether the fulfillment order is done with this shipment.</param>
public sealed record ShipmentDispatched(
    Guid ShipmentId, Guid FulfillmentOrderId, Guid OrderId, string LocationId, Guid ReservationId, IReadOnlyList<LineQuantity> Lines,
    string Carrier, string Service, string TrackingNumber, string LabelNumber, bool Closed, DateTimeOffset DispatchedAt);

/// <param name="Status">in_transit, out_for_delivery, attempted_delivery, delayed, failure … (lower case, as in the glossary).</param>
public sealed record ShipmentStatusChanged(Guid ShipmentId, Guid OrderId, string Status, string? Message, DateTimeOffset OccurredAt);

public sealed record ShipmentDelivered(
    Guid ShipmentId, Guid FulfillmentOrderId, Guid OrderId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset DeliveredAt);
