using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using static Oms.Returns.Tests.Given;
using TheReturn = Oms.Testing.Scenario<Oms.Returns.Domain.Return, Oms.Returns.Domain.IReturnEvent>;

namespace Oms.Returns.Tests;

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
