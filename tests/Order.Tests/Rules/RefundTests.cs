using Oms.Contracts;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Testing;
using Order = Oms.Orders.Domain.Order;

namespace Oms.Orders.Tests.Rules;

public sealed class AppeaseTests
{
    private static Scenario<Order, IOrderEvent>.Outcome Appeasing(decimal amount, params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => RefundOrderSlice.Decide(new Appease(Given.Order, Given.Refund, amount, "sorry", Given.Noon), order));

    private static RefundRequested Asked(decimal amount) => new(Given.Order, Given.Refund, null, [], Given.Reference, amount, "USD", "sorry", Given.Noon);

    [Fact]
    public void gives_back_up_to_what_was_captured()
    {
        Appeasing(33m, Given.Delivered).Then(it => it.ShouldBeOfType<RefundRequested>().Amount.ShouldBe(33m));
        Appeasing(33.01m, Given.Delivered).Refused("refund-too-large");
    }

    [Fact]
    public void of_what_nobody_knows_is_refused() => Appeasing(1m).Refused("order-not-found");

    [Fact]
    public void before_anything_is_captured_is_refused()
    {
        Appeasing(1m, Given.Paid).Refused("refund-too-large");
        Appeasing(1m, Given.Shipped).Refused("refund-too-large");
    }

    [Fact]
    public void what_is_on_its_way_back_counts_as_gone()
    {
        Appeasing(1m, [.. Given.Delivered, Asked(33m) with { TransactionId = Given.Return }]).Refused("refund-too-large");
        var failed = new RefundFailed(Given.Order, Given.Return, null, "exceeds_capture", Given.Noon);
        Appeasing(33m, [.. Given.Delivered, Asked(33m) with { TransactionId = Given.Return }, failed]).After()!.Payment.Refundable.ShouldBe(0m);
    }

    [Fact]
    public void repeated_changes_nothing() => Appeasing(10m, [.. Given.Delivered, Asked(10m)]).NothingHappened();
}

public sealed class RefundReturnTests
{
    private static RefundReturn Return(params (int Line, int Quantity)[] lines) =>
        new(Given.Return, Given.Order, [.. lines.Select(line => new LineQuantity(line.Line, line.Line == 1 ? "MUG" : "PLATE", line.Quantity))], "too small", Given.Noon);

    private static Scenario<Order, IOrderEvent>.Outcome Refunding(RefundReturn command, params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => RefundOrderSlice.Decide(command, order, Given.Noon));

    private static decimal Amount(RefundReturn command, params IOrderEvent[] before) =>
        Refunding(command, before).After()!.Payment.Refunds[^1].Amount;

    private static RefundRequested Earlier(int mugs, decimal amount) =>
        new(Given.Order, Given.Refund, Given.Refund, [new(1, "MUG", mugs)], Given.Reference, amount, "USD", "too small", Given.Noon);

    [Fact]
    public void is_worth_what_the_pieces_were_sold_for()
    {
        var order = Refunding(Return((1, 2), (2, 1)), Given.Delivered).Then(it => it.ShouldBeOfType<RefundRequested>().ShouldSatisfyAllConditions(
            asked => asked.Amount.ShouldBe(3.34m + 3.33m + 9m),
            asked => asked.TransactionId.ShouldBe(Ids.Derive("refund", $"{Given.Return:N}")),
            asked => asked.Lines.ShouldBe([new Pieces(1, "MUG", 2), new Pieces(2, "PLATE", 1)])))!;
        order.Lines.Select(line => line.Returned).ShouldBe([2, 1]);
    }

    [Fact]
    public void three_returns_of_a_third_each_are_the_whole()
    {
        Amount(Return((1, 1)), Given.Delivered).ShouldBe(3.34m);
        Amount(Return((1, 1)), [.. Given.Delivered, Earlier(1, 3.34m)]).ShouldBe(3.33m);
        Amount(Return((1, 1)), [.. Given.Delivered, Earlier(2, 6.67m)]).ShouldBe(3.33m);
    }

    /// <summary>The cent of the first piece is not given out again, and not lost, when its refund fails.</summary>
    [Fact]
    public void a_failed_refund_does_not_shift_the_value_of_the_other_pieces() =>
        Amount(Return((1, 2)), [.. Given.Delivered, Earlier(1, 3.34m), new RefundFailed(Given.Order, Given.Refund, Given.Refund, "exceeds_capture", Given.Noon)])
            .ShouldBe(6.66m);

    [Fact]
    public void a_line_named_twice_is_one_line() => Amount(Return((1, 1), (1, 1)), Given.Delivered).ShouldBe(6.67m);

    [Fact]
    public void what_can_never_have_been_delivered_is_rejected()
    {
        Refunding(Return((1, 4)), Given.Delivered).Then(new Domain.ReturnRefundRejected(Given.Order, Given.Return, "not_delivered", Given.Noon));
        Refunding(Return((1, 2)), [.. Given.Delivered, Earlier(2, 6.67m)]).Then(new Domain.ReturnRefundRejected(Given.Order, Given.Return, "not_delivered", Given.Noon));
        Refunding(Return((3, 1)), Given.Delivered).Then(new Domain.ReturnRefundRejected(Given.Order, Given.Return, "not_delivered", Given.Noon));
    }

    /// <summary>Returns had the news first. A customer whose goods are back must not be told that they were never delivered.</summary>
    [Fact]
    public void waits_for_the_news_of_a_delivery() =>
        Should.Throw<InvalidOperationException>(() => Refunding(Return((1, 1)), Given.Shipped)).Message.ShouldContain("still on its way");

    [Fact]
    public void more_than_is_left_of_the_money_is_rejected()
    {
        var appeased = new RefundRequested(Given.Order, Given.Refund, null, [], Given.Reference, 30m, "USD", "sorry", Given.Noon);
        Refunding(Return((1, 1)), [.. Given.Delivered, appeased]).Then(it => it.ShouldBeOfType<Domain.ReturnRefundRejected>().Reason.ShouldBe("exceeds_captured"));
    }

    [Fact]
    public void waits_for_a_capture_that_is_on_its_way() =>
        Should.Throw<InvalidOperationException>(() => Refunding(Return((1, 1)), [.. Given.Shipped, Given.Arrived(Given.Parcel)])).Message.ShouldContain("still on its way");

    [Fact]
    public void repeated_changes_nothing_whatever_the_first_answer_was()
    {
        Refunding(Return((1, 1)), [.. Given.Delivered, Earlier(1, 3.34m) with { ReturnId = Given.Return }]).NothingHappened();
        Refunding(Return((1, 1)), [.. Given.Delivered, new Domain.ReturnRefundRejected(Given.Order, Given.Return, "not_delivered", Given.Noon)]).NothingHappened();
    }

    [Fact]
    public void of_an_order_that_nobody_knows_is_a_defect() => Should.Throw<InvalidOperationException>(() => Refunding(Return((1, 1))));
}
