using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.Testing;
using static Oms.Returns.Tests.Given;
using TheOrder = Oms.Testing.Scenario<Oms.Returns.Domain.ReturnableOrder, Oms.Returns.Domain.IReturnableOrderEvent>;
using TheReturn = Oms.Testing.Scenario<Oms.Returns.Domain.Return, Oms.Returns.Domain.IReturnEvent>;

namespace Oms.Returns.Tests;

public sealed class RequestReturnTests
{
    private static Func<ReturnableOrder?, Decision<IReturnableOrderEvent>> When(params (int Line, int Quantity)[] lines) =>
        order => RequestReturnSlice.Decide(Request(lines), order);

    [Fact]
    public void claims_the_pieces() =>
        TheOrder.Given(ItWasPlaced, ItWasDelivered).When(When((1, 2), (2, 1))).After()!.Lines.Values.Select(line => line.Left).ShouldBe([1, 1]);

    [Fact]
    public void begins_the_return_in_the_trace_of_the_order()
    {
        var order = TheOrder.Given(ItWasPlaced, ItWasDelivered).When(When((1, 2))).After()!;
        var begun = RequestReturnSlice.Begin(Request((1, 2)), order);
        (begun.TraceParent, begun.Currency, begun.Lines.Single()).ShouldBe((Trace, "EUR", new ReturnLine(1, "MUG", 2, "too small")));
    }

    [Fact]
    public void is_refused_for_an_order_nobody_knows() => TheOrder.Given().When(When((1, 1))).Refused("order-not-found");

    [Fact]
    public void is_refused_while_only_a_delivery_is_known() => TheOrder.Given(ItWasDelivered).When(When((1, 1))).Refused("order-not-found");

    [Fact]
    public void is_refused_for_a_line_the_order_does_not_have() => TheOrder.Given(ItWasPlaced, ItWasDelivered).When(When((3, 1))).Refused("unknown-line");

    [Fact]
    public void is_refused_before_delivery() => TheOrder.Given(ItWasPlaced).When(When((1, 1))).Refused("not-delivered");

    [Fact]
    public void is_refused_when_every_piece_is_claimed() =>
        TheOrder.Given(ItWasPlaced, ItWasDelivered, Claimed((1, 3))).When(When((1, 1))).Refused("nothing-left-to-return");

    [Fact]
    public void is_refused_for_more_than_is_left() =>
        TheOrder.Given(ItWasPlaced, ItWasDelivered, Claimed((1, 1))).When(When((1, 3))).Refused("return-quantity-too-large");

    [Fact]
    public void tells_about_every_wrong_line_at_once() =>
        RequestReturnSlice.Decide(Request((1, 9), (2, 1), (3, 1)), Fold.All<ReturnableOrder, IReturnableOrderEvent>([ItWasPlaced, ItWasDelivered]))
            .Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["lines[0]", "lines[2]"]);

    [Fact]
    public void may_have_pieces_that_were_given_back() =>
        TheOrder.Given(ItWasPlaced, ItWasDelivered, Claimed((1, 3)), Released((1, 3))).When(When((1, 3))).After()!.Lines[1].Left.ShouldBe(0);
}

public sealed class WhatMayComeBackTests
{
    private static readonly RecordOrder Placed = new(Order, "#1001", "EUR", ItWasPlaced.Lines, Noon, Trace);
    private static readonly RecordDelivery Arrived = new(Order, Shipment, ItWasDelivered.Lines, Noon, Trace);

    [Fact]
    public void an_order_is_recorded_once()
    {
        TheOrder.Given().When(order => RecordOrderSlice.Decide(Placed, order)).After()!.Number.ShouldBe("#1001");
        TheOrder.Given(ItWasPlaced).When(order => RecordOrderSlice.Decide(Placed, order)).NothingHappened();
    }

    [Fact]
    public void a_delivery_is_counted_once()
    {
        TheOrder.Given(ItWasPlaced).When(order => RecordDeliverySlice.Decide(Arrived, order)).After()!.Lines[1].Delivered.ShouldBe(3);
        TheOrder.Given(ItWasPlaced, ItWasDelivered).When(order => RecordDeliverySlice.Decide(Arrived, order)).NothingHappened();
    }

    [Fact]
    public void a_second_parcel_adds_to_the_first()
    {
        var second = new RecordDelivery(Order, Transaction, [new(1, "MUG", 1)], Noon, Trace);
        TheOrder.Given(ItWasPlaced, Delivered(Shipment, (1, "MUG", 2))).When(order => RecordDeliverySlice.Decide(second, order)).After()!.Lines[1].Delivered.ShouldBe(3);
    }

    [Fact]
    public void a_delivery_heard_of_first_is_kept_for_the_order()
    {
        var order = TheOrder.Given(ItWasDelivered).When(it => RecordOrderSlice.Decide(Placed, it)).After()!;
        order.Lines.ShouldBe(Fold.All<ReturnableOrder, IReturnableOrderEvent>([ItWasPlaced, ItWasDelivered])!.Lines);
        order.Currency.ShouldBe("EUR");
    }

    [Fact]
    public void a_claim_for_what_was_not_delivered_is_a_bug() =>
        Should.Throw<InvalidOperationException>(() => Fold.All<ReturnableOrder, IReturnableOrderEvent>([ItWasPlaced, Claimed((1, 1))]));
}

public sealed class ApproveReturnTests
{
    private static Decision<IReturnEvent> Approve(Return? it) => ApproveReturnSlice.Decide(new(ReturnId, Noon), it);

    [Fact]
    public void opens_it() => TheReturn.Given(ItWasRequested).When(Approve).Then(ItWasApproved)!.Status.ShouldBe(ReturnStatus.Open);

    [Fact]
    public void repeated_changes_nothing() => TheReturn.Given(ItWasRequested, ItWasApproved).When(Approve).NothingHappened();

    [Fact]
    public void is_refused_without_a_return() => TheReturn.Given().When(Approve).Refused("return-not-found");

    [Fact]
    public void is_refused_once_declined() => TheReturn.Given(ItWasRequested, ItWasDeclined).When(Approve).Refused("return-declined");

    [Fact]
    public void is_refused_once_canceled() => TheReturn.Given(ItWasRequested, ItWasCanceled).When(Approve).Refused("return-canceled");
}

public sealed class DeclineReturnTests
{
    private static Decision<IReturnEvent> Decline(Return? it) => DeclineReturnSlice.Decide(new(ReturnId, "too late", Noon), it);

    [Fact]
    public void ends_it() => TheReturn.Given(ItWasRequested).When(Decline).Then(ItWasDeclined)!.DeclineReason.ShouldBe("too late");

    [Fact]
    public void repeated_changes_nothing() => TheReturn.Given(ItWasRequested, ItWasDeclined).When(Decline).NothingHappened();

    [Fact]
    public void is_refused_without_a_return() => TheReturn.Given().When(Decline).Refused("return-not-found");

    [Fact]
    public void is_refused_once_approved() => TheReturn.Given(ItWasRequested, ItWasApproved).When(Decline).Refused("return-already-approved");

    [Fact]
    public void is_refused_once_canceled() => TheReturn.Given(ItWasRequested, ItWasCanceled).When(Decline).Refused("return-canceled");
}

public sealed class CancelReturnTests
{
    private static Decision<IReturnEvent> Cancel(Return? it) => CancelReturnSlice.Decide(new(ReturnId, Noon), it);

    [Fact]
    public void calls_a_requested_one_off() => TheReturn.Given(ItWasRequested).When(Cancel).Then(ItWasCanceled);

    [Fact]
    public void calls_an_approved_one_off() => TheReturn.Given(ItWasRequested, ItWasApproved).When(Cancel).Then(ItWasCanceled)!.Status.ShouldBe(ReturnStatus.Canceled);

    [Fact]
    public void repeated_changes_nothing() => TheReturn.Given(ItWasRequested, ItWasCanceled).When(Cancel).NothingHappened();

    [Fact]
    public void is_refused_without_a_return() => TheReturn.Given().When(Cancel).Refused("return-not-found");

    [Fact]
    public void is_refused_once_declined() => TheReturn.Given(ItWasRequested, ItWasDeclined).When(Cancel).Refused("return-declined");

    [Fact]
    public void is_refused_once_the_goods_are_back() => TheReturn.Given(EverythingIsAskedFor).When(Cancel).Refused("return-already-received");
}

public sealed class ReceiveReturnTests
{
    private static Func<Return?, Decision<IReturnEvent>> When(params (int Line, int Quantity, Disposition Disposition)[] lines) =>
        it => ReceiveReturnSlice.Decide(Receive(lines), it);

    private static readonly IReturnEvent[] Approved = [ItWasRequested, ItWasApproved];

    [Fact]
    public void asks_for_restock_and_refund() => TheReturn.Given(Approved)
        .When(When((1, 2, Disposition.Restocked), (2, 1, Disposition.QualityControl)))
        .Then(
            e => e.ShouldBeOfType<ReturnReceived>().LocationId.ShouldBe("nyc"),
            e => e.ShouldBeOfType<RestockRequested>().Lines.ShouldBe([new(1, "MUG", 2, "available"), new(2, "PLATE", 1, "quality_control")]),
            e => e.ShouldBeOfType<RefundRequested>().Lines.ShouldBe([new(1, "MUG", 2), new(2, "PLATE", 1)]));

    [Fact]
    public void refunds_what_is_not_restocked_too() => TheReturn.Given(Approved)
        .When(When((1, 1, Disposition.NotRestocked), (1, 1, Disposition.Damaged)))
        .Then(
            e => e.ShouldBeOfType<ReturnReceived>(),
            e => e.ShouldBeOfType<RestockRequested>().Lines.ShouldBe([new(1, "MUG", 1, "damaged")]),
            e => e.ShouldBeOfType<RefundRequested>().Lines.ShouldBe([new(1, "MUG", 2)]));

    [Fact]
    public void asks_for_no_restock_when_nothing_becomes_stock() => TheReturn.Given(Approved)
        .When(When((1, 2, Disposition.NotRestocked)))
        .Then(e => e.ShouldBeOfType<ReturnReceived>(), e => e.ShouldBeOfType<RefundRequested>());

    [Fact]
    public void gives_back_the_claims_of_what_did_not_come() =>
        Claims.NotReceived(TheReturn.Given(Approved).When(When((1, 1, Disposition.Restocked))).After()!).ShouldBe([new(1, 1), new(2, 1)]);

    [Fact]
    public void said_again_in_another_order_changes_nothing() => TheReturn.Given(EverythingIsAskedFor)
        .When(When((2, 1, Disposition.Damaged), (1, 2, Disposition.Restocked))).NothingHappened();

    [Fact]
    public void said_again_after_the_end_changes_nothing() => TheReturn.Given([.. EverythingIsAskedFor, ItWasRestocked, ItWasRefunded, Closed(29m)])
        .When(When((1, 2, Disposition.Restocked), (2, 1, Disposition.Damaged))).NothingHappened();

    [Fact]
    public void is_refused_with_another_content() => TheReturn.Given(EverythingIsAskedFor)
        .When(When((1, 2, Disposition.Restocked))).Refused("return-received-differently");

    [Fact]
    public void is_refused_without_a_return() => TheReturn.Given().When(When((1, 1, Disposition.Damaged))).Refused("return-not-found");

    [Fact]
    public void is_refused_before_approval() => TheReturn.Given(ItWasRequested).When(When((1, 1, Disposition.Damaged))).Refused("return-not-approved");

    [Fact]
    public void is_refused_once_declined() => TheReturn.Given(ItWasRequested, ItWasDeclined).When(When((1, 1, Disposition.Damaged))).Refused("return-declined");

    [Fact]
    public void is_refused_once_canceled() => TheReturn.Given(ItWasRequested, ItWasCanceled).When(When((1, 1, Disposition.Damaged))).Refused("return-canceled");

    [Fact]
    public void is_refused_for_more_than_was_approved() => TheReturn.Given(Approved)
        .When(When((1, 2, Disposition.Restocked), (1, 1, Disposition.Damaged))).Refused("received-too-many");

    [Fact]
    public void is_refused_for_a_line_that_was_not_requested() => TheReturn.Given(Approved).When(When((7, 1, Disposition.Restocked))).Refused("unknown-line");
}

public sealed class AnswerTests
{
    private static Decision<IReturnEvent> Refund(Return? it) => RecordAnswersSlice.Decide(new RecordRefund(ReturnId, Transaction, 29m, "EUR", Noon), it);

    private static Decision<IReturnEvent> Reject(Return? it) => RecordAnswersSlice.Decide(new RecordRefundRejection(ReturnId, "no capture", Noon), it);

    private static Decision<IReturnEvent> Restock(Return? it) => RecordAnswersSlice.Decide(new RecordRestock(ReturnId, Noon), it);

    [Fact]
    public void the_first_one_does_not_close_it()
    {
        TheReturn.Given(EverythingIsAskedFor).When(Refund).Then(ItWasRefunded)!.Status.ShouldBe(ReturnStatus.Open);
        TheReturn.Given(EverythingIsAskedFor).When(Restock).Then(ItWasRestocked)!.Status.ShouldBe(ReturnStatus.Open);
    }

    [Fact]
    public void the_last_one_closes_it_in_either_order()
    {
        TheReturn.Given([.. EverythingIsAskedFor, ItWasRefunded]).When(Restock).Then(ItWasRestocked, Closed(29m))!.Status.ShouldBe(ReturnStatus.Closed);
        TheReturn.Given([.. EverythingIsAskedFor, ItWasRestocked]).When(Refund).Then(ItWasRefunded, Closed(29m))!.Refunded.ShouldBe(29m);
    }

    [Fact]
    public void the_refund_alone_closes_it_when_nothing_became_stock() =>
        TheReturn.Given([.. EverythingIsAskedFor.Where(e => e is not RestockRequested)]).When(Refund).Then(ItWasRefunded, Closed(29m));

    [Fact]
    public void a_rejection_is_an_answer_too() => TheReturn.Given([.. EverythingIsAskedFor, ItWasRestocked]).When(Reject).Then(ItsRefundWasRejected, Closed(0m));

    [Fact]
    public void twice_changes_nothing()
    {
        TheReturn.Given([.. EverythingIsAskedFor, ItWasRefunded]).When(Refund).NothingHappened();
        TheReturn.Given([.. EverythingIsAskedFor, ItWasRestocked]).When(Restock).NothingHappened();
        TheReturn.Given([.. EverythingIsAskedFor, ItsRefundWasRejected]).When(Reject).NothingHappened();
    }

    [Fact]
    public void a_rejection_after_the_refund_is_old_news() => TheReturn.Given([.. EverythingIsAskedFor, ItWasRefunded]).When(Reject).NothingHappened();

    [Fact]
    public void a_refund_that_people_made_after_the_rejection_counts() =>
        TheReturn.Given([.. EverythingIsAskedFor, ItWasRestocked, ItsRefundWasRejected, Closed(0m)]).When(Refund).Then(ItWasRefunded)!
            .ShouldSatisfyAllConditions(it => it.Status.ShouldBe(ReturnStatus.Closed), it => it.Refund.ShouldBe(RefundStatus.Refunded), it => it.Refunded.ShouldBe(29m));

    [Fact]
    public void what_was_never_asked_for_changes_nothing()
    {
        TheReturn.Given().When(Refund).NothingHappened();
        TheReturn.Given(ItWasRequested, ItWasApproved).When(Refund).NothingHappened();
        TheReturn.Given(ItWasRequested, ItWasApproved).When(Restock).NothingHappened();
        TheReturn.Given().When(Reject).NothingHappened();
    }

    [Fact]
    public void a_refund_in_another_currency_is_a_bug() => Should.Throw<InvalidOperationException>(() =>
        RecordAnswersSlice.Decide(new RecordRefund(ReturnId, Transaction, 29m, "USD", Noon), Fold.All<Return, IReturnEvent>(EverythingIsAskedFor)));
}
