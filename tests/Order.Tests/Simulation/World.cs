using System.Collections.Immutable;
using JasperFx.Events;
using Oms.Contracts;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Integration;
using Oms.Orders.Payments;
using Oms.ServiceDefaults;
using OrderLine = Oms.Orders.Domain.OrderLine;

namespace Oms.Orders.Tests.Simulation;

public enum What
{
    Deliver, Repeat, Ship, Arrive, LocationRejects, StockArrives, TimePasses, Hold, Release, Cancel, Appease, Return,
}

/// <param name="Dice">Where the world has a choice, this number makes it.</param>
public sealed record Step(What What, int Dice);

/// <summary>
/// One order among services that answer yes, no, late, twice, out of order or not at all. The order's side is the real one: deciders, payment facts, the
/// state machine and the published language. The others are a few lines each, and keep books of their own.
/// </summary>
internal sealed class World
{
    private readonly List<object> underway = [];
    private readonly List<object> heard = [];
    private readonly List<object> failed = [];              // in the _error queue until somebody sends it again
    private readonly Others others = new();
    private readonly List<IOrderEvent> told = [];
    private DateTimeOffset now = Given.Noon;

    public World(PlaceOrder place, RiskPolicy risk)
    {
        Tell(PlaceOrderSlice.Decide(place, null, risk));
        Process = FulfillmentBeginning.Of(Order, now);
    }

    public Order Order { get; private set; } = null!;

    public FulfillmentState Process { get; }

    public IReadOnlyList<IOrderEvent> Told => told;

    private string Story => string.Join(", ", told.Select(it => it.GetType().Name));

    public bool IsFinal => Process.CurrentState is nameof(FulfillmentProcess.Completed) or nameof(FulfillmentProcess.Canceled);

    public void Take(Step step)
    {
        var dice = new Dice(step.Dice);
        switch (step.What)
        {
            case What.Deliver when underway.Count > 0:
                var next = dice.One(underway);
                underway.Remove(next);
                Deliver(next, dice);
                break;
            case What.Repeat when heard.Count > 0:
                Deliver(dice.One(heard), dice);
                break;
            case What.Ship:
                Send(others.Ship(dice));
                break;
            case What.Arrive:
                Send(others.Arrive(dice));
                break;
            case What.LocationRejects:
                Send(others.Reject(dice));
                break;
            case What.StockArrives:
                Send(others.StockArrives(dice));
                break;
            case What.TimePasses:
                LetTimePass();
                break;
            case What.Hold:
                Tell(HoldOrderSlice.Decide(new HoldOrder(Order.Id, dice.OneOf("review", "address"), null, now), Order));
                break;
            case What.Release when !Order.Holds.IsEmpty:
                Tell(HoldOrderSlice.Decide(new ReleaseHold(Order.Id, dice.One(Order.Holds).Reason, now), Order));
                break;
            case What.Cancel when dice.OneOf(true, false):
                Tell(CancelOrderSlice.Decide(new(Order.Id, "changed my mind", now), Order));
                break;
            case What.Appease:
                Tell(RefundOrderSlice.Decide(new Appease(Order.Id, others.NewId(), dice.Number(500) / 100m, "sorry", now), Order));
                break;
            case What.Return:
                Send(others.Return(Order, dice));
                break;
        }
        Check();
    }

    /// <summary>From here on everybody answers, and says yes, until nothing is left to do.</summary>
    public void ComeToRest()
    {
        var dice = Dice.Kind;
        for (var round = 0; !IsFinal || underway.Count + failed.Count > 0; round++)
        {
            round.ShouldBeLessThan(2_000, $"The order does not come to an end; it is in {Process.CurrentState} after {Story}.");
            if (underway.Count > 0)
            {
                var next = underway[0];
                underway.RemoveAt(0);
                Deliver(next, dice);
            }
            else if (Order.IsHeld)
                Tell(HoldOrderSlice.Decide(new ReleaseHold(Order.Id, Order.Holds[0].Reason, now), Order));
            else if (others.Ship(dice) is { Count: > 0 } shipped)
                Send(shipped);
            else if (others.Arrive(dice) is { Count: > 0 } arrived)
                Send(arrived);
            else
                LetTimePass();
            Check();
        }
    }

    /// <summary>Everything that was ever said, once more and in another order.</summary>
    public void HearEverythingAgain(int seed)
    {
        var all = heard.ToArray();
        new Random(seed).Shuffle(all);
        foreach (var message in all)
            Deliver(message, Dice.Kind);
        while (underway.Count > 0)
        {
            var next = underway[0];
            underway.RemoveAt(0);
            Deliver(next, Dice.Kind);
        }
    }

    public void CheckTheEnd()
    {
        IsFinal.ShouldBeTrue();
        Process.DueAt.ShouldBeNull();
        foreach (var (what, expected, actual) in ReconcileOrdersSlice.Check(Order, Process))
            actual.ShouldBe(expected, what);
        others.CheckTheEnd(Order);
        var payment = Order.Payment;
        if (payment.IsAuthorized && payment.Captured < payment.Authorized)
            payment.IsVoided.ShouldBeTrue("What was authorized and not captured is given back.");
        payment.Captures.ShouldAllBe(capture => capture.Status == TransactionStatus.Succeeded);
        payment.Captured.ShouldBe(others.Gateway.Captured);
        payment.Refunded.ShouldBe(others.Gateway.Refunded);
        if (Order.CancellationReason is not null)
            Order.Lines.Sum(line => line.Canceled).ShouldBeGreaterThan(0, "A cancellation that stands has canceled something.");
    }

    private void Check()
    {
        if (!IsFinal)
            Process.DueAt.ShouldNotBeNull($"{Process.CurrentState} waits without a deadline.");
        foreach (var line in Order.Lines)
        {
            (line.Open + line.Backordered + line.Allocated + line.Shipped + line.Canceled).ShouldBe(line.Quantity);
            Pieces(Order.FulfillmentOrders.SelectMany(it => it.Lines), line).ShouldBe(line.Allocated);
            Pieces(Order.Backorders.SelectMany(it => it.Lines), line).ShouldBe(line.Backordered);
            Pieces(Order.Parcels.SelectMany(it => it.Lines), line).ShouldBe(line.Shipped);
            Pieces(Order.Parcels.Where(it => it.Delivered).SelectMany(it => it.Lines), line).ShouldBe(line.Delivered);
        }
        Order.Payment.Captured.ShouldBeLessThanOrEqualTo(Order.Payment.Authorized);
        Order.Payment.Refunded.ShouldBeLessThanOrEqualTo(Order.Payment.Captured);
        Order.Payment.Refundable.ShouldBeGreaterThanOrEqualTo(0);
    }

    private static int Pieces(IEnumerable<Pieces> pieces, OrderLine line) => pieces.Where(piece => piece.Line == line.Line).Sum(piece => piece.Quantity);

    private void LetTimePass()
    {
        Send([.. failed]);
        failed.Clear();
        if (Process.DueAt is not { } due)
            return;
        now = due > now ? due : now;
        Send([new DeadlinePassed(Order.Id, now)]);
    }

    private void Deliver(object message, Dice dice)
    {
        if (!heard.Contains(message))
            heard.Add(message);
        if (Machine.Hears(message))
        {
            var story = Consume(message);
            Order = story.State;
            Remember(story.Told);
            return;
        }
        switch (message)
        {
            case AuthorizePayment m when Answer(m.Amount, () => others.Gateway.Authorize(m, dice)) is { } result:
                Tell(PaymentFacts.Authorized(Order, m.TransactionId, result, now));
                break;
            case CapturePayment m when Answer(m.Amount, () => others.Gateway.Capture(m, dice)) is { } result:
                Tell(PaymentFacts.Captured(Order, m.TransactionId, result, now));
                break;
            case VoidPayment m:
                Tell(PaymentFacts.Voided(Order, m.TransactionId, now));
                break;
            case RefundPayment m:
                Tell(PaymentFacts.Refunded(Order, m.TransactionId, others.Gateway.Refund(m, dice), now));
                break;
            case RefundReturn m:
                Refund(m);
                break;
            default:
                Send(others.Answer(message, dice, now));
                break;
        }
    }

    private Story<Order, IOrderEvent> Consume(object message)
    {
        try
        {
            return Machine.Consume(Process, Order, now, message);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{message} in {Process.CurrentState} after {Story}", error);
        }
    }

    // Nothing to pay is no business of the gateway's.
    private static PaymentResult? Answer(decimal amount, Func<PaymentResult?> ask) => amount == 0 ? PaymentResult.Done("none") : ask();

    private void Refund(RefundReturn command)
    {
        try
        {
            Tell(RefundOrderSlice.Decide(command, Order, now));
        }
        catch (InvalidOperationException)                       // a capture, or the news of a delivery, is still on its way
        {
            failed.Add(command);
        }
    }

    private void Tell(Decision<IOrderEvent> decision)
    {
        Order = Fold.All(decision.Events, (Order?)Order)!;
        Remember(decision.Events);
    }

    private void Remember(IEnumerable<IOrderEvent> facts)
    {
        foreach (var fact in facts)
        {
            told.Add(fact);
            if (OrderPublishedLanguage.Translate(new Event<object>(fact)) is { } contract)
                underway.Add(contract);
        }
    }

    private void Send(IEnumerable<object> messages) => underway.AddRange(messages);
}

/// <summary>Choices made by a number, so that a run can be repeated.</summary>
internal sealed class Dice(int? seed)
{
    private readonly Random? random = seed is { } number ? new(number) : null;

    /// <summary>Always the first choice.</summary>
    public static Dice Kind { get; } = new(null);

    public int Number(int below) => random?.Next(below) ?? 0;

    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Number(choices.Length)];

    public T One<T>(IReadOnlyList<T> choices) => choices[Number(choices.Count)];
}
