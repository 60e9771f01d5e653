namespace Oms.Orders.Payments;

/// <summary>What a payment gateway answered. When it did not answer at all, it throws <see cref="PaymentGatewayTimeoutException"/>.</summary>
/// <param name="Reference">How the gateway knows the transaction; null when it was refused.</param>
/// <param name="DeclineReason">Stable code of the refusal; null when it went through.</param>
public sealed record PaymentResult(string? Reference, string? DeclineReason)
{
    public static PaymentResult Done(string reference) => new(reference, null);

    public static PaymentResult Declined(string reason) => new(null, reason);
}

/// <summary>
/// The outside service that moves money. Every call carries a transaction id as its idempotency key: called twice, an adapter
/// moves money once and answers the same. Amounts are in major units of an ISO 4217 currency and more than zero.
/// </summary>
public interface IPaymentGateway
{
    Task<PaymentResult> Authorize(Guid transactionId, string token, decimal amount, string currency, CancellationToken cancellation);

    /// <summary>Takes a part, or all, of what was authorized; several times, one for each parcel.</summary>
    Task<PaymentResult> Capture(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation);

    /// <summary>Gives back what was authorized and not captured.</summary>
    Task<PaymentResult> Void(Guid transactionId, string authorization, CancellationToken cancellation);

    Task<PaymentResult> Refund(Guid transactionId, string authorization, decimal amount, string currency, CancellationToken cancellation);
}

/// <summary>Nobody knows whether the money moved. Asking again under the same transaction id tells.</summary>
public sealed class PaymentGatewayTimeoutException(string message) : Exception(message);
