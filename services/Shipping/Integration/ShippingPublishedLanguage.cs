using System.Text.Json;
using JasperFx.Events;
using Oms.Contracts;
using Oms.Shipping.Domain;
using V1 = Oms.Contracts.Shipping.V1;

namespace Oms.Shipping.Integration;

public static class ShippingPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        FulfillmentOrderCreated e => new V1.FulfillmentOrderCreated(e.FulfillmentOrderId, e.OrderId, e.LocationId, Lines(e.Lines), e.ShipBy, e.CreatedAt),
        FulfillmentOrderRejected e => new V1.FulfillmentOrderRejected(
            e.FulfillmentOrderId, e.OrderId, e.LocationId, e.ReservationId, Lines(e.Lines), e.Reason, e.RejectedAt),
        FulfillmentOrderCanceled e => new V1.FulfillmentOrderCanceled(
            e.FulfillmentOrderId, e.OrderId, e.LocationId, e.ReservationId, Lines(e.Lines), e.CanceledAt),
        FulfillmentOrderCancellationRejected e => new V1.FulfillmentOrderCancellationRejected(e.FulfillmentOrderId, e.OrderId, e.Reason, e.RejectedAt),
        ShipmentDispatched e => new V1.ShipmentDispatched(
            e.ShipmentId, e.FulfillmentOrderId, e.OrderId, e.LocationId, e.ReservationId, Lines(e.Lines), e.Carrier, e.Service, e.TrackingNumber,
            e.LabelNumber, e.Closed, e.DispatchedAt),
        ShipmentStatusChanged e => new V1.ShipmentStatusChanged(
            e.ShipmentId, e.OrderId, JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Status.ToString()), e.Message, e.OccurredAt),
        ShipmentDelivered e => new V1.ShipmentDelivered(e.ShipmentId, e.FulfillmentOrderId, e.OrderId, Lines(e.Lines), e.DeliveredAt),
        _ => null,
    };

    private static IReadOnlyList<LineQuantity> Lines(IEnumerable<Pieces> lines) =>
        [.. lines.Select(line => new LineQuantity(line.Line, line.Sku, line.Quantity))];
}
