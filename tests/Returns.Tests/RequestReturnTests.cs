using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using static Oms.Returns.Tests.Given;
using TheOrder = Oms.Testing.Scenario<Oms.Returns.Domain.ReturnableOrder, Oms.Returns.Domain.IReturnableOrderEvent>;

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
        var begun = RequestReturnSlice.Begin(Request((1, 2)), "RMA-1001", order);
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
