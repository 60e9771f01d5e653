using Marten;
using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.ServiceDefaults;

namespace Oms.Returns.Integration;

/// <summary>The answers to what returns have asked for.</summary>
public sealed partial class AnswerConsumer(IDocumentStore store, ILogger<AnswerConsumer> log) :
    IConsumer<PaymentRefunded>, IConsumer<Contracts.Orders.V1.ReturnRefundRejected>, IConsumer<Contracts.Inventory.V1.ReturnRestocked>
{
    public const string Queue = "returns-answers";

    /// <summary>A refund without a return is none of ours.</summary>
    public Task Consume(ConsumeContext<PaymentRefunded> context) => context.Message is { ReturnId: { } returnId } message
        ? Record(returnId, it => RecordAnswersSlice.Decide(
            new RecordRefund(returnId, message.TransactionId, message.Amount, message.Currency, message.RefundedAt), it), context)
        : Task.CompletedTask;

    public Task Consume(ConsumeContext<Contracts.Orders.V1.ReturnRefundRejected> context) => Record(
        context.Message.ReturnId,
        it => RecordAnswersSlice.Decide(new RecordRefundRejection(context.Message.ReturnId, context.Message.Reason, context.Message.RejectedAt), it), context);

    public Task Consume(ConsumeContext<Contracts.Inventory.V1.ReturnRestocked> context) => Record(
        context.Message.ReturnId,
        it => RecordAnswersSlice.Decide(new RecordRestock(context.Message.ReturnId, context.Message.RestockedAt), it), context);

    private async Task Record<T>(Guid returnId, Func<Return?, Decision<IReturnEvent>> decide, ConsumeContext<T> context) where T : class
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = $"queue:{Queue}";
        var decided = await session.Decide(returnId, decide, context.CancellationToken);
        if (decided.State?.ReceivedAt is null)
            NobodyAsked(log, typeof(T).Name, returnId);
        await session.SaveChangesAsync(context.CancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} for return {ReturnId}, which has not asked for it: a defect of its sender")]
    private static partial void NobodyAsked(ILogger log, string message, Guid returnId);
}
