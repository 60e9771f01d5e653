using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Integration;
using Oms.Orders.Payments;
using Oms.Orders.Tests.Simulation;
using Oms.ServiceDefaults;
using Order = Oms.Orders.Domain.Order;

namespace Oms.SystemTests.Simulation;

/// <summary>The Order service: orders, their process, and their money.</summary>
internal sealed class Sales : Service
{
    private static readonly PaymentResult Nothing = PaymentResult.Done("none");
    private static readonly RiskPolicy Risk = new() { HoldFromTotal = null, HoldFromQuantity = 4 };

    public Sales(World world) : base(world, "order", OrderPublishedLanguage.Translate) => world.Network.Add(
        new("order-fulfillment", 1, Machine.Hears, page => GoOn(page[0])),
        new("order-payments", 1, it => it is AuthorizePayment or CapturePayment or VoidPayment or RefundPayment, page => Pay(page[0])),
        new("order-refunds", 1, it => it is RefundReturn, page => Refund((RefundReturn)page[0])));

    public Streams<Guid, Order, IOrderEvent> Orders { get; } = new();

    public Dictionary<Guid, FulfillmentState> Processes { get; } = [];

    public void Place(PlaceOrder command)
    {
        if (Decide(Orders, command.OrderId, order => PlaceOrderSlice.Decide(command, order, Risk)))
            Processes.Add(command.OrderId, FulfillmentBeginning.Of(Orders[command.OrderId]!, Now));
    }

    public void Cancel(Guid id) => Decide(Orders, id, order => CancelOrderSlice.Decide(new(id, "changed my mind", Now), order));

    public void Hold(Guid id, string reason) => Decide(Orders, id, order => HoldOrderSlice.Decide(new HoldOrder(id, reason, null, Now), order));

    public bool Release(Guid id, string reason) => Decide(Orders, id, order => HoldOrderSlice.Decide(new ReleaseHold(id, reason, Now), order));

    public void Appease(Guid id, decimal amount) => Decide(Orders, id, order =>
        RefundOrderSlice.Decide(new Appease(id, Ids.Derive("appeasement", $"{id:N}", $"{Orders.Version(id)}"), amount, "sorry", Now), order));

    /// <summary>Reminds every process whose time is up.</summary>
    public void SweepDeadlines()
    {
        foreach (var process in Processes.Values)
            if (process.DueAt <= Now)
                World.Network.Remind(new DeadlinePassed(process.CorrelationId, Now));
    }

    private void GoOn(object message)
    {
        var id = message is DeadlinePassed passed ? passed.ProcessId : OrderOf(message);
        var (process, order) = (Processes[id], Orders[id]!);
        var before = process.CurrentState;
        var story = Machine.Consume(process, order, Now, message);
        foreach (var fact in story.Told)
            Tell(Orders, id, fact);
        if (before != process.CurrentState)
            World.Note("process", $"{order.Number}: {before} to {process.CurrentState} on {message.GetType().Name}");
        Commit();
    }

    // The contracts that the process hears have nothing in common but this.
    private static Guid OrderOf(object message) => ((dynamic)message).OrderId;

    // As PaymentConsumer has it: what the process waits for is left to the process when nobody answers, the rest is tried again.
    private void Pay(object message)
    {
        switch (message)
        {
            case AuthorizePayment m when Ask(m.Amount, () => World.Gateway.Authorize(m)) is { } result:
                Decide(Orders, m.OrderId, order => PaymentFacts.Authorized(order, m.TransactionId, result, Now));
                break;
            case CapturePayment m when Ask(m.Amount, () => World.Gateway.Capture(m)) is { } result:
                Decide(Orders, m.OrderId, order => PaymentFacts.Captured(order, m.TransactionId, result, Now));
                break;
            case VoidPayment m:
                if (World.Gateway.Void(m).DeclineReason is { } reason)
                    throw new InvalidOperationException($"The payment gateway refuses to void: {reason}.");
                Decide(Orders, m.OrderId, order => PaymentFacts.Voided(order, m.TransactionId, Now));
                break;
            case RefundPayment m:
                var refunded = m.Amount == 0 ? Nothing : World.Gateway.Refund(m);
                Decide(Orders, m.OrderId, order => PaymentFacts.Refunded(order, m.TransactionId, refunded, Now));
                break;
        }
    }

    private static PaymentResult? Ask(decimal amount, Func<PaymentResult> ask)
    {
        try
        {
            return amount == 0 ? Nothing : ask();
        }
        catch (PaymentGatewayTimeoutException)
        {
            return null;
        }
    }

    private void Refund(RefundReturn command) => Decide(Orders, command.OrderId, order => RefundOrderSlice.Decide(command, order, Now));
}
