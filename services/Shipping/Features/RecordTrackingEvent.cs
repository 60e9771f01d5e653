using Oms.Kernel;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public sealed record RecordTrackingEvent(
    string EventId, TrackingStatus Status, string CarrierCode, string? Message, string? Location, DateTimeOffset OccurredAt, DateTimeOffset At);

public static class RecordTrackingEventSlice
{
    /// <summary>A parcel has some twenty; more than these are a carrier's defect, and a snapshot must not grow with it.</summary>
    public const int EventsMax = 500;

    /// <summary>
    /// The event joins those that are known, and all of them together tell the status anew. What an event with the same id has said before stands. Others hear
    /// of a delivery once; when the carrier takes it back and delivers again, that is a change of the status like any other.
    /// </summary>
    public static Decision<IShipmentEvent> Decide(RecordTrackingEvent command, Shipment it)
    {
        if (it.Events.Any(known => known.Id == command.EventId))
            return [];
        if (it.Events.Length >= EventsMax)
            return ShippingRefusals.TooManyTrackingEvents(it, EventsMax);
        var recorded = new TrackingEventRecorded(it.Id, new(
            command.EventId, command.Status, command.CarrierCode, command.Message, command.Location, command.OccurredAt, command.At));
        var after = Shipment.After(it, recorded);
        if (after.Status == it.Status)
            return [recorded];
        if (after.Status == TrackingStatus.Delivered && !it.DeliveryTold)
            return [recorded, new ShipmentDelivered(it.Id, it.FulfillmentOrderId, it.OrderId, it.Lines, after.DeliveredAt!.Value)];
        var deciding = Whereabouts.Deciding(after.Events)!;
        return [recorded, new ShipmentStatusChanged(it.Id, it.OrderId, deciding.Status, deciding.Message, deciding.OccurredAt)];
    }
}
