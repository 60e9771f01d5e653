using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Shipping.Domain;

/// <summary>A fact about a shipment.</summary>
public interface IShipmentEvent;

/// <summary>A parcel has left the location.</summary>
/// <param name="ShipTo">As it stands on the label.</param>
/// <param name="Closed">Whether the fulfillment order is done with this shipment.</param>
public sealed record ShipmentDispatched(
    Guid ShipmentId, Guid FulfillmentOrderId, Guid OrderId, string OrderNumber, string LocationId, Guid ReservationId, ImmutableArray<Pieces> Lines,
    Address ShipTo, int? WeightGrams, string Carrier, string Service, string TrackingNumber, string LabelNumber, bool Closed, DateTimeOffset DispatchedAt,
    string? TraceParent = null, string? Channel = null) : IShipmentEvent;

public sealed record TrackingEventRecorded(Guid ShipmentId, TrackingEvent Event) : IShipmentEvent;

/// <param name="OccurredAt">When it became so, by the carrier.</param>
public sealed record ShipmentStatusChanged(
    Guid ShipmentId, Guid OrderId, TrackingStatus Status, string? Message, DateTimeOffset OccurredAt) : IShipmentEvent;

/// <summary>The first time that it was delivered: told once, whatever the carrier corrects later.</summary>
public sealed record ShipmentDelivered(
    Guid ShipmentId, Guid FulfillmentOrderId, Guid OrderId, ImmutableArray<Pieces> Lines, DateTimeOffset DeliveredAt) : IShipmentEvent;
