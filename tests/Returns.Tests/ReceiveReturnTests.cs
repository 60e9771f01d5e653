using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using static Oms.Returns.Tests.Given;
using TheReturn = Oms.Testing.Scenario<Oms.Returns.Domain.Return, Oms.Returns.Domain.IReturnEvent>;

namespace Oms.Returns.Tests;

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
