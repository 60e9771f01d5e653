using MassTransit;
using Oms.Orders.Fulfillment;

namespace Oms.Orders.Tests.Process;

public sealed class MatrixTests
{
    private static readonly FulfillmentProcess Machine = new();

    // Messages come twice, late and out of order; a pair belongs here only if no order of them can bring it about. The simulation, which lets all of
    // that happen, fails on the first one that does.
    private static readonly (string[] States, string[] Events, string Because)[] Impossible =
    [
        (["Authorizing"],
            ["OrderRouted", "OrderUnroutable", "StockReserved", "StockReservationRejected", "BackorderReady", "FulfillmentOrderRejected", "FulfillmentOrderCanceled",
                "ShipmentDispatched", "ShipmentDelivered", "PaymentCaptured"],
            "nothing is routed, reserved or shipped before it is paid, and what is paid never becomes unpaid"),
        (["Routing", "Reserving", "Backordered", "Fulfilling", "Delivering", "Completed"], ["PaymentDeclined"],
            "these come after PaymentAuthorized, and an order records one answer of the payment gateway, never both"),
        (["Held", "Routing", "Reserving", "Backordered", "Fulfilling"], ["FulfillmentOrderCanceled"],
            "it answers a cancellation, and from Canceling the order never goes back to be fulfilled"),
        (["Canceled"], ["ShipmentDispatched", "ShipmentDelivered", "PaymentCaptured"],
            "an order is canceled only when no location has anything of it and nothing has left; else it goes on to Delivering"),
    ];

    // A saga is inserted in its first state, so none is ever in Initial; and none is ever finalized, so that late messages find the end.
    private static IEnumerable<State> States => Machine.States.Except([Machine.Initial, Machine.Final]);

    // Leave, Enter and the like are MassTransit's own.
    private static IEnumerable<string> Events => Machine.Events.Where(it => it.GetType().IsGenericType && !typeof(State).IsAssignableFrom(it.GetType().GenericTypeArguments[0])).Select(it => it.Name);

    private static HashSet<(string State, string Event)> ImpossiblePairs =>
        [.. Impossible.SelectMany(it => it.States.SelectMany(state => it.Events.Select(on => (state, on))))];

    private static HashSet<(string State, string Event)> HandledPairs =>
        [.. States.SelectMany(state => Machine.NextEvents(state).Where(on => Events.Contains(on.Name)).Select(on => (state.Name, on.Name)))];

    [Fact]
    public void every_event_is_handled_or_impossible_in_every_state()
    {
        States.Count().ShouldBe(10);
        Events.Count().ShouldBe(15);
        var forgotten = States.SelectMany(state => Events.Select(on => (state.Name, on))).Except(HandledPairs).Except(ImpossiblePairs);
        forgotten.ShouldBeEmpty();
    }

    [Fact]
    public void nothing_impossible_is_handled() => ImpossiblePairs.Intersect(HandledPairs).ShouldBeEmpty();

    [Fact]
    public void the_impossible_is_named_once_and_exists()
    {
        var named = Impossible.SelectMany(it => it.States.SelectMany(state => it.Events.Select(on => (state, on)))).ToList();
        named.Distinct().Count().ShouldBe(named.Count);
        named.ShouldAllBe(pair => States.Any(state => state.Name == pair.state) && Events.Contains(pair.on));
    }

    [Fact]
    public void nobody_is_ever_in_a_state_that_the_library_adds()
    {
        Machine.NextEvents(Machine.Initial).Where(on => Events.Contains(on.Name)).ShouldBeEmpty();
        Transitions.Of(Machine).ShouldAllBe(step => step.To != Machine.Initial.Name && step.To != Machine.Final.Name);
    }
}
