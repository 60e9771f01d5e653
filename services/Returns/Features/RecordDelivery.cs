using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Returns.Domain;

namespace Oms.Returns.Features;

/// <summary>A parcel of an order has arrived.</summary>
public sealed record RecordDelivery(
    Guid OrderId, Guid ShipmentId, ImmutableArray<DeliveredLine> Lines, DateTimeOffset DeliveredAt, string? TraceParent);

public static class RecordDeliverySlice
{
    public static Decision<IReturnableOrderEvent> Decide(RecordDelivery command, ReturnableOrder? order) =>
        order?.Shipments.Contains(command.ShipmentId) == true
            ? []
            : [new DeliveryRecorded(command.OrderId, command.ShipmentId, command.Lines, command.DeliveredAt, command.TraceParent)];
}
