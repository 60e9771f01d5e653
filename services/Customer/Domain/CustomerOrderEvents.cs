namespace Oms.Customers.Domain;

/// <summary>A fact about one order, as this service has heard of it.</summary>
public interface ICustomerOrderEvent;

/// <summary>Where an order went, as far as it says something about its customer.</summary>
public sealed record Location(string Country, string? Region, string? City, string? PostalCode);

/// <param name="CustomerId">Null when the order came without an e-mail address.</param>
public sealed record OrderRecorded(
    Guid OrderId, Guid? CustomerId, string Number, string Channel, string? Email, string? Name, Location ShipTo, string Currency, decimal Total,
    DateTimeOffset PlacedAt) : ICustomerOrderEvent;

public sealed record CaptureRecorded(
    Guid OrderId, Guid? CustomerId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset CapturedAt) : ICustomerOrderEvent;

public sealed record RefundRecorded(
    Guid OrderId, Guid? CustomerId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset RefundedAt) : ICustomerOrderEvent;

public sealed record CancellationRecorded(Guid OrderId, Guid? CustomerId, DateTimeOffset CanceledAt) : ICustomerOrderEvent;
