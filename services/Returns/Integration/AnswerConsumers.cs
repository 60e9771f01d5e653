using Marten;
using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.ServiceDefaults;

namespace Oms.Returns.Integration;

/// <summary>Whose answer it is, and what it decides.</summary>
public sealed record ReturnAnswer(Guid ReturnId, Func<Return?, Decision<IReturnEvent>> Decide);

/// <summary>The answers to what returns have asked for.</summary>
public sealed partial class AnswerConsumer(IDocumentStore store, ILogger<AnswerConsumer> log) :
    IConsumer<PaymentRefunded>, IConsumer<Contracts.Orders.V1.ReturnRefundRejected>, IConsumer<Contracts.Inventory.V1.ReturnRestocked>
{
    public const string Queue = "returns-answers";

    public Task Consume(ConsumeContext<PaymentRefunded> context) => Record(Read(context.Message), context);

    public Task Consume(ConsumeContext<Contracts.Orders.V1.ReturnRefundRejected> context) => Record(Read(context.Message), context);

    public Task Consume(ConsumeContext<Contracts.Inventory.V1.ReturnRestocked> context) => Record(Read(context.Message), context);

    /// <summary>Null for a refund without a return: it is none of ours.</summary>
    public static ReturnAnswer? Read(PaymentRefunded message) => message.ReturnId is not { } returnId ? null : new(returnId, it => RecordAnswersSlice.Decide(
        new RecordRefund(returnId, message.TransactionId, message.Amount, message.Currency, message.RefundedAt), it));

    public static ReturnAnswer Read(Contracts.Orders.V1.ReturnRefundRejected message) => new(
        message.ReturnId, it => RecordAnswersSlice.Decide(new RecordRefundRejection(message.ReturnId, message.Reason, message.RejectedAt), it));

    public static ReturnAnswer Read(Contracts.Inventory.V1.ReturnRestocked message) => new(
        message.ReturnId, it => RecordAnswersSlice.Decide(new RecordRestock(message.ReturnId, message.RestockedAt), it));

    private async Task Record<T>(ReturnAnswer? answer, ConsumeContext<T> context) where T : class
    {
        if (answer is not var (returnId, decide))
            return;
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
