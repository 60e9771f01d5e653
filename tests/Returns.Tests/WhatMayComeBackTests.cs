using Oms.Kernel;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using static Oms.Returns.Tests.Given;
using TheOrder = Oms.Testing.Scenario<Oms.Returns.Domain.ReturnableOrder, Oms.Returns.Domain.IReturnableOrderEvent>;

namespace Oms.Returns.Tests;

public sealed class WhatMayComeBackTests
{
    private static readonly RecordOrder Placed = new(Order, "#1001", "EUR", ItWasPlaced.Lines, Noon, Trace);
    private static readonly RecordDelivery Arrived = new(Order, Shipment, ItWasDelivered.Lines, Noon, Trace);

    [Fact]
    public void an_order_is_recorded_once()
    {
        TheOrder.Given().When(order => RecordOrderSlice.Decide(Placed, order)).After()!.Number.ShouldBe("#1001");
        TheOrder.Given(ItWasPlaced).When(order => RecordOrderSlice.Decide(Placed, order)).NothingHappened();
    }

    [Fact]
    public void a_delivery_is_counted_once()
    {
        TheOrder.Given(ItWasPlaced).When(order => RecordDeliverySlice.Decide(Arrived, order)).After()!.Lines[1].Delivered.ShouldBe(3);
        TheOrder.Given(ItWasPlaced, ItWasDelivered).When(order => RecordDeliverySlice.Decide(Arrived, order)).NothingHappened();
    }

    [Fact]
    public void a_second_parcel_adds_to_the_first()
    {
        var second = new RecordDelivery(Order, Transaction, [new(1, "MUG", 1)], Noon, Trace);
        TheOrder.Given(ItWasPlaced, Delivered(Shipment, (1, "MUG", 2))).When(order => RecordDeliverySlice.Decide(second, order)).After()!.Lines[1].Delivered.ShouldBe(3);
    }

    [Fact]
    public void a_delivery_heard_of_first_is_kept_for_the_order()
    {
        var order = TheOrder.Given(ItWasDelivered).When(it => RecordOrderSlice.Decide(Placed, it)).After()!;
        order.Lines.ShouldBe(Fold.All<ReturnableOrder, IReturnableOrderEvent>([ItWasPlaced, ItWasDelivered])!.Lines);
        order.Currency.ShouldBe("EUR");
    }

    [Fact]
    public void a_claim_for_what_was_not_delivered_is_a_bug() =>
        Should.Throw<InvalidOperationException>(() => Fold.All<ReturnableOrder, IReturnableOrderEvent>([ItWasPlaced, Claimed((1, 1))]));
}
