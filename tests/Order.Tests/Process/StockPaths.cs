using Oms.Contracts.Inventory.V1;
using Oms.Orders.Domain;
using static Oms.Orders.Tests.Process.Journey;

namespace Oms.Orders.Tests.Process;

public sealed class StockPaths(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public Task nobody_has_it_until_stock_arrives() => Both(service, async it =>
    {
        await it.IsUnroutable();
        await it.Reaches("Backordered");
        (await it.Order).Status.ShouldBe(OrderStatus.Backordered);
        (await it.Hear<Contracts.Orders.V1.OrderBackordered>()).Lines.Sum(line => line.Quantity).ShouldBe(5);
        var queued = await it.StockArrives();
        (queued.Attempt, queued.Lines.Count).ShouldBe((1, 2));
        (await it.IsRouted()).Attempt.ShouldBe(2);
        await it.IsReserved();
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task a_part_ships_and_the_rest_follows() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 2), ("chicago", 2, 2));
        await it.IsReserved();
        var first = await it.IsAskedToShip();
        await it.Reaches("Fulfilling");
        (await it.Order).Line(1).Backordered.ShouldBe(1);
        var parcel = await it.Ships(first, "chicago");
        await it.Reaches("Backordered");
        (await it.Order).Status.ShouldBe(OrderStatus.PartiallyShipped);
        await it.Arrives(parcel);
        await it.StockArrives();
        (await it.IsRouted(("boston", 1, 1))).Lines.ShouldBe([new(1, "MUG", 1)]);
        await it.IsReserved();
        await it.GoesToTheDoor();
        (await it.Facts<PaymentCaptureRequested>()).Select(asked => asked.Amount).ShouldBe([5m + 6.67m + 18m, 3.33m]);
    });

    [Fact]
    public Task stock_arrives_while_the_rest_is_being_fulfilled() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 2, 2));
        await it.IsReserved();
        var first = await it.IsAskedToShip();
        await it.Reaches("Fulfilling");
        await it.StockArrives();
        await it.Reaches("Routing");
        // The first parcel leaves and arrives while the rest is being routed and reserved.
        var parcel = await it.Ships(first, "chicago", (2, 1));
        await it.IsRouted(("boston", 1, 3));
        await it.Reaches("Reserving");
        await it.Arrives(parcel);
        await it.Arrives(await it.Ships(first, "chicago", (2, 1)));
        await it.IsReserved();
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task a_rejected_reservation_is_routed_again_with_what_was_missing() => Both(service, async it =>
    {
        await it.IsRouted();
        var rejected = await it.IsNotReserved(available: 1);
        var again = await it.IsRouted(("boston", 1, 3), ("boston", 2, 2));
        again.Shortages.ShouldBe([new("MUG", "chicago", 1), new("PLATE", "chicago", 1)]);
        again.ExcludedLocations.ShouldBeEmpty();
        (await it.IsReserved()).ReservationId.ShouldNotBe(rejected.ReservationId);
        await it.TellInVain(new Contracts.Inventory.V1.StockReserved(rejected.ReservationId, it.Id, rejected.Lines, Given.Noon));
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task after_ten_rejections_it_waits_for_stock() => Both(service, async it =>
    {
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            (await it.IsRouted()).Attempt.ShouldBe(attempt);
            await it.IsNotReserved();
        }
        await it.Reaches("Backordered");
        await it.StockArrives();
        // New stock: what was short is forgotten.
        (await it.IsRouted()).Shortages.ShouldBeEmpty();
        await it.IsNotReserved();
        await it.IsRouted();
        await it.IsReserved();
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task a_location_says_no() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 1, 3), ("boston", 2, 2));
        var reserved = await it.IsReserved();
        var first = await it.IsAskedToShip();
        await it.Rejects(first, "chicago");
        var released = await it.Hear<ReleaseStock>();
        (released.ReservationId, released.ReleaseId).ShouldBe((reserved.ReservationId, first.FulfillmentOrders.Single(order => order.LocationId == "chicago").FulfillmentOrderId));
        released.Lines.ShouldNotBeNull().ShouldBe([new(1, "MUG", "chicago", 3)]);
        (await it.IsRouted(("boston", 1, 3))).ExcludedLocations.ShouldBe(["chicago"]);
        await it.IsReserved();
        var second = await it.IsAskedToShip();
        await it.Arrives(await it.Ships(first, "boston"));
        await it.Arrives(await it.Ships(second, "boston"));
        await it.Reaches("Completed");
    });

    /// <summary>The same rejection again must not take the pieces of a parcel whose news is slower.</summary>
    [Fact]
    public Task a_location_sends_a_part_and_rejects_the_rest() => Both(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var first = await it.IsAskedToShip();
        var parcel = it.Parcel(first, "chicago", (1, 2), (2, 1));
        await it.Rejects(first, "chicago", (1, 1), (2, 1));
        await it.Rejects(first, "chicago", (1, 1), (2, 1));
        (await it.IsRouted(("boston", 1, 1), ("boston", 2, 1))).Lines.Sum(line => line.Quantity).ShouldBe(2);
        await it.Tell(parcel);
        await it.IsReserved();
        await it.Arrives(parcel);
        await it.GoesToTheDoor();
    });

    [Fact]
    public Task a_location_says_no_while_it_is_held() => Both(service, async it =>
    {
        await it.IsRouted(("chicago", 2, 2));
        await it.IsReserved();
        var first = await it.IsAskedToShip();
        await it.Hold();                                        // the mugs wait for stock
        await it.Rejects(first, "chicago");
        await it.Reaches("Held");
        await it.StockArrives();
        await it.Release();
        (await it.IsRouted(("boston", 1, 3), ("boston", 2, 2))).ExcludedLocations.ShouldBe(["chicago"]);
        await it.IsReserved();
        await it.GoesToTheDoor();
    });
}
