namespace Oms.Customers.Domain;

/// <summary>A fact about a customer.</summary>
public interface ICustomerEvent;

/// <summary>Somebody has ordered for the first time. Money may have been heard of before.</summary>
/// <param name="Email">In the form by which orders of all channels are matched.</param>
public sealed record CustomerRegistered(Guid CustomerId, string? Email, DateTimeOffset RegisteredAt) : ICustomerEvent;

public sealed record CustomerOrderRecorded(
    Guid CustomerId, Guid OrderId, string Number, string Channel, string? Name, Location ShipTo, string Currency, decimal Total,
    DateTimeOffset PlacedAt) : ICustomerEvent;

public sealed record CustomerPaymentCaptured(
    Guid CustomerId, Guid OrderId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset CapturedAt) : ICustomerEvent;

public sealed record CustomerPaymentRefunded(
    Guid CustomerId, Guid OrderId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset RefundedAt) : ICustomerEvent;

public sealed record CustomerOrderCanceled(Guid CustomerId, Guid OrderId, string Currency, decimal Total, DateTimeOffset CanceledAt) : ICustomerEvent;
