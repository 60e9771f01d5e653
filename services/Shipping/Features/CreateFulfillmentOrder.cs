using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <param name="TraceParent">The order's trace, joined by all that locations and carriers do later.</param>
public sealed record CreateFulfillmentOrder(
    Guid FulfillmentOrderId, Guid OrderId, string OrderNumber, string Channel, Guid ReservationId, string LocationId, ImmutableArray<Pieces> Lines,
    Address ShipTo, string ServiceLevel, DateTimeOffset ShipBy, DateTimeOffset At, string? TraceParent);

public static class CreateFulfillmentOrderSlice
{
    /// <summary>One whose cancellation came first is created and canceled at once, so that its sender hears which pieces will not ship.</summary>
    public static Decision<IFulfillmentOrderEvent> Decide(CreateFulfillmentOrder command, FulfillmentOrder? it)
    {
        if (it is { CreatedAt: not null })
            return [];
        var created = new FulfillmentOrderCreated(
            command.FulfillmentOrderId, command.OrderId, command.OrderNumber, command.Channel, command.ReservationId, command.LocationId, command.Lines,
            command.ShipTo, command.ServiceLevel, command.ShipBy, command.At, command.TraceParent);
        return it is null
            ? [created]
            : [created, new FulfillmentOrderCanceled(
                created.FulfillmentOrderId, created.OrderId, created.LocationId, created.ReservationId, created.Lines, "canceled_before_creation", command.At)];
    }
}
