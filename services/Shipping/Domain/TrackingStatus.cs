using System.Collections.Immutable;

namespace Oms.Shipping.Domain;

/// <summary>What carriers tell, in the field's words; later ones are further on the way.</summary>
public enum TrackingStatus
{
    LabelPurchased,
    LabelPrinted,
    Confirmed,
    CarrierPickedUp,
    InTransit,
    Delayed,
    OutForDelivery,
    AttemptedDelivery,
    ReadyForPickup,
    PickedUp,
    Failure,
    Delivered,
    ReturningToSender,
}

/// <param name="Id">The carrier's own id of the event.</param>
/// <param name="CarrierCode">The carrier's own word for it.</param>
public sealed record TrackingEvent(
    string Id, TrackingStatus Status, string CarrierCode, string? Message, string? Location, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);

/// <summary>Where a parcel is, told by all that its carrier has said, in whatever order and however often it was said.</summary>
public static class Whereabouts
{
    /// <summary>The order in which events happened; it does not depend on when they were heard of.</summary>
    public static ImmutableArray<TrackingEvent> InOrder(IEnumerable<TrackingEvent> events) =>
        [.. events.OrderBy(it => it.OccurredAt).ThenBy(it => it.Status).ThenBy(it => it.Id, StringComparer.Ordinal)];

    /// <summary>
    /// The event that tells the status; null when nothing has been told yet. The latest one does, except that:
    /// a parcel that has turned back never arrives at the customer, so what follows is about its way to the sender;
    /// a delivered parcel stays delivered, whatever scan is late, unless the carrier tells of a failure that happened after it;
    /// and a delivery that happened after that failure stands again.
    /// </summary>
    /// <param name="events">As <see cref="InOrder"/> sorts them.</param>
    public static TrackingEvent? Deciding(ImmutableArray<TrackingEvent> events)
    {
        if (events.FirstOrDefault(it => it.Status == TrackingStatus.ReturningToSender) is { } turned)
            return turned;
        var failure = events.LastOrDefault(it => it.Status == TrackingStatus.Failure);
        var delivery = events.FirstOrDefault(it => it.Status == TrackingStatus.Delivered && (failure is null || it.OccurredAt >= failure.OccurredAt));
        if (delivery is not null)
            return delivery;
        return events.Any(it => it.Status == TrackingStatus.Delivered) ? failure : events.LastOrDefault();
    }
}
