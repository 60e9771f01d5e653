using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Returns.Domain;

public enum ReturnStatus
{
    Requested,

    /// <summary>Approved: the goods are on their way back, or are back and being settled.</summary>
    Open,

    Closed,
    Declined,
    Canceled,
}

public enum RestockStatus { None, Requested, Restocked }

public enum RefundStatus { None, Requested, Refunded, Rejected }

/// <summary>Pieces that a customer sends back.</summary>
public sealed record Return(
    Guid Id, string Number, Guid OrderId, string Currency, ReturnStatus Status, ImmutableArray<ReturnLine> Lines, string Reason, string? Note,
    DateTimeOffset RequestedAt, string? TraceParent) : IFold<Return, IReturnEvent>, ITraced, IOwned
{
    public int Version { get; init; }

    /// <summary>Of the order; null when that is not known.</summary>
    public string? Channel { get; init; }

    string? IOwned.OwnedByChannel => Channel;

    // Where it will arrive is known when it has.
    string? IOwned.OwnedByLocation => LocationId;

    public string? DeclineReason { get; init; }

    /// <summary>Where the goods arrived; null until they have.</summary>
    public string? LocationId { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public ImmutableArray<ReceivedLine> Received { get; init; } = [];

    public RestockStatus Restock { get; init; }

    public RefundStatus Refund { get; init; }

    public decimal Refunded { get; init; }

    /// <summary>The refunds that are counted already.</summary>
    public ImmutableArray<Guid> RefundTransactions { get; init; } = [];

    /// <summary>Whether nothing is left to wait for.</summary>
    public bool IsSettled() => Restock is RestockStatus.None or RestockStatus.Restocked && Refund is RefundStatus.Refunded or RefundStatus.Rejected;

    /// <summary>
    /// A refund that arrives after its rejection, or after the return was closed, still counts: the money has moved. Nothing else follows the end.
    /// </summary>
    public static Return After(Return? state, IReturnEvent happened) => (state, happened) switch
    {
        (null, ReturnRequested e) => new(
            e.ReturnId, e.Number, e.OrderId, e.Currency, ReturnStatus.Requested, e.Lines, e.Reason, e.Note, e.RequestedAt, e.TraceParent) { Channel = e.Channel },
        ({ Status: ReturnStatus.Requested }, ReturnApproved) => state with { Status = ReturnStatus.Open },
        ({ Status: ReturnStatus.Requested }, ReturnDeclined e) => state with { Status = ReturnStatus.Declined, DeclineReason = e.Reason },
        ({ Status: ReturnStatus.Requested or ReturnStatus.Open, ReceivedAt: null }, ReturnCanceled) => state with { Status = ReturnStatus.Canceled },
        ({ Status: ReturnStatus.Open, ReceivedAt: null }, ReturnReceived e) =>
            state with { LocationId = e.LocationId, ReceivedAt = e.ReceivedAt, Received = e.Lines },
        ({ ReceivedAt: not null, Restock: RestockStatus.None }, RestockRequested) => state with { Restock = RestockStatus.Requested },
        ({ ReceivedAt: not null, Refund: RefundStatus.None }, RefundRequested) => state with { Refund = RefundStatus.Requested },
        ({ Restock: RestockStatus.Requested }, ReturnRestocked) => state with { Restock = RestockStatus.Restocked },
        ({ Refund: not RefundStatus.None }, ReturnRefunded e) => state with
        {
            Refund = RefundStatus.Refunded,
            Refunded = (new Money(state.Refunded, state.Currency) + new Money(e.Amount, e.Currency)).Amount,
            RefundTransactions = state.RefundTransactions.Add(e.TransactionId),
        },
        ({ Refund: RefundStatus.Requested }, ReturnRefundRejected) => state with { Refund = RefundStatus.Rejected },
        ({ Status: ReturnStatus.Open }, ReturnClosed) when state.IsSettled() => state with { Status = ReturnStatus.Closed },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state?.Status.ToString() ?? "nothing"}."),
    };
}
