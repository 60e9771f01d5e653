using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Testing;

namespace Oms.Orders.Tests.Rules;

public sealed class CancelOrderTests
{
    private static Scenario<Order, IOrderEvent>.Outcome Canceling(params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => CancelOrderSlice.Decide(new(Given.Order, "changed my mind", Given.Noon), order));

    [Fact]
    public void is_asked_of_the_process() => Canceling(Given.ItWasPlaced).Then(Given.CancellationWasAskedFor)!.CancellationReason.ShouldBe("changed my mind");

    [Fact]
    public void is_possible_while_a_part_has_not_left() => Canceling(Given.HalfShipped).Then(Given.CancellationWasAskedFor);

    [Fact]
    public void is_possible_while_locations_work() => Canceling([.. Given.Paid, Given.EverythingWasAllocated]).Then(Given.CancellationWasAskedFor);

    [Fact]
    public void repeated_changes_nothing()
    {
        Canceling(Given.ItWasPlaced, Given.CancellationWasAskedFor).NothingHappened();
        Canceling(Given.ItWasPlaced, Given.CancellationWasAskedFor, Given.AllLinesWereCanceled, Given.ItWasCanceled).NothingHappened();
    }

    [Fact]
    public void of_what_nobody_knows_is_refused() => Canceling().Refused("order-not-found");

    [Fact]
    public void is_refused_once_everything_has_left()
    {
        Canceling(Given.Shipped).Refused("order-already-shipped");
        Canceling([.. Given.Delivered, new OrderCompleted(Given.Order, null, Given.Noon)]).Refused("order-already-shipped");
    }

    [Fact]
    public void that_came_too_late_is_refused_when_asked_again() =>
        Canceling([.. Given.Shipped, Given.CancellationWasAskedFor, new OrderCancellationRejected(Given.Order, "order-already-shipped", Given.Noon)]).Refused("order-already-shipped");
}

public sealed class HoldOrderTests
{
    private static Scenario<Order, IOrderEvent>.Outcome Holding(params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => HoldOrderSlice.Decide(new HoldOrder(Given.Order, "review", "look at it", Given.Noon), order));

    private static Scenario<Order, IOrderEvent>.Outcome Releasing(params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => HoldOrderSlice.Decide(new ReleaseHold(Given.Order, "review", Given.Noon), order));

    [Fact]
    public void puts_a_hold_on()
    {
        var order = Holding(Given.ItWasPlaced).Then(new OrderHeld(Given.Order, "review", "look at it", Given.Noon))!;
        (order.Status, order.Holds.Length).ShouldBe((OrderStatus.OnHold, 1));
    }

    [Fact]
    public void holds_for_several_reasons_at_once() =>
        Holding(Given.ItWasPlaced, Given.ItWasHeld("address")).After()!.Holds.Select(hold => hold.Reason).ShouldBe(["address", "review"]);

    [Fact]
    public void held_for_this_reason_already_changes_nothing() => Holding(Given.ItWasPlaced, Given.ItWasHeld()).NothingHappened();

    [Fact]
    public void what_nobody_knows_cannot_be_held_or_released()
    {
        Holding().Refused("order-not-found");
        Releasing().Refused("order-not-found");
    }

    [Fact]
    public void canceled_orders_are_not_held()
    {
        Holding(Given.ItWasPlaced, Given.CancellationWasAskedFor).Refused("order-canceled");
        Holding(Given.ItWasPlaced, Given.AllLinesWereCanceled, Given.ItWasCanceled).Refused("order-canceled");
    }

    [Fact]
    public void there_is_nothing_to_hold_when_locations_work_on_all_of_it()
    {
        Holding([.. Given.Paid, Given.EverythingWasAllocated]).Refused("nothing-to-hold");
        Holding(Given.Shipped).Refused("nothing-to-hold");
    }

    [Fact]
    public void what_waits_for_stock_can_be_held() => Holding(Given.HalfShipped).After()!.Holds.Length.ShouldBe(1);

    [Fact]
    public void the_last_release_says_that_it_is_the_last()
    {
        Releasing(Given.ItWasPlaced, Given.ItWasHeld("address"), Given.ItWasHeld()).Then(Given.ItWasReleased(last: false))!.IsHeld.ShouldBeTrue();
        Releasing(Given.ItWasPlaced, Given.ItWasHeld()).Then(Given.ItWasReleased())!.IsHeld.ShouldBeFalse();
    }

    /// <summary>The process may hold for a reason that a person holds for already.</summary>
    [Fact]
    public void two_holds_of_one_reason_go_together() =>
        Releasing(Given.ItWasPlaced, Given.ItWasHeld(), Given.ItWasHeld()).Then(Given.ItWasReleased())!.IsHeld.ShouldBeFalse();

    [Fact]
    public void a_hold_that_is_not_there_cannot_be_released() => Releasing(Given.ItWasPlaced, Given.ItWasHeld("address")).Refused("hold-not-found");
}
