using MassTransit;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Polly;

namespace Oms.Orders.Payments;

/// <summary>
/// Moves money when the process asks for it: first the gateway, then the fact. A crash in between asks the gateway again, under
/// the same transaction id, and hears the same answer.
/// </summary>
public sealed partial class PaymentConsumer(IPaymentGateway gateway, OrderStories stories, TimeProvider clock, ILogger<PaymentConsumer> log)
    : IConsumer<AuthorizePayment>, IConsumer<CapturePayment>, IConsumer<VoidPayment>, IConsumer<RefundPayment>
{
    // Nothing to pay, or nothing to give back, is no business of a gateway's.
    private static readonly PaymentResult Nothing = PaymentResult.Done("none");

    private static readonly ResiliencePipeline AskAgain = new ResiliencePipelineBuilder().AddRetry(new()
    {
        ShouldHandle = new PredicateBuilder().Handle<PaymentGatewayTimeoutException>(),
        MaxRetryAttempts = 3,
        Delay = TimeSpan.FromMilliseconds(200),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    }).Build();

    public async Task Consume(ConsumeContext<AuthorizePayment> context)
    {
        var m = context.Message;
        var result = m.Amount == 0
            ? Nothing
            : await AskOrLeaveToTheProcess(m.OrderId, token => gateway.Authorize(m.TransactionId, m.Token, m.Amount, m.Currency, token), context);
        if (result is null)
            return;
        await Record(context, m.OrderId, order => PaymentFacts.Authorized(order, m.TransactionId, result, clock.GetUtcNow()));
    }

    public async Task Consume(ConsumeContext<CapturePayment> context)
    {
        var m = context.Message;
        var result = m.Amount == 0
            ? Nothing
            : await AskOrLeaveToTheProcess(
                m.OrderId, token => gateway.Capture(m.TransactionId, m.AuthorizationReference, m.Amount, m.Currency, token), context);
        if (result is null)
            return;
        await Record(context, m.OrderId, order => PaymentFacts.Captured(order, m.TransactionId, result, clock.GetUtcNow()));
    }

    public async Task Consume(ConsumeContext<VoidPayment> context)
    {
        var m = context.Message;
        var result = await gateway.Void(m.TransactionId, m.AuthorizationReference, context.CancellationToken);
        if (result.DeclineReason is { } reason)
            throw new InvalidOperationException($"The payment gateway refuses to void {m.AuthorizationReference}: {reason}.");
        await Record(context, m.OrderId, order => PaymentFacts.Voided(order, m.TransactionId, clock.GetUtcNow()));
    }

    public async Task Consume(ConsumeContext<RefundPayment> context)
    {
        var m = context.Message;
        var result = m.Amount == 0
            ? Nothing
            : await gateway.Refund(m.TransactionId, m.AuthorizationReference, m.Amount, m.Currency, context.CancellationToken);
        await Record(context, m.OrderId, order => PaymentFacts.Refunded(order, m.TransactionId, result, clock.GetUtcNow()));
    }

    /// <summary>Null when the gateway does not answer: that is no defect, and the process asks again when its deadline has passed.</summary>
    private async Task<PaymentResult?> AskOrLeaveToTheProcess(Guid orderId, Func<CancellationToken, Task<PaymentResult>> ask, ConsumeContext context)
    {
        try
        {
            return await AskAgain.ExecuteAsync(async token => await ask(token), context.CancellationToken);
        }
        catch (PaymentGatewayTimeoutException error)
        {
            Log.NoAnswer(log, error, orderId);
            return null;
        }
    }

    private Task Record(ConsumeContext context, Guid orderId, Func<Order?, Decision<IOrderEvent>> decide) =>
        stories.Decide(orderId, decide, "payments", context.CancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The payment gateway does not answer for order {OrderId}")]
        public static partial void NoAnswer(ILogger log, Exception error, Guid orderId);
    }
}
