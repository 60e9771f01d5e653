using System.Collections.Immutable;
using JasperFx.Events;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Orders.Domain;

namespace Oms.Orders.Integration;

public static class OrderPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private: the answers of others, and notes.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        Domain.OrderPlaced e => new Contracts.Orders.V1.OrderPlaced(
            e.OrderId, e.Number, e.Channel, e.ChannelOrderNumber, e.CustomerId, e.CustomerEmail, e.CustomerName, Postal(e.ShipTo), e.Currency,
            [.. e.Lines.Select(l => new Contracts.Orders.V1.OrderLine(l.Line, l.Sku, l.Name, l.Quantity, l.UnitPrice, l.Discount, l.Tax, l.Total))],
            e.Shipping, e.Total, e.ServiceLevel, e.PlacedAt),
        Domain.OrderHeld e => new Contracts.Orders.V1.OrderHeld(e.OrderId, e.Reason, e.Note, e.At),
        OrderHoldReleased { WasLast: true } e => new OrderReleased(e.OrderId, e.At),
        Domain.OrderBackordered e => new Contracts.Orders.V1.OrderBackordered(e.OrderId, Lines(e.Lines), e.At),
        Domain.OrderCancellationRequested e => new Contracts.Orders.V1.OrderCancellationRequested(e.OrderId, e.Reason, e.At),
        Domain.OrderCanceled e => new Contracts.Orders.V1.OrderCanceled(e.OrderId, e.CustomerId, e.Reason, e.At),
        Domain.OrderFulfilled e => new Contracts.Orders.V1.OrderFulfilled(e.OrderId, Lines(e.CanceledLines), e.At),
        Domain.OrderCompleted e => new Contracts.Orders.V1.OrderCompleted(e.OrderId, e.CustomerId, e.At),
        _ => Money(happened.Data) ?? Asking(happened.Data),
    };

    private static object? Money(object fact) => fact switch
    {
        PaymentAuthorizationRequested e => new AuthorizePayment(e.TransactionId, e.OrderId, e.Amount, e.Currency, e.Token),
        PaymentCaptureRequested e => new CapturePayment(e.TransactionId, e.OrderId, e.AuthorizationReference, e.Amount, e.Currency),
        PaymentVoidRequested e => new VoidPayment(e.TransactionId, e.OrderId, e.AuthorizationReference),
        RefundRequested e => new RefundPayment(e.TransactionId, e.OrderId, e.AuthorizationReference, e.Amount, e.Currency),
        Domain.PaymentAuthorized e => new Contracts.Orders.V1.PaymentAuthorized(e.TransactionId, e.OrderId, e.Reference, e.Amount, e.Currency, e.At),
        Domain.PaymentDeclined e => new Contracts.Orders.V1.PaymentDeclined(e.TransactionId, e.OrderId, e.Reason, e.At),
        Domain.PaymentCaptured e => new Contracts.Orders.V1.PaymentCaptured(e.TransactionId, e.OrderId, e.CustomerId, e.Reference, e.Amount, e.Currency, e.At),
        Domain.PaymentCaptureFailed e => new Contracts.Orders.V1.PaymentCaptureFailed(e.TransactionId, e.OrderId, e.Reason, e.At),
        Domain.PaymentVoided e => new Contracts.Orders.V1.PaymentVoided(e.TransactionId, e.OrderId, e.At),
        Domain.PaymentRefunded e => new Contracts.Orders.V1.PaymentRefunded(
            e.TransactionId, e.OrderId, e.CustomerId, e.ReturnId, e.Reference, e.Amount, e.Currency, e.At),
        RefundFailed { ReturnId: { } returnId } e => new Contracts.Orders.V1.ReturnRefundRejected(returnId, e.OrderId, e.Reason, e.At),
        Domain.ReturnRefundRejected e => new Contracts.Orders.V1.ReturnRefundRejected(e.ReturnId, e.OrderId, e.Reason, e.At),
        _ => null,
    };

    private static object? Asking(object fact) => fact switch
    {
        RoutingRequested e => new RouteOrder(
            e.RoutingId, e.OrderId, e.Attempt, Lines(e.Lines), Postal(e.ShipTo), e.ServiceLevel, e.ShipComplete, e.ExcludedLocations,
            [.. e.Shortages.Select(it => new Contracts.Routing.V1.Shortage(it.Sku, it.LocationId, it.Available))], e.At),
        StockReservationRequested e => new ReserveStock(e.ReservationId, e.OrderId, Stock(e.Lines), e.At),
        StockReleaseRequested e => new ReleaseStock(
            e.ReleaseId, e.ReservationId, e.OrderId, e.Lines.IsEmpty ? null : Stock(e.Lines), e.Reason, e.At),
        BackorderRequested e => new QueueBackorder(e.BackorderId, e.OrderId, e.Attempt, Lines(e.Lines), e.PlacedAt, e.At),
        BackorderCancellationRequested e => new CancelBackorder(e.BackorderId, e.OrderId, e.At),
        FulfillmentRequested e => new CreateFulfillmentOrders(
            e.OrderId, e.Number, e.Channel, e.ReservationId, Postal(e.ShipTo), e.ServiceLevel,
            [.. e.FulfillmentOrders.Select(it => new FulfillmentOrderToCreate(it.FulfillmentOrderId, it.LocationId, Lines(it.Lines), it.ShipBy))], e.At),
        FulfillmentCancellationRequested e => new CancelFulfillmentOrders(e.OrderId, e.FulfillmentOrderIds, e.Reason, e.At),
        _ => null,
    };

    private static IReadOnlyList<LineQuantity> Lines(ImmutableArray<Pieces> pieces) =>
        [.. pieces.Select(piece => new LineQuantity(piece.Line, piece.Sku, piece.Quantity))];

    private static IReadOnlyList<StockLine> Stock(ImmutableArray<PiecesAt> pieces) =>
        [.. pieces.Select(piece => new StockLine(piece.Line, piece.Sku, piece.LocationId, piece.Quantity))];

    private static PostalAddress Postal(Address to) =>
        new(to.Name, to.Company, to.Line1, to.Line2, to.City, to.Region, to.PostalCode, to.Country, to.Phone);
}
