using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Shipping.Domain;

/// <summary>A fact about a fulfillment order.</summary>
public interface IFulfillmentOrderEvent;

public sealed record Pieces(int Line, string Sku, int Quantity);

/// <summary>Pieces that left, and how many of them were picked and packed by nothing but their leaving.</summary>
public sealed record ShippedPieces(int Line, string Sku, int Quantity, int PickedImplicitly, int PackedImplicitly);

public sealed record FulfillmentOrderCreated(
    Guid FulfillmentOrderId, Guid OrderId, string OrderNumber, string Channel, Guid ReservationId, string LocationId, ImmutableArray<Pieces> Lines,
    Address ShipTo, string ServiceLevel, DateTimeOffset ShipBy, DateTimeOffset CreatedAt, string? TraceParent = null) : IFulfillmentOrderEvent;

/// <summary>The cancellation has overtaken the creation: whoever creates it now hears that it is canceled.</summary>
public sealed record FulfillmentOrderCanceledBeforeCreation(
    Guid FulfillmentOrderId, Guid OrderId, string Reason, DateTimeOffset CanceledAt, string? TraceParent = null) : IFulfillmentOrderEvent;

public sealed record FulfillmentOrderAccepted(Guid FulfillmentOrderId, Guid OrderId, DateTimeOffset AcceptedAt) : IFulfillmentOrderEvent;

/// <param name="Lines">What the location will not ship: all that had not left.</param>
public sealed record FulfillmentOrderRejected(
    Guid FulfillmentOrderId, Guid OrderId, string LocationId, Guid ReservationId, ImmutableArray<Pieces> Lines, string Reason,
    DateTimeOffset RejectedAt) : IFulfillmentOrderEvent;

public sealed record FulfillmentOrderHeld(Guid FulfillmentOrderId, Guid OrderId, string Reason, string? Note, DateTimeOffset HeldAt) : IFulfillmentOrderEvent;

public sealed record FulfillmentOrderHoldReleased(Guid FulfillmentOrderId, Guid OrderId, string Reason, DateTimeOffset ReleasedAt) : IFulfillmentOrderEvent;

public sealed record PiecesPicked(Guid FulfillmentOrderId, Guid OrderId, ImmutableArray<Pieces> Lines, DateTimeOffset PickedAt) : IFulfillmentOrderEvent;

/// <param name="WeightGrams">What was weighed with these pieces; null when nobody weighed.</param>
public sealed record PiecesPacked(
    Guid FulfillmentOrderId, Guid OrderId, ImmutableArray<Pieces> Lines, int? WeightGrams, DateTimeOffset PackedAt) : IFulfillmentOrderEvent;

/// <summary>The fulfillment order's side of a parcel; the parcel has its own stream, written in the same commit.</summary>
/// <param name="Closed">Whether nothing is left to ship.</param>
/// <param name="WeightGrams">All that was weighed since the last parcel.</param>
public sealed record PiecesShipped(
    Guid FulfillmentOrderId, Guid OrderId, Guid ShipmentId, ImmutableArray<ShippedPieces> Lines, int? WeightGrams, bool Closed,
    DateTimeOffset ShippedAt) : IFulfillmentOrderEvent;

/// <param name="Lines">What will not ship any more; what had left stays shipped.</param>
public sealed record FulfillmentOrderCanceled(
    Guid FulfillmentOrderId, Guid OrderId, string LocationId, Guid ReservationId, ImmutableArray<Pieces> Lines, string Reason,
    DateTimeOffset CanceledAt) : IFulfillmentOrderEvent;

/// <summary>Nothing was left to stop.</summary>
public sealed record FulfillmentOrderCancellationRejected(
    Guid FulfillmentOrderId, Guid OrderId, string Reason, DateTimeOffset RejectedAt) : IFulfillmentOrderEvent;
