using System.Collections.Immutable;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Told = Oms.ServiceDefaults.Story<Oms.Orders.Domain.Order, Oms.Orders.Domain.IOrderEvent>;

namespace Oms.Orders.Fulfillment;

/// <summary>The verbs about locations, parcels, and the end.</summary>
public static partial class FulfillmentVerbs
{
    public static void AskToFulfill(FulfillmentState saga, Told story, Contracts.Inventory.V1.StockReserved reserved)
    {
        var order = story.State;
        story.Append(new Domain.StockReserved(order.Id, reserved.ReservationId, reserved.ReservedAt));
        story.Append(new FulfillmentRequested(
            order.Id, order.Number, order.Channel, saga.ReservationId, order.ShipTo, order.ServiceLevel,
            [.. saga.Plan.Select(to => new RequestedFulfillmentOrder(
                Ids.Derive("fulfillment-order", $"{saga.ReservationId:N}", to.LocationId), to.LocationId, to.Lines, to.ShipBy))], story.Now));
        (saga.Plan, saga.Shortages, saga.RejectionsInARow) = ([], [], 0);
    }

    public static void TakeBackRejected(FulfillmentState saga, Told story, Contracts.Shipping.V1.FulfillmentOrderRejected rejected)
    {
        if (StillOpen(story, rejected.FulfillmentOrderId, rejected.Lines) is not { } open)
            return;
        if (!saga.ExcludedLocations.Contains(open.LocationId))
            saga.ExcludedLocations = saga.ExcludedLocations.Add(open.LocationId);
        var pieces = rejected.Lines.AsPieces();
        story.Append(new Domain.FulfillmentOrderRejected(story.State.Id, open.Id, open.LocationId, pieces, rejected.Reason, rejected.RejectedAt));
        Release(story, open, pieces, "fulfillment_order_rejected");
    }

    public static void AskToStopFulfillment(FulfillmentState saga, Told story)
    {
        WaitForCancellation(saga, story);
        story.Append(new FulfillmentCancellationRequested(
            story.State.Id, [.. story.State.FulfillmentOrders.Select(it => it.Id)], story.State.CancellationReason ?? "order_canceled", story.Now));
    }

    public static void RememberStopped(FulfillmentState saga, Told story, Contracts.Shipping.V1.FulfillmentOrderCanceled stopped)
    {
        if (StillOpen(story, stopped.FulfillmentOrderId, stopped.Lines) is not { } open)
            return;
        var pieces = stopped.Lines.AsPieces();
        story.Append(new Domain.FulfillmentOrderCanceled(story.State.Id, open.Id, pieces, stopped.CanceledAt));
        Release(story, open, pieces, "order_canceled");
    }

    public static void RememberParcel(FulfillmentState saga, Told story, ShipmentDispatched parcel) => Remember(story, new(
        story.State.Id, parcel.ShipmentId, parcel.FulfillmentOrderId, parcel.LocationId, parcel.Lines.AsPieces(), parcel.Carrier, parcel.TrackingNumber,
        parcel.DispatchedAt));

    /// <summary>Who is delivered has left: when the news of leaving is still on its way, this one stands for it.</summary>
    public static void RememberDelivery(FulfillmentState saga, Told story, ShipmentDelivered delivery)
    {
        Remember(story, new(
            story.State.Id, delivery.ShipmentId, delivery.FulfillmentOrderId, null, delivery.Lines.AsPieces(), null, null, delivery.DeliveredAt));
        if (!story.State.Parcels.Single(it => it.ShipmentId == delivery.ShipmentId).Delivered)
            story.Append(new OrderDelivered(story.State.Id, delivery.ShipmentId, delivery.DeliveredAt));
    }

    private static void Remember(Told story, OrderShipped parcel)
    {
        var before = story.State;
        if (before.Parcels.Any(it => it.ShipmentId == parcel.ShipmentId))
            return;
        story.Append(parcel);
        AskForCapture(story, before, parcel);
    }

    // Cancellation and the end.

    public static void CancelWhatIsOpen(FulfillmentState saga, Told story)
    {
        TakeAllFromQueue(saga, story);
        if (story.State.OpenPieces() is { IsEmpty: false } open)
            story.Append(new OrderLinesCanceled(story.State.Id, open, story.Now));
    }

    public static void CancelForWaitingTooLong(FulfillmentState saga, Told story)
    {
        if (story.State.CancellationReason is null)
            story.Append(new Domain.OrderCancellationRequested(story.State.Id, story.State.IsHeld ? "hold_expired" : "backorder_expired", story.Now));
        CancelWhatIsOpen(saga, story);
    }

    public static void RejectCancellation(FulfillmentState saga, Told story) =>
        story.Append(new OrderCancellationRejected(story.State.Id, "order-already-shipped", story.Now));

    public static void MarkCanceled(FulfillmentState saga, Told story)
    {
        saga.WaitsForNothing();
        story.Append(new Domain.OrderCanceled(story.State.Id, story.State.CustomerId, story.State.CancellationReason ?? "unfulfillable", story.Now));
    }

    public static void MarkFulfilled(FulfillmentState saga, Told story) => story.Append(new Domain.OrderFulfilled(
        story.State.Id,
        [.. story.State.Lines.Where(line => line.Canceled > 0).Select(line => new Pieces(line.Line, line.Sku, line.Canceled))], story.Now));

    public static void MarkCompleted(FulfillmentState saga, Told story)
    {
        saga.WaitsForNothing();
        story.Append(new Domain.OrderCompleted(story.State.Id, story.State.CustomerId, story.Now));
    }

    private static OpenFulfillmentOrder? StillOpen(Told story, Guid fulfillmentOrderId, IReadOnlyList<Contracts.LineQuantity> pieces) =>
        story.State.FulfillmentOrders.FirstOrDefault(it => it.Id == fulfillmentOrderId && !it.GaveBack) is { } open &&
        pieces.All(piece => open.Lines.Any(line => line.Line == piece.Line && line.Quantity >= piece.Quantity))
            ? open
            : null;

    private static void Release(Told story, OpenFulfillmentOrder open, ImmutableArray<Pieces> pieces, string reason) => story.Append(new StockReleaseRequested(
        story.State.Id, open.Id, open.ReservationId,
        [.. pieces.Select(piece => new PiecesAt(piece.Line, piece.Sku, open.LocationId, piece.Quantity))], reason, story.Now));
}
