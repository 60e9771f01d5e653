namespace Oms.Contracts.Orders.V1;

// TransactionId is derived from what the payment is for, so a repeated command meets the first one at the payment gateway.

[Command]
public sealed record AuthorizePayment(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, string Token);

[Command]
public sealed record CapturePayment(Guid TransactionId, Guid OrderId, string AuthorizationReference, decimal Amount, string Currency);

[Command]
public sealed record VoidPayment(Guid TransactionId, Guid OrderId, string AuthorizationReference);

[Command]
public sealed record RefundPayment(Guid TransactionId, Guid OrderId, string AuthorizationReference, decimal Amount, string Currency);

public sealed record PaymentAuthorized(Guid TransactionId, Guid OrderId, string Reference, decimal Amount, string Currency, DateTimeOffset AuthorizedAt);

public sealed record PaymentDeclined(Guid TransactionId, Guid OrderId, string Reason, DateTimeOffset DeclinedAt);

public sealed record PaymentCaptured(
    Guid TransactionId, Guid OrderId, Guid? CustomerId, string Reference, decimal Amount, string Currency, DateTimeOffset CapturedAt);

public sealed record PaymentCaptureFailed(Guid TransactionId, Guid OrderId, string Reason, DateTimeOffset FailedAt);

public sealed record PaymentVoided(Guid TransactionId, Guid OrderId, DateTimeOffset VoidedAt);

/// <param name="ReturnId">The return that is refunded; null for a refund without goods coming back.</param>
public sealed record PaymentRefunded(
    Guid TransactionId, Guid OrderId, Guid? CustomerId, Guid? ReturnId, string Reference, decimal Amount, string Currency, DateTimeOffset RefundedAt);
