using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Payments;
using Oms.Testing;

namespace Oms.Orders.Tests.Rules;

public sealed class PaymentFactsTests
{
    private static readonly RefundRequested RefundWasAskedFor =
        new(Given.Order, Given.Refund, Given.Return, [new(1, "MUG", 1)], Given.Reference, 3.34m, "USD", "too small", Given.Noon);

    private static Scenario<Order, IOrderEvent>.Outcome When(Func<Order?, Decision<IOrderEvent>> answer, params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(answer);

    private static Decision<IOrderEvent> Authorized(Order? order, PaymentResult result) => PaymentFacts.Authorized(order, Given.Authorization, result, Given.Noon);

    private static Decision<IOrderEvent> Captured(Order? order, PaymentResult result) =>
        PaymentFacts.Captured(order, Given.Capture(Given.Parcel), result, Given.Noon);

    private static Decision<IOrderEvent> Refunded(Order? order, PaymentResult result) => PaymentFacts.Refunded(order, Given.Refund, result, Given.Noon);

    [Fact]
    public void an_authorization_is_remembered()
    {
        var order = When(it => Authorized(it, Given.Approved), Given.ItWasPlaced, Given.PaymentWasAskedFor).Then(Given.ItWasPaid)!;
        (order.Payment.Authorized, order.Payment.Reference, order.Status).ShouldBe((33m, Given.Reference, OrderStatus.Routing));
    }

    [Fact]
    public void a_decline_is_remembered() => When(it => Authorized(it, Given.Refused), Given.ItWasPlaced, Given.PaymentWasAskedFor)
        .Then(new PaymentDeclined(Given.Order, Given.Authorization, "card_declined", Given.Noon))!.Payment.DeclineReason.ShouldBe("card_declined");

    [Fact]
    public void the_first_answer_to_an_authorization_stands()
    {
        When(it => Authorized(it, Given.Approved), Given.Paid).NothingHappened();
        When(it => Authorized(it, Given.Refused), Given.Paid).NothingHappened();
        When(it => Authorized(it, Given.Approved), Given.ItWasPlaced, Given.PaymentWasAskedFor,
            new PaymentDeclined(Given.Order, Given.Authorization, "card_declined", Given.Noon)).NothingHappened();
    }

    [Fact]
    public void a_capture_is_remembered_with_what_was_asked_for()
    {
        var order = When(it => Captured(it, PaymentResult.Done("capture_1")), Given.Shipped).Then(Given.Captured(Given.Parcel, 33m))!;
        (order.Payment.Captured, order.Payment.IsCaptured).ShouldBe((33m, true));
    }

    [Fact]
    public void a_failed_capture_is_remembered()
    {
        var order = When(it => Captured(it, Given.Refused), Given.Shipped)
            .Then(new PaymentCaptureFailed(Given.Order, Given.Capture(Given.Parcel), "card_declined", Given.Noon))!;
        (order.Payment.Captured, order.Payment.IsCaptured).ShouldBe((0m, false));
    }

    [Fact]
    public void a_repeated_or_late_answer_to_a_capture_changes_nothing()
    {
        When(it => Captured(it, Given.Approved), Given.Delivered).NothingHappened();
        When(it => Captured(it, Given.Refused), Given.Delivered).NothingHappened();
        // Asked for again under another id, after the first had failed.
        When(it => Captured(it, Given.Approved), [.. Given.Shipped, new PaymentCaptureFailed(Given.Order, Given.Capture(Given.Parcel), "card_declined", Given.Noon),
            Given.CaptureWasAskedFor(Given.Parcel, 33m) with { TransactionId = Given.SecondParcel }]).NothingHappened();
    }

    [Fact]
    public void a_void_is_remembered_once()
    {
        var asked = new PaymentVoidRequested(Given.Order, Given.Refund, Given.Reference, Given.Noon);
        var voided = new PaymentVoided(Given.Order, Given.Refund, Given.Noon);
        When(it => PaymentFacts.Voided(it, Given.Refund, Given.Noon), [.. Given.Paid, asked]).Then(voided)!.Payment.IsVoided.ShouldBeTrue();
        When(it => PaymentFacts.Voided(it, Given.Refund, Given.Noon), [.. Given.Paid, asked, voided]).NothingHappened();
    }

    [Fact]
    public void a_refund_is_remembered_with_what_it_is_for()
    {
        var order = When(it => Refunded(it, PaymentResult.Done("refund_1")), [.. Given.Delivered, RefundWasAskedFor]).Then(
            new PaymentRefunded(Given.Order, Given.Refund, Given.ItWasPlaced.CustomerId, Given.Return, "refund_1", 3.34m, "USD", Given.Noon))!;
        (order.Payment.Refunded, order.Payment.Refundable).ShouldBe((3.34m, 29.66m));
    }

    [Fact]
    public void a_failed_refund_can_be_asked_for_again_but_its_pieces_stay_returned()
    {
        var order = When(it => Refunded(it, Given.Refused), [.. Given.Delivered, RefundWasAskedFor])
            .Then(new RefundFailed(Given.Order, Given.Refund, Given.Return, "card_declined", Given.Noon))!;
        (order.Payment.Refunded, order.Payment.Refundable, order.Line(1).Returned).ShouldBe((0m, 33m, 1));
    }

    [Fact]
    public void a_repeated_answer_to_a_refund_changes_nothing()
    {
        var refunded = new PaymentRefunded(Given.Order, Given.Refund, null, Given.Return, "refund_1", 3.34m, "USD", Given.Noon);
        When(it => Refunded(it, Given.Approved), [.. Given.Delivered, RefundWasAskedFor, refunded]).NothingHappened();
        When(it => Refunded(it, Given.Refused), [.. Given.Delivered, RefundWasAskedFor, refunded]).NothingHappened();
    }

    [Fact]
    public void an_answer_for_an_order_that_nobody_knows_is_a_defect()
    {
        Should.Throw<InvalidOperationException>(() => Authorized(null, Given.Approved));
        Should.Throw<InvalidOperationException>(() => Captured(null, Given.Approved));
        Should.Throw<InvalidOperationException>(() => Refunded(null, Given.Approved));
        Should.Throw<InvalidOperationException>(() => PaymentFacts.Voided(null, Given.Refund, Given.Noon));
    }
}
