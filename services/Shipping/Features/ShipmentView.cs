using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>A shipment as the API shows it.</summary>
public sealed record ShipmentView(
    Guid Id, Guid FulfillmentOrderId, Guid OrderId, string OrderNumber, string LocationId, TrackingStatus Status, string Carrier, string Service,
    string TrackingNumber, string LabelNumber, int? WeightGrams, IReadOnlyList<Pieces> Lines, DateTimeOffset DispatchedAt, DateTimeOffset? DeliveredAt,
    IReadOnlyList<ShipmentView.EventView> Events, long Version)
{
    public sealed record EventView(
        string Id, TrackingStatus Status, string CarrierCode, string? Message, string? Location, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);

    public static ShipmentView Of(Shipment it, long version) => new(
        it.Id, it.FulfillmentOrderId, it.OrderId, it.OrderNumber, it.LocationId, it.Status, it.Carrier, it.Service, it.TrackingNumber, it.LabelNumber,
        it.WeightGrams, it.Lines, it.DispatchedAt, it.DeliveredAt,
        [.. it.Events.Select(e => new EventView(e.Id, e.Status, e.CarrierCode, e.Message, e.Location, e.OccurredAt, e.RecordedAt))], version);
}
