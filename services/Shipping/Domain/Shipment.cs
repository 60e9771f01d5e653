using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Shipping.Domain;

/// <summary>A parcel on its way.</summary>
/// <param name="Status">Told by all of <paramref name="Events"/> together: see <see cref="Whereabouts"/>.</param>
/// <param name="Events">In the order in which they happened.</param>
public sealed record Shipment(
    Guid Id, Guid FulfillmentOrderId, Guid OrderId, string OrderNumber, string LocationId, ImmutableArray<Pieces> Lines, Address ShipTo, int? WeightGrams,
    string Carrier, string Service, string TrackingNumber, string LabelNumber, DateTimeOffset DispatchedAt, TrackingStatus Status,
    ImmutableArray<TrackingEvent> Events, string? TraceParent) : IFold<Shipment, IShipmentEvent>, ITraced, IOwned
{
    public int Version { get; init; }

    /// <summary>Of the order; null when it left before that was written down.</summary>
    public string? Channel { get; init; }

    string? IOwned.OwnedByChannel => Channel;

    string? IOwned.OwnedByLocation => LocationId;

    /// <summary>Null unless it is delivered.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Whether the delivery has been told to the others.</summary>
    public bool DeliveryTold { get; init; }

    public static Shipment After(Shipment? state, IShipmentEvent happened) => (state, happened) switch
    {
        (null, ShipmentDispatched e) => new(
            e.ShipmentId, e.FulfillmentOrderId, e.OrderId, e.OrderNumber, e.LocationId, e.Lines, e.ShipTo, e.WeightGrams,
            e.Carrier, e.Service, e.TrackingNumber, e.LabelNumber, e.DispatchedAt, TrackingStatus.LabelPurchased, [], e.TraceParent) { Channel = e.Channel },
        ({ }, TrackingEventRecorded e) => state.Told(e.Event),
        ({ }, ShipmentStatusChanged) => state,
        ({ DeliveryTold: false }, ShipmentDelivered) => state with { DeliveryTold = true },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state?.Status.ToString() ?? "nothing"}."),
    };

    private Shipment Told(TrackingEvent told)
    {
        var events = Whereabouts.InOrder(Events.Add(told));
        var deciding = Whereabouts.Deciding(events)!;
        return this with
        {
            Events = events,
            Status = deciding.Status,
            DeliveredAt = deciding.Status == TrackingStatus.Delivered ? deciding.OccurredAt : null,
        };
    }
}
