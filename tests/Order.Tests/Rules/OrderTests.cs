using Oms.Kernel;
using Oms.Orders.Domain;

namespace Oms.Orders.Tests.Rules;

/// <summary>What a person sees at a glance is derived from where the pieces are.</summary>
public sealed class OrderStatusTests
{
    private static OrderStatus After(params IOrderEvent[] facts) => Fold.All<Order, IOrderEvent>(facts)!.Status;

    private static readonly RefundRequested OneMug =
        new(Given.Order, Given.Refund, Given.Return, [new(1, "MUG", 1)], Given.Reference, 3.34m, "USD", "", Given.Noon);

    private static readonly OrderCompleted Completed = new(Given.Order, null, Given.Noon);

    [Fact]
    public void tells_what_is_awaited_before_anything_is_sent()
    {
        After(Given.ItWasPlaced).ShouldBe(OrderStatus.PaymentPending);
        After(Given.ItWasPlaced, Given.ItWasHeld()).ShouldBe(OrderStatus.OnHold);
        After(Given.Paid).ShouldBe(OrderStatus.Routing);
        After([.. Given.Paid, new OrderBackordered(Given.Order, [new(1, "MUG", 3), new(2, "PLATE", 2)], Given.Noon)]).ShouldBe(OrderStatus.Backordered);
        After([.. Given.Paid, Given.EverythingWasAllocated]).ShouldBe(OrderStatus.InFulfillment);
    }

    [Fact]
    public void tells_how_much_has_left()
    {
        After(Given.HalfShipped).ShouldBe(OrderStatus.PartiallyShipped);
        After(Given.Shipped).ShouldBe(OrderStatus.Shipped);
        After([.. Given.HalfShipped, Given.CancellationWasAskedFor, new BackorderCancellationRequested(Given.Order, Given.Backorder, [new(2, "PLATE", 2)], Given.Noon),
            new OrderLinesCanceled(Given.Order, [new(2, "PLATE", 2)], Given.Noon)]).ShouldBe(OrderStatus.Shipped);
    }

    [Fact]
    public void tells_how_it_ended()
    {
        After([.. Given.Delivered, Completed]).ShouldBe(OrderStatus.Completed);
        After(Given.ItWasPlaced, Given.AllLinesWereCanceled, Given.ItWasCanceled).ShouldBe(OrderStatus.Canceled);
        After([.. Given.Delivered, Completed, OneMug]).ShouldBe(OrderStatus.PartiallyReturned);
        After([.. Given.Delivered, Completed, OneMug with { Lines = [new(1, "MUG", 3), new(2, "PLATE", 2)] }]).ShouldBe(OrderStatus.Returned);
    }

    [Fact]
    public void an_impossible_sequence_is_a_bug()
    {
        Should.Throw<InvalidOperationException>(() => After(Given.ItWasPaid));
        Should.Throw<InvalidOperationException>(() => After(Given.ItWasPlaced, Given.ItWasPlaced));
        Should.Throw<InvalidOperationException>(() => After([.. Given.Paid, Given.Sent(Given.Parcel, new Pieces(1, "MUG", 1))]));
        Should.Throw<InvalidOperationException>(() => After([.. Given.Paid, new OrderLinesCanceled(Given.Order, [new(1, "MUG", 4)], Given.Noon)]));
        Should.Throw<InvalidOperationException>(() => After([.. Given.Shipped, OneMug]));
    }
}

public sealed class RefusalTests
{
    /// <summary>Codes are part of the API: people search for them, and clients branch on them.</summary>
    [Fact]
    public void codes_never_change()
    {
        var order = Fold.All<Order, IOrderEvent>(Given.Shipped)!;
        Refusal[] all =
        [
            OrderRefusals.NotFound(Given.Order), OrderRefusals.NotFound("web", "W-1"), OrderRefusals.Differs("web", "W-1"), OrderRefusals.AlreadyShipped(order),
            OrderRefusals.AlreadyCanceled(order), OrderRefusals.NothingToHold(order), OrderRefusals.HoldNotFound(order, "review"),
            OrderRefusals.RefundTooLarge(order, 1m), OrderRefusals.ForeignChannel("web"), OrderRefusals.UnknownSkus([("lines[0].sku", "MUG")]),
        ];
        all.Select(it => $"{it.Kind} {it.Code}").ShouldBe(
        [
            "NotFound order-not-found", "NotFound order-not-found", "Conflict order-differs", "Conflict order-already-shipped", "Conflict order-canceled",
            "Conflict nothing-to-hold", "NotFound hold-not-found", "Conflict refund-too-large", "Invalid foreign-channel", "Invalid unknown-sku",
        ]);
        all.Length.ShouldBe(typeof(OrderRefusals).GetMethods().Count(method => method.ReturnType == typeof(Refusal)));
        all[^1].Errors["lines[0].sku"].ShouldBe(["MUG is not an item of this merchant"]);
    }
}
