using Oms.Kernel;
using Oms.Returns.Domain;

namespace Oms.Returns.Features;

public sealed record RecordRefund(Guid ReturnId, Guid TransactionId, decimal Amount, string Currency, DateTimeOffset At);

public sealed record RecordRefundRejection(Guid ReturnId, string Reason, DateTimeOffset At);

public sealed record RecordRestock(Guid ReturnId, DateTimeOffset At);

/// <summary>
/// The answers to what a received return has asked for: twice, and in any order. The last one awaited closes the return. What was
/// never asked for has no answer, so such a message changes nothing.
/// </summary>
public static class RecordAnswersSlice
{
    public static Decision<IReturnEvent> Decide(RecordRefund command, Return? it) =>
        it is null or { Refund: RefundStatus.None } || it.RefundTransactions.Contains(command.TransactionId)
            ? []
            : AndClose(it, new ReturnRefunded(it.Id, it.OrderId, command.TransactionId, command.Amount, command.Currency, command.At), command.At);

    /// <summary>Late news of a rejection does not undo a refund.</summary>
    public static Decision<IReturnEvent> Decide(RecordRefundRejection command, Return? it) => it is { Refund: RefundStatus.Requested }
        ? AndClose(it, new ReturnRefundRejected(it.Id, it.OrderId, command.Reason, command.At), command.At)
        : [];

    public static Decision<IReturnEvent> Decide(RecordRestock command, Return? it) => it is { Restock: RestockStatus.Requested }
        ? AndClose(it, new ReturnRestocked(it.Id, it.OrderId, command.At), command.At)
        : [];

    private static Decision<IReturnEvent> AndClose(Return before, IReturnEvent answer, DateTimeOffset at)
    {
        var after = Return.After(before, answer);
        return after.Status == ReturnStatus.Open && after.IsSettled()
            ? [answer, new ReturnClosed(after.Id, after.OrderId, after.Refunded, after.Currency, at)]
            : [answer];
    }
}
