namespace Oms.Contracts.Returns.V1;

public sealed record ReturnRequested(
    Guid ReturnId, string Number, Guid OrderId, IReadOnlyList<LineQuantity> Lines, string Reason, DateTimeOffset RequestedAt);

public sealed record ReturnApproved(Guid ReturnId, Guid OrderId, DateTimeOffset ApprovedAt);

public sealed record ReturnDeclined(Guid ReturnId, Guid OrderId, string Reason, DateTimeOffset DeclinedAt);

public sealed record ReturnCanceled(Guid ReturnId, Guid OrderId, DateTimeOffset CanceledAt);

/// <summary>The goods are back and looked at.</summary>
public sealed record ReturnReceived(Guid ReturnId, Guid OrderId, string LocationId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset ReceivedAt);

/// <summary>Nothing is left to do.</summary>
public sealed record ReturnClosed(Guid ReturnId, Guid OrderId, decimal Refunded, string Currency, DateTimeOffset ClosedAt);
