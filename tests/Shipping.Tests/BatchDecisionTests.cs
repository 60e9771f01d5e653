using Oms.Kernel;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;

namespace Oms.Shipping.Tests;

public sealed class BatchDecisionTests
{
    private static readonly ActInBatch.Row[] Everything =
    [
        new(Id, it => AcceptFulfillmentOrderSlice.Decide(Accept, it)), new(Id, it => PickPiecesSlice.Decide(Pick(), it)),
        new(Id, it => PackPiecesSlice.Decide(Pack(), it)), new(Id, it => ShipPiecesSlice.Decide(Ship(), it), Ships: true),
        new(Id, it => RejectFulfillmentOrderSlice.Decide(Reject, it)),
    ];

    private static IReadOnlyList<ActInBatch.Outcome> Decide(HashSet<Guid> notBought, params IFulfillmentOrderEvent[] facts) =>
        ActInBatch.Decide(Everything, new Dictionary<Guid, FulfillmentOrder?> { [Id] = Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>(facts) }, notBought);

    [Fact]
    public void each_row_finds_what_those_before_it_have_left()
    {
        var outcomes = Decide([], Created);
        outcomes.Select(it => it.Facts.Count).ShouldBe([1, 1, 1, 1, 0]);
        outcomes[3].ShipmentId.ShouldBe(ShipmentId(0));
        outcomes[4].Refusal!.Code.ShouldBe("fulfillment-order-closed");
    }

    [Fact]
    public void a_parcel_without_label_does_not_leave_and_what_follows_knows_it()
    {
        var outcomes = Decide([ShipmentId(0)], Created);
        (outcomes[3].NotBought, outcomes[3].Facts.Count, outcomes[3].ShipmentId).ShouldBe((true, 0, null));
        outcomes[4].Facts.ShouldHaveSingleItem().ShouldBeOfType<FulfillmentOrderRejected>();
    }

    [Fact]
    public void repeated_it_changes_nothing_and_knows_its_parcel()
    {
        var outcomes = Decide([], Created, Accepted, Shipped(0, true, All));
        outcomes.Take(4).ShouldAllBe(it => it.Refusal == null && it.Facts.Count == 0);
        outcomes[3].ShipmentId.ShouldBe(ShipmentId(0));
    }

    [Fact]
    public void what_is_not_there_is_refused_row_by_row() => Decide([]).ShouldAllBe(it => it.Refusal!.Code == "fulfillment-order-not-found");
}
