using System.Collections.Immutable;
using System.Diagnostics;

namespace Oms.Returns.Domain;

/// <summary>A fact about a return.</summary>
public interface IReturnEvent;

public sealed record ReturnLine(int Line, string Sku, int Quantity, string Reason);

/// <summary>What became of returned pieces when they were looked at.</summary>
public enum Disposition
{
    /// <summary>As good as new: for sale again.</summary>
    Restocked,

    /// <summary>Back, but never to be counted as stock.</summary>
    NotRestocked,

    Damaged,

    /// <summary>Somebody has to look closer.</summary>
    QualityControl,
}

public static class RestockStates
{
    /// <summary>Inventory's word for where such pieces go; null when they do not become stock.</summary>
    public static string? Of(Disposition disposition) => disposition switch
    {
        Disposition.Restocked => "available",
        Disposition.Damaged => "damaged",
        Disposition.QualityControl => "quality_control",
        Disposition.NotRestocked => null,
        _ => throw new UnreachableException(),
    };
}

/// <summary>Pieces of one line with one disposition; a line may be in several.</summary>
public sealed record ReceivedLine(int Line, string Sku, int Quantity, Disposition Disposition);

/// <param name="State">One of <see cref="RestockStates"/>.</param>
public sealed record RestockedLine(int Line, string Sku, int Quantity, string State);

public sealed record RefundedLine(int Line, string Sku, int Quantity);

public sealed record ReturnRequested(
    Guid ReturnId, string Number, Guid OrderId, string Currency, ImmutableArray<ReturnLine> Lines, string Reason, string? Note,
    DateTimeOffset RequestedAt, string? TraceParent = null, string? Channel = null) : IReturnEvent;

public sealed record ReturnApproved(Guid ReturnId, Guid OrderId, DateTimeOffset ApprovedAt) : IReturnEvent;

public sealed record ReturnDeclined(Guid ReturnId, Guid OrderId, string Reason, DateTimeOffset DeclinedAt) : IReturnEvent;

public sealed record ReturnCanceled(Guid ReturnId, Guid OrderId, DateTimeOffset CanceledAt) : IReturnEvent;

public sealed record ReturnReceived(
    Guid ReturnId, Guid OrderId, string LocationId, ImmutableArray<ReceivedLine> Lines, DateTimeOffset ReceivedAt) : IReturnEvent;

/// <summary>Inventory has been asked to take the pieces in.</summary>
public sealed record RestockRequested(
    Guid ReturnId, Guid OrderId, string LocationId, ImmutableArray<RestockedLine> Lines, DateTimeOffset RequestedAt) : IReturnEvent;

/// <summary>The Order service has been asked to pay the pieces back.</summary>
public sealed record RefundRequested(
    Guid ReturnId, Guid OrderId, ImmutableArray<RefundedLine> Lines, string Reason, DateTimeOffset RequestedAt) : IReturnEvent;

public sealed record ReturnRestocked(Guid ReturnId, Guid OrderId, DateTimeOffset RestockedAt) : IReturnEvent;

public sealed record ReturnRefunded(
    Guid ReturnId, Guid OrderId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset RefundedAt) : IReturnEvent;

public sealed record ReturnRefundRejected(Guid ReturnId, Guid OrderId, string Reason, DateTimeOffset RejectedAt) : IReturnEvent;

/// <summary>Everything that was asked for has been answered.</summary>
public sealed record ReturnClosed(Guid ReturnId, Guid OrderId, decimal Refunded, string Currency, DateTimeOffset ClosedAt) : IReturnEvent;
