using Oms.Kernel;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;
using TheOrder = Oms.Testing.Scenario<Oms.Shipping.Domain.FulfillmentOrder, Oms.Shipping.Domain.IFulfillmentOrderEvent>;

namespace Oms.Shipping.Tests;

public sealed class PickAndPackTests
{
    private static Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> WhenPicking(params LineCount[] lines) => it =>
        PickPiecesSlice.Decide(Pick(lines), it);

    private static Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> WhenPacking(params LineCount[] lines) => it =>
        PackPiecesSlice.Decide(Pack(null, lines), it);

    [Fact]
    public void a_scan_counts_more_pieces() =>
        TheOrder.Given(Created, Accepted, Picked(AMug)).When(WhenPicking(new LineCount(1, 2))).After()!.Lines[0].Picked.ShouldBe(3);

    [Fact]
    public void without_lines_it_is_all_that_is_left() =>
        TheOrder.Given(Created, Accepted, Picked(AMug)).When(WhenPicking()).Then(e => e.ShouldBeOfType<PiecesPicked>().Lines.ShouldBe(AllButAMug));

    [Fact]
    public void no_more_is_picked_than_ordered()
    {
        var refusal = PickPiecesSlice.Decide(Pick(new(2, 1), new(1, 3)), Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Accepted, Picked(AMug)]))
            .Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe("pick-exceeds-ordered");
        refusal.Errors["lines[1]"].ShouldBe(["3 more pieces of line 1 are said to be picked; of 3 ordered 2 are left to pick."]);
    }

    [Fact]
    public void no_more_is_packed_than_picked() => TheOrder.Given(Created, Accepted, Picked(AMug)).When(WhenPacking(new LineCount(1, 2)))
        .Refused("pack-exceeds-picked");

    [Fact]
    public void a_line_that_is_not_there_is_unknown()
    {
        TheOrder.Given(Created, Accepted).When(WhenPicking(new LineCount(9, 1))).Refused("unknown-line");
        TheOrder.Given(Created, Accepted).When(WhenPacking(new LineCount(9, 1))).Refused("unknown-line");
        TheOrder.Given(Created, Accepted).When(it => ShipPiecesSlice.Decide(Ship(new LineCount(9, 1)), it)).Refused("unknown-line");
    }

    [Fact]
    public void every_wrong_line_is_told_of_at_once() =>
        PickPiecesSlice.Decide(Pick(new(9, 1), new(1, 1), new(2, 9)), Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Accepted]))
            .Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe(["lines[0]", "lines[2]"]);

    [Fact]
    public void named_pieces_of_what_has_all_left_are_refused() =>
        TheOrder.Given(Created, Accepted, Shipped(0, true, All)).When(WhenPicking(new LineCount(1, 1))).Refused("fulfillment-order-closed");

    [Fact]
    public void weights_add_up_until_the_parcel_leaves()
    {
        IFulfillmentOrderEvent[] packedTwice = [Created, Accepted, Picked(All), Packed(200, AMug), Packed(500, AllButAMug)];
        TheOrder.Given(packedTwice).When(it => ShipPiecesSlice.Decide(Ship(), it)).Then(e => e.ShouldBeOfType<PiecesShipped>().WeightGrams.ShouldBe(700));
        TheOrder.Given(packedTwice).When(it => ShipPiecesSlice.Decide(Ship(new LineCount(1, 1)), it)).After()!.WeightGrams.ShouldBeNull();
    }
}

public sealed class ShipPiecesTests
{
    private static Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> When(params LineCount[] lines) => it => ShipPiecesSlice.Decide(Ship(lines), it);

    [Fact]
    public void lets_everything_leave_and_closes() => TheOrder.Given(Created, Accepted, Picked(All), Packed(null, All)).When(When()).Then(e =>
    {
        var shipped = e.ShouldBeOfType<PiecesShipped>();
        (shipped.Closed, shipped.ShipmentId).ShouldBe((true, ShipmentId(0)));
        shipped.Lines.ShouldBe([new(1, "MUG", 3, 0, 0), new(2, "PLATE", 2, 0, 0)]);
    })!.Status.ShouldBe(FulfillmentOrderStatus.Closed);

    [Fact]
    public void says_what_was_picked_and_packed_by_nothing_but_leaving() =>
        TheOrder.Given(Created, Accepted, Picked(new Pieces(1, "MUG", 2)), Packed(null, AMug)).When(When()).Then(e =>
            e.ShouldBeOfType<PiecesShipped>().Lines.ShouldBe([new(1, "MUG", 3, 1, 2), new(2, "PLATE", 2, 2, 2)]));

    [Fact]
    public void a_part_leaves_first_and_the_rest_in_another_parcel()
    {
        TheOrder.Given(Created, Accepted).When(When(new LineCount(1, 1))).After()!.Status.ShouldBe(FulfillmentOrderStatus.InProgress);
        TheOrder.Given(Created, Accepted, Shipped(0, false, AMug)).When(When()).Then(e =>
        {
            var shipped = e.ShouldBeOfType<PiecesShipped>();
            (shipped.Closed, shipped.ShipmentId).ShouldBe((true, ShipmentId(1)));
        })!.Shipments.ShouldBe([ShipmentId(0), ShipmentId(1)]);
    }

    [Fact]
    public void no_more_leaves_than_was_ordered() =>
        TheOrder.Given(Created, Accepted, Shipped(0, false, AMug)).When(When(new LineCount(1, 3))).Refused("ship-exceeds-ordered");

    [Fact]
    public void the_parcel_tells_all_that_others_need()
    {
        var shipped = Shipped(0, true, All);
        var it = Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Accepted, shipped])!;
        var dispatched = ShipPiecesSlice.Dispatch(shipped, it, new("sandbox", "Sandbox Ground", "94", "SBX-1"));
        (dispatched.ShipmentId, dispatched.ReservationId, dispatched.Closed, dispatched.TraceParent).ShouldBe((ShipmentId(0), Reservation, true, Trace));
        dispatched.Lines.ShouldBe(All);
    }
}

public sealed class HoldTests
{
    private static FulfillmentOrder After(params IFulfillmentOrderEvent[] facts) => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>(facts)!;

    private static Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> WhenReleasing(string? reason) =>
        it => HoldFulfillmentOrderSlice.Decide(new ReleaseHold(Id, reason, Noon), it);

    [Fact]
    public void one_of_two_goes_and_the_other_still_holds() =>
        TheOrder.Given(Created, Accepted, Held("a"), Held("b")).When(WhenReleasing("a")).Then(Released("a"))!
        .ShouldSatisfyAllConditions(it => it.Status.ShouldBe(FulfillmentOrderStatus.OnHold), it => it.Holds.Single().Reason.ShouldBe("b"));

    [Fact]
    public void the_last_one_gives_back_the_state_before()
    {
        TheOrder.Given(Created, Held("a")).When(WhenReleasing("a")).Then(Released("a"))!.Status.ShouldBe(FulfillmentOrderStatus.Open);
        TheOrder.Given(Created, Accepted, Held("a")).When(WhenReleasing("a")).Then(Released("a"))!.Status.ShouldBe(FulfillmentOrderStatus.InProgress);
    }

    [Fact]
    public void without_a_reason_all_of_them_go() => TheOrder.Given(Created, Held("a"), Held("b")).When(WhenReleasing(null)).Then(Released("a"), Released("b"));

    [Fact]
    public void a_reason_that_does_not_hold_is_released_already() => TheOrder.Given(Created, Held("a")).When(WhenReleasing("b")).NothingHappened();

    [Fact]
    public void there_is_an_end_to_reasons() => HoldFulfillmentOrderSlice
        .Decide(new HoldFulfillmentOrder(Id, "one_more", null, Noon), After([Created, .. Enumerable.Range(0, 20).Select(n => Held($"reason_{n}"))]))
        .Refusal!.Code.ShouldBe("too-many-holds");

    [Fact]
    public void what_has_ended_is_held_no_more() => After(Created, Held("a"), Canceled(All)).Holds.ShouldBeEmpty();
}

public sealed class RejectAndCancelTests
{
    [Fact]
    public void before_anything_left_all_pieces_are_rejected() =>
        TheOrder.Given(Created).When(it => RejectFulfillmentOrderSlice.Decide(Reject, it))
            .Then(e => e.ShouldBeOfType<FulfillmentOrderRejected>().Lines.ShouldBe(All));

    [Fact]
    public void after_a_parcel_only_the_rest_is_rejected() => TheOrder.Given(Created, Accepted, Shipped(0, false, AMug))
        .When(it => RejectFulfillmentOrderSlice.Decide(Reject, it)).Then(e => e.ShouldBeOfType<FulfillmentOrderRejected>().Lines.ShouldBe(AllButAMug));

    [Fact]
    public void a_cancellation_stops_what_has_not_left() => TheOrder.Given(Created, Accepted, Picked(All), Packed(null, All), Shipped2Mugs)
        .When(it => CancelFulfillmentOrderSlice.Decide(Cancel, it))
        .Then(e => e.ShouldBeOfType<FulfillmentOrderCanceled>().Lines.ShouldBe([new(1, "MUG", 1), new(2, "PLATE", 2)]))!
        .Status.ShouldBe(FulfillmentOrderStatus.Closed);

    [Fact]
    public void a_cancellation_that_comes_too_late_says_why()
    {
        TheOrder.Given(Created, Accepted, Shipped(0, true, All)).When(it => CancelFulfillmentOrderSlice.Decide(Cancel, it))
            .Then(new FulfillmentOrderCancellationRejected(Id, Order, "already_shipped", Noon))!.RequestStatus.ShouldBe(RequestStatus.CancellationRejected);
        TheOrder.Given(Created, Rejected(All)).When(it => CancelFulfillmentOrderSlice.Decide(Cancel, it))
            .Then(new FulfillmentOrderCancellationRejected(Id, Order, "already_rejected", Noon));
    }

    [Fact]
    public void a_creation_that_was_overtaken_is_answered_as_canceled() => TheOrder.Given(DoorShut).When(it => CreateFulfillmentOrderSlice.Decide(Create, it))
        .Then(
            e => e.ShouldBeOfType<FulfillmentOrderCreated>().TraceParent.ShouldBe(Trace),
            e => e.ShouldBeOfType<FulfillmentOrderCanceled>().Lines.ShouldBe(All))!
        .Status.ShouldBe(FulfillmentOrderStatus.Canceled);

    [Fact]
    public void an_impossible_sequence_is_a_bug()
    {
        Should.Throw<InvalidOperationException>(() => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Accepted]));
        Should.Throw<InvalidOperationException>(() => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Picked(AMug)]));
        Should.Throw<InvalidOperationException>(() => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Accepted, Packed(null, AMug)]));
        Should.Throw<InvalidOperationException>(
            () => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>([Created, Accepted, Shipped(0, true, All), Rejected(AMug)]));
    }

    private static PiecesShipped Shipped2Mugs => new(Id, Order, ShipmentId(0), [new(1, "MUG", 2, 0, 0)], null, false, Noon);
}
