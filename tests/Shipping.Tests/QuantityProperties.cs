using CsCheck;
using Oms.Kernel;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;

namespace Oms.Shipping.Tests;

/// <summary>Anything in any order, with counts that fit and counts that do not.</summary>
public sealed class QuantityProperties
{
    private enum Kind { Create, Accept, Reject, Pick, Pack, Ship, Hold, Release, Cancel }

    private sealed record Step(Kind Kind, int Line, int Quantity, bool Everything);

    // Cancellation and rejection end everything, so they are rare.
    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency<Kind>((12, Gen.OneOf(Kind.Pick, Kind.Pack, Kind.Ship, Kind.Accept, Kind.Create)), (4, Gen.OneOf(Kind.Hold, Kind.Release)),
            (1, Gen.OneOf(Kind.Cancel, Kind.Reject))),
        Gen.Int[1, 3], Gen.Int[1, 4], Gen.Frequency((3, false), (1, true)),
        (kind, line, quantity, everything) => new Step(kind, line, quantity, everything));

    [Fact]
    public void nothing_leaves_that_was_not_ordered_and_no_piece_ends_twice() => AnyStep.Array[1, 60].Sample(steps =>
    {
        FulfillmentOrder? it = null;
        var told = new Dictionary<int, int>();
        foreach (var step in steps)
        {
            var decision = Decide(step, it);
            if (decision.Refusal is not null)
                decision.Events.ShouldBeEmpty();
            foreach (var fact in decision)
                Count(fact, told);
            it = Fold.All(decision.Events, it);
            Check(it, told);
        }
    });

    [Fact]
    public void a_fulfillment_order_that_has_ended_has_accounted_for_every_piece() => AnyStep.Array[1, 60].Sample(steps =>
    {
        var it = steps.Aggregate((FulfillmentOrder?)null, (state, step) => Fold.All(Decide(step, state).Events, state));
        if (it is { CreatedAt: not null } && !it.IsLive())
            it.Lines.ShouldAllBe(line => line.ToShip() == 0);
        else if (it is { CreatedAt: not null })
            it.ToShip().ShouldNotBeEmpty();
    });

    private static Decision<IFulfillmentOrderEvent> Decide(Step step, FulfillmentOrder? it)
    {
        LineCount[] lines = step.Everything ? [] : [new(step.Line, step.Quantity)];
        return step.Kind switch
        {
            Kind.Create => CreateFulfillmentOrderSlice.Decide(Create, it),
            Kind.Accept => AcceptFulfillmentOrderSlice.Decide(Accept, it),
            Kind.Reject => RejectFulfillmentOrderSlice.Decide(Reject, it),
            Kind.Pick => PickPiecesSlice.Decide(Pick(lines), it),
            Kind.Pack => PackPiecesSlice.Decide(Pack(null, lines), it),
            Kind.Ship => ShipPiecesSlice.Decide(Ship(lines), it),
            Kind.Hold => HoldFulfillmentOrderSlice.Decide(new HoldFulfillmentOrder(Id, $"reason_{step.Line}", null, Noon), it),
            Kind.Release => HoldFulfillmentOrderSlice.Decide(new ReleaseHold(Id, step.Everything ? null : $"reason_{step.Line}", Noon), it),
            _ => CancelFulfillmentOrderSlice.Decide(Cancel, it),
        };
    }

    /// <summary>How many pieces of each line others have been told will leave, or never will.</summary>
    private static void Count(IFulfillmentOrderEvent fact, Dictionary<int, int> told)
    {
        IEnumerable<(int Line, int Quantity)> ended = fact switch
        {
            PiecesShipped e => e.Lines.Select(it => (it.Line, it.Quantity)),
            FulfillmentOrderCanceled e => e.Lines.Select(it => (it.Line, it.Quantity)),
            FulfillmentOrderRejected e => e.Lines.Select(it => (it.Line, it.Quantity)),
            _ => [],
        };
        foreach (var (line, quantity) in ended)
            told[line] = told.GetValueOrDefault(line) + quantity;
    }

    private static void Check(FulfillmentOrder? it, Dictionary<int, int> told)
    {
        foreach (var line in it?.Lines ?? [])
        {
            line.Picked.ShouldBeLessThanOrEqualTo(line.Quantity);
            line.Packed.ShouldBeLessThanOrEqualTo(line.Picked);
            line.Shipped.ShouldBeLessThanOrEqualTo(line.Packed);
            (line.Shipped + line.Canceled + line.Rejected).ShouldBe(told.GetValueOrDefault(line.Line));
            told.GetValueOrDefault(line.Line).ShouldBeLessThanOrEqualTo(line.Quantity);
        }
    }
}
