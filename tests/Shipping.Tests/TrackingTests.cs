using CsCheck;
using Oms.Kernel;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;
using TheShipment = Oms.Testing.Scenario<Oms.Shipping.Domain.Shipment, Oms.Shipping.Domain.IShipmentEvent>;

namespace Oms.Shipping.Tests;

public sealed class TrackingTests
{
    private static RecordTrackingEvent Event(TrackingStatus status, int hour, string? id = null) =>
        new(id ?? $"{status}-{hour}", status, status.ToString(), null, null, Noon.AddHours(hour), Noon.AddDays(9));

    private static (Shipment State, List<IShipmentEvent> Told) Tell(IEnumerable<RecordTrackingEvent> events)
    {
        var state = Shipment.After(null, Dispatched);
        List<IShipmentEvent> told = [];
        foreach (var command in events)
        {
            var decision = RecordTrackingEventSlice.Decide(command, state);
            told.AddRange(decision.Events);
            state = Fold.All(decision.Events, state)!;
        }
        return (state, told);
    }

    private static TrackingStatus Status(params RecordTrackingEvent[] events) => Tell(events).State.Status;

    [Fact]
    public void a_parcel_of_which_nothing_is_told_has_a_label() => Status().ShouldBe(TrackingStatus.LabelPurchased);

    [Fact]
    public void the_latest_event_tells_the_status_whenever_it_is_heard()
    {
        Status(Event(TrackingStatus.CarrierPickedUp, 1), Event(TrackingStatus.InTransit, 2)).ShouldBe(TrackingStatus.InTransit);
        Status(Event(TrackingStatus.OutForDelivery, 3), Event(TrackingStatus.InTransit, 2)).ShouldBe(TrackingStatus.OutForDelivery);
    }

    [Fact]
    public void of_two_events_of_the_same_moment_the_one_further_on_the_way_counts() =>
        Status(Event(TrackingStatus.OutForDelivery, 2), Event(TrackingStatus.InTransit, 2)).ShouldBe(TrackingStatus.OutForDelivery);

    [Fact]
    public void delivered_stays_delivered_whatever_scan_is_late() =>
        Status(Event(TrackingStatus.Delivered, 5), Event(TrackingStatus.InTransit, 6), Event(TrackingStatus.Delayed, 7)).ShouldBe(TrackingStatus.Delivered);

    [Fact]
    public void a_failure_that_happened_after_the_delivery_takes_it_back()
    {
        Status(Event(TrackingStatus.Delivered, 5), Event(TrackingStatus.Failure, 6)).ShouldBe(TrackingStatus.Failure);
        Status(Event(TrackingStatus.Delivered, 5), Event(TrackingStatus.Failure, 4)).ShouldBe(TrackingStatus.Delivered);
        Status(Event(TrackingStatus.Failure, 4), Event(TrackingStatus.InTransit, 5)).ShouldBe(TrackingStatus.InTransit);
    }

    [Fact]
    public void a_delivery_after_the_failure_stands_again()
    {
        var (state, told) = Tell([Event(TrackingStatus.Delivered, 5), Event(TrackingStatus.Failure, 6), Event(TrackingStatus.Delivered, 7)]);
        (state.Status, state.DeliveredAt).ShouldBe((TrackingStatus.Delivered, Noon.AddHours(7)));
        told.Where(it => it is not TrackingEventRecorded).Select(it => it switch
        {
            ShipmentDelivered => "told of the delivery",
            ShipmentStatusChanged e => e.Status.ToString(),
            _ => "",
        }).ShouldBe(["told of the delivery", "Failure", "Delivered"]);
    }

    [Fact]
    public void what_has_turned_back_never_arrives() =>
        Status(Event(TrackingStatus.ReturningToSender, 4), Event(TrackingStatus.Delivered, 8)).ShouldBe(TrackingStatus.ReturningToSender);

    [Fact]
    public void an_event_is_recorded_once() => TheShipment.Given(Dispatched,
        new TrackingEventRecorded(ShipmentId(0), new("e1", TrackingStatus.InTransit, "IT", null, null, Noon, Noon)))
        .When(it => RecordTrackingEventSlice.Decide(Event(TrackingStatus.Delivered, 5, "e1"), it!)).NothingHappened();

    [Fact]
    public void an_event_that_changes_no_status_is_only_recorded() => TheShipment
        .Given(Dispatched, new TrackingEventRecorded(ShipmentId(0), new("e1", TrackingStatus.InTransit, "IT", null, null, Noon.AddHours(3), Noon)))
        .When(it => RecordTrackingEventSlice.Decide(Event(TrackingStatus.CarrierPickedUp, 1), it!)).Then(e => e.ShouldBeOfType<TrackingEventRecorded>());

    [Fact]
    public void a_delivery_is_told_with_its_pieces() => TheShipment.Given(Dispatched)
        .When(it => RecordTrackingEventSlice.Decide(Event(TrackingStatus.Delivered, 5), it!)).Then(
        e => e.ShouldBeOfType<TrackingEventRecorded>(),
        e => e.ShouldBeOfType<ShipmentDelivered>().ShouldSatisfyAllConditions(it => it.Lines.ShouldBe(All), it => it.DeliveredAt.ShouldBe(Noon.AddHours(5))));

    [Fact]
    public void there_is_an_end_to_events()
    {
        var (state, _) = Tell(Enumerable.Range(0, RecordTrackingEventSlice.EventsMax).Select(n => Event(TrackingStatus.InTransit, n)));
        RecordTrackingEventSlice.Decide(Event(TrackingStatus.Delivered, 9), state).Refusal.ShouldNotBeNull().Code.ShouldBe("too-many-tracking-events");
    }

    private static readonly Gen<RecordTrackingEvent[]> SomeEvents = Gen.Select(
        Gen.OneOf(
            TrackingStatus.CarrierPickedUp, TrackingStatus.InTransit, TrackingStatus.OutForDelivery, TrackingStatus.AttemptedDelivery, TrackingStatus.Delayed,
            TrackingStatus.Delivered, TrackingStatus.Failure, TrackingStatus.ReturningToSender),
        Gen.Int[0, 5]).Array[0, 7].Select(all => all.Select((it, index) => Event(it.Item1, it.Item2, $"e{index}")).ToArray());

    [Fact]
    public void whatever_the_order_and_however_often_the_end_is_the_same() =>
        Gen.Select(SomeEvents, Gen.Int[0, int.MaxValue], (events, seed) => (events, seed)).Sample(it =>
    {
        var random = new Random(it.seed);
        var (straight, _) = Tell(it.events);
        RecordTrackingEvent[] mixed = [.. it.events, .. it.events.Where(_ => random.Next(2) == 0)];
        random.Shuffle(mixed);
        var (shuffled, told) = Tell(mixed);

        (shuffled.Status, shuffled.DeliveredAt).ShouldBe((straight.Status, straight.DeliveredAt));
        shuffled.Events.ShouldBe(straight.Events);
        told.OfType<TrackingEventRecorded>().Count().ShouldBe(it.events.Length);
        told.OfType<ShipmentDelivered>().Count().ShouldBeLessThanOrEqualTo(1);
        if (straight.Status == TrackingStatus.Delivered)
            told.OfType<ShipmentDelivered>().Count().ShouldBe(1);
        LastTold(told).ShouldBe(shuffled.Status);
    });

    [Fact]
    public void every_permutation_of_a_parcels_life_ends_delivered()
    {
        RecordTrackingEvent[] life =
        [
            Event(TrackingStatus.CarrierPickedUp, 1), Event(TrackingStatus.InTransit, 2), Event(TrackingStatus.Delayed, 3),
            Event(TrackingStatus.AttemptedDelivery, 4), Event(TrackingStatus.OutForDelivery, 5), Event(TrackingStatus.Delivered, 6),
        ];
        foreach (var order in Permutations(life))
        {
            var (state, told) = Tell(order);
            (state.Status, state.DeliveredAt, told.OfType<ShipmentDelivered>().Count()).ShouldBe((TrackingStatus.Delivered, Noon.AddHours(6), 1));
        }
    }

    /// <summary>The status as somebody knows it who only hears what is told.</summary>
    private static TrackingStatus LastTold(IEnumerable<IShipmentEvent> told) => told.Aggregate(TrackingStatus.LabelPurchased, (known, fact) => fact switch
    {
        ShipmentDelivered => TrackingStatus.Delivered,
        ShipmentStatusChanged e => e.Status,
        _ => known,
    });

    private static IEnumerable<RecordTrackingEvent[]> Permutations(RecordTrackingEvent[] of) => of.Length < 2
        ? [of]
        : of.SelectMany((first, index) => Permutations([.. of[..index], .. of[(index + 1)..]]).Select(rest => (RecordTrackingEvent[])[first, .. rest]));
}
