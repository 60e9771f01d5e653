namespace Oms.Contracts.Orders.V1;

/// <summary>Amounts are decimals in major units of <c>Currency</c> (ISO 4217).</summary>
public sealed record OrderLine(int Line, string Sku, string? Name, int Quantity, decimal UnitPrice, decimal Discount, decimal Tax, decimal Total);

public sealed record OrderPlaced(
    Guid OrderId, string Number, string Channel, string ChannelOrderNumber, Guid? CustomerId, string? CustomerEmail, string? CustomerName,
    PostalAddress ShipTo, string Currency, IReadOnlyList<OrderLine> Lines, decimal Shipping, decimal Total, string ServiceLevel, DateTimeOffset PlacedAt);

public sealed record OrderHeld(Guid OrderId, string Reason, string? Note, DateTimeOffset HeldAt);

/// <summary>The last of the order's holds is gone: it goes on.</summary>
public sealed record OrderReleased(Guid OrderId, DateTimeOffset ReleasedAt);

public sealed record OrderBackordered(Guid OrderId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset BackorderedAt);

public sealed record OrderCancellationRequested(Guid OrderId, string Reason, DateTimeOffset RequestedAt);

public sealed record OrderCanceled(Guid OrderId, Guid? CustomerId, string Reason, DateTimeOffset CanceledAt);

/// <summary>Everything that will ship has left; lines that will never ship are listed as canceled.</summary>
public sealed record OrderFulfilled(Guid OrderId, IReadOnlyList<LineQuantity> CanceledLines, DateTimeOffset FulfilledAt);

/// <summary>Everything that shipped is delivered and captured.</summary>
public sealed record OrderCompleted(Guid OrderId, Guid? CustomerId, DateTimeOffset CompletedAt);

/// <summary>
/// Asks the Order service to refund returned pieces. The amount is what these pieces were sold for, as allocated to them
/// when the order was placed. Safe to repeat: <paramref name="ReturnId"/> is refunded once.
/// </summary>
[Command]
public sealed record RefundReturn(Guid ReturnId, Guid OrderId, IReadOnlyList<LineQuantity> Lines, string Reason, DateTimeOffset RequestedAt);

/// <summary>The refund of a return cannot be made; people must look.</summary>
public sealed record ReturnRefundRejected(Guid ReturnId, Guid OrderId, string Reason, DateTimeOffset RejectedAt);
