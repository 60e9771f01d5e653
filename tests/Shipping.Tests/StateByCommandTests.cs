using System.Text;
using System.Text.Json;
using Oms.Kernel;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;

namespace Oms.Shipping.Tests;

/// <summary>What every command does in every state: facts (+), nothing (·) or a refusal.</summary>
public sealed class StateByCommandTests
{
    private static readonly Dictionary<string, IFulfillmentOrderEvent[]> States = new()
    {
        ["nothing"] = [],
        ["door shut"] = [DoorShut],
        ["open"] = [Created],
        ["in progress"] = [Created, Accepted],
        ["packed"] = [Created, Accepted, Picked(All), Packed(null, All)],
        ["held open"] = [Created, Held()],
        ["held in progress"] = [Created, Accepted, Held()],
        ["partly shipped"] = [Created, Accepted, Shipped(0, false, AMug)],
        ["shipped"] = [Created, Accepted, Shipped(0, true, All)],
        ["rejected"] = [Created, Rejected(All)],
        ["incomplete"] = [Created, Accepted, Shipped(0, false, AMug), Rejected(AllButAMug)],
        ["canceled"] = [Created, Canceled(All)],
        ["rest canceled"] = [Created, Accepted, Shipped(0, false, AMug), Canceled(AllButAMug)],
    };

    private static readonly Dictionary<string, Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>>> Commands = new()
    {
        ["create"] = it => CreateFulfillmentOrderSlice.Decide(Create, it),
        ["accept"] = it => AcceptFulfillmentOrderSlice.Decide(Accept, it),
        ["reject"] = it => RejectFulfillmentOrderSlice.Decide(Reject, it),
        ["pick"] = it => PickPiecesSlice.Decide(Pick(), it),
        ["pack"] = it => PackPiecesSlice.Decide(Pack(), it),
        ["ship"] = it => ShipPiecesSlice.Decide(Ship(), it),
        ["hold"] = it => HoldFulfillmentOrderSlice.Decide(new HoldFulfillmentOrder(Id, "awaiting_payment", null, Noon), it),
        ["release"] = it => HoldFulfillmentOrderSlice.Decide(new ReleaseHold(Id, "awaiting_payment", Noon), it),
        ["cancel"] = it => CancelFulfillmentOrderSlice.Decide(Cancel, it),
    };

    private const string Table = """
        nothing
          create   + fulfillment_order_created
          accept   fulfillment-order-not-found
          reject   fulfillment-order-not-found
          pick     fulfillment-order-not-found
          pack     fulfillment-order-not-found
          ship     fulfillment-order-not-found
          hold     fulfillment-order-not-found
          release  fulfillment-order-not-found
          cancel   + fulfillment_order_canceled_before_creation
        door shut
          create   + fulfillment_order_created, fulfillment_order_canceled
          accept   fulfillment-order-not-found
          reject   fulfillment-order-not-found
          pick     fulfillment-order-not-found
          pack     fulfillment-order-not-found
          ship     fulfillment-order-not-found
          hold     fulfillment-order-not-found
          release  fulfillment-order-not-found
          cancel   ·
        open
          create   ·
          accept   + fulfillment_order_accepted
          reject   + fulfillment_order_rejected
          pick     fulfillment-order-not-accepted
          pack     fulfillment-order-not-accepted
          ship     fulfillment-order-not-accepted
          hold     + fulfillment_order_held
          release  ·
          cancel   + fulfillment_order_canceled
        in progress
          create   ·
          accept   ·
          reject   + fulfillment_order_rejected
          pick     + pieces_picked
          pack     nothing-to-pack
          ship     + pieces_shipped
          hold     + fulfillment_order_held
          release  ·
          cancel   + fulfillment_order_canceled
        packed
          create   ·
          accept   ·
          reject   + fulfillment_order_rejected
          pick     ·
          pack     ·
          ship     + pieces_shipped
          hold     + fulfillment_order_held
          release  ·
          cancel   + fulfillment_order_canceled
        held open
          create   ·
          accept   fulfillment-order-on-hold
          reject   + fulfillment_order_rejected
          pick     fulfillment-order-on-hold
          pack     fulfillment-order-on-hold
          ship     fulfillment-order-on-hold
          hold     ·
          release  + fulfillment_order_hold_released
          cancel   + fulfillment_order_canceled
        held in progress
          create   ·
          accept   ·
          reject   + fulfillment_order_rejected
          pick     fulfillment-order-on-hold
          pack     fulfillment-order-on-hold
          ship     fulfillment-order-on-hold
          hold     ·
          release  + fulfillment_order_hold_released
          cancel   + fulfillment_order_canceled
        partly shipped
          create   ·
          accept   ·
          reject   + fulfillment_order_rejected
          pick     + pieces_picked
          pack     ·
          ship     + pieces_shipped
          hold     + fulfillment_order_held
          release  ·
          cancel   + fulfillment_order_canceled
        shipped
          create   ·
          accept   ·
          reject   fulfillment-order-closed
          pick     ·
          pack     ·
          ship     ·
          hold     fulfillment-order-closed
          release  ·
          cancel   + fulfillment_order_cancellation_rejected
        rejected
          create   ·
          accept   fulfillment-order-rejected
          reject   ·
          pick     fulfillment-order-rejected
          pack     fulfillment-order-rejected
          ship     fulfillment-order-rejected
          hold     fulfillment-order-rejected
          release  ·
          cancel   + fulfillment_order_cancellation_rejected
        incomplete
          create   ·
          accept   fulfillment-order-rejected
          reject   ·
          pick     fulfillment-order-rejected
          pack     fulfillment-order-rejected
          ship     fulfillment-order-rejected
          hold     fulfillment-order-rejected
          release  ·
          cancel   + fulfillment_order_cancellation_rejected
        canceled
          create   ·
          accept   fulfillment-order-canceled
          reject   fulfillment-order-canceled
          pick     fulfillment-order-canceled
          pack     fulfillment-order-canceled
          ship     fulfillment-order-canceled
          hold     fulfillment-order-canceled
          release  ·
          cancel   ·
        rest canceled
          create   ·
          accept   fulfillment-order-canceled
          reject   fulfillment-order-canceled
          pick     fulfillment-order-canceled
          pack     fulfillment-order-canceled
          ship     fulfillment-order-canceled
          hold     fulfillment-order-canceled
          release  ·
          cancel   ·

        """;

    [Fact]
    public void every_pair_has_its_outcome()
    {
        var actual = new StringBuilder();
        foreach (var (name, facts) in States)
        {
            actual.Append(name).Append('\n');
            foreach (var (command, decide) in Commands)
                actual.Append($"  {command,-8} {Tell(decide(Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>(facts)))}\n");
        }
        actual.ToString().ShouldBe(Table);
    }

    [Fact]
    public void whatever_is_decided_can_follow_and_deciding_it_again_changes_nothing()
    {
        foreach (var (name, facts) in States)
        foreach (var (command, decide) in Commands)
        {
            var before = Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>(facts);
            var first = decide(before);
            if (first.Events.IsEmpty)
                continue;
            var again = decide(Fold.All(first.Events, before));
            (again.Refusal, again.Events.Length).ShouldBe((null, 0), $"{command} upon {name}");
        }
    }

    [Fact]
    public void the_states_are_called_as_in_the_field() =>
        States.Values.Select(facts => Fold.All<FulfillmentOrder, IFulfillmentOrderEvent>(facts)).Select(it => $"{it?.Status} {it?.RequestStatus}").ShouldBe(
        [
            " ", "Canceled CancellationAccepted", "Open Submitted", "InProgress Accepted", "InProgress Accepted", "OnHold Submitted", "OnHold Accepted",
            "InProgress Accepted", "Closed Closed", "Closed Rejected", "Incomplete Closed", "Canceled CancellationAccepted", "Closed CancellationAccepted",
        ]);

    private static string Tell(Decision<IFulfillmentOrderEvent> decision) => decision switch
    {
        { Refusal: { } refusal } => refusal.Code,
        { Events.IsEmpty: true } => "·",
        _ => "+ " + string.Join(", ", decision.Events.Select(fact => JsonNamingPolicy.SnakeCaseLower.ConvertName(fact.GetType().Name))),
    };
}
