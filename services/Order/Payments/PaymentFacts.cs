using Oms.Kernel;
using Oms.Orders.Domain;

namespace Oms.Orders.Payments;

/// <summary>What follows from a payment gateway's answer. An answer that is known already changes nothing.</summary>
public static class PaymentFacts
{
    public static Decision<IOrderEvent> Authorized(Order? order, Guid transactionId, PaymentResult result, DateTimeOffset at) =>
        Known(order).Payment switch
        {
            { IsAuthorized: true } or { DeclineReason: not null } => [],
            _ when result.Reference is { } reference => [new PaymentAuthorized(order!.Id, transactionId, reference, order.Total, order.Currency, at)],
            _ => [new PaymentDeclined(order!.Id, transactionId, result.DeclineReason!, at)],
        };

    public static Decision<IOrderEvent> Captured(Order? order, Guid transactionId, PaymentResult result, DateTimeOffset at) =>
        Known(order).Payment.Captures.FirstOrDefault(capture => capture.TransactionId == transactionId) switch
        {
            // A capture that failed was asked for again under another id: the old answer is old news.
            null or { Status: not TransactionStatus.Pending } => [],
            { } capture when result.Reference is { } reference =>
                [new PaymentCaptured(order!.Id, transactionId, order.CustomerId, reference, capture.Amount, order.Currency, at)],
            _ => [new PaymentCaptureFailed(order!.Id, transactionId, result.DeclineReason!, at)],
        };

    public static Decision<IOrderEvent> Voided(Order? order, Guid transactionId, DateTimeOffset at) =>
        Known(order).Payment.IsVoided ? [] : [new PaymentVoided(order!.Id, transactionId, at)];

    public static Decision<IOrderEvent> Refunded(Order? order, Guid transactionId, PaymentResult result, DateTimeOffset at) =>
        Known(order).Payment.Refund(transactionId) switch
        {
            { Status: not TransactionStatus.Pending } => [],
            { } refund when result.Reference is { } reference =>
                [new PaymentRefunded(order!.Id, transactionId, order.CustomerId, refund.ReturnId, reference, refund.Amount, order.Currency, at)],
            { } refund => [new RefundFailed(order!.Id, transactionId, refund.ReturnId, result.DeclineReason!, at)],
        };

    private static Order Known(Order? order) => order ?? throw new InvalidOperationException("A payment without an order.");
}
