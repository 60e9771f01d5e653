using Oms.Kernel;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public sealed record CancelFulfillmentOrder(Guid FulfillmentOrderId, Guid OrderId, string Reason, DateTimeOffset At, string? TraceParent);

public static class CancelFulfillmentOrderSlice
{
    /// <summary>
    /// What has not left is stopped, whoever holds it and however far it is packed. One that does not exist yet must not begin later: its creation is on its
    /// way and will be answered.
    /// </summary>
    public static Decision<IFulfillmentOrderEvent> Decide(CancelFulfillmentOrder command, FulfillmentOrder? it) => it switch
    {
        null => [new FulfillmentOrderCanceledBeforeCreation(command.FulfillmentOrderId, command.OrderId, command.Reason, command.At, command.TraceParent)],
        _ when it.IsLive() =>
            [new FulfillmentOrderCanceled(it.Id, it.OrderId, it.LocationId, it.ReservationId, it.ToShip(), command.Reason, command.At)],
        { RequestStatus: RequestStatus.CancellationAccepted or RequestStatus.CancellationRejected } => [],
        _ => [new FulfillmentOrderCancellationRejected(it.Id, it.OrderId, it.WasRejected() ? "already_rejected" : "already_shipped", command.At)],
    };
}
