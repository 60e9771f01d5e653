using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using static Oms.Returns.Tests.Given;
using TheReturn = Oms.Testing.Scenario<Oms.Returns.Domain.Return, Oms.Returns.Domain.IReturnEvent>;

namespace Oms.Returns.Tests;

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
