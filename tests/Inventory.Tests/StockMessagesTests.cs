using System.Text.Json;
using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Shipping.V1;
using Oms.ServiceDefaults;
using static Oms.Inventory.Tests.InventoryFixture;

namespace Oms.Inventory.Tests;

public sealed class StockMessagesTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private static readonly DateTimeOffset Noon = MemoryStock.Noon;

    private static ReserveStock Reserve(Guid id, string sku, int quantity, string location = "nyc") =>
        new(id, Guid.CreateVersion7(), [new(1, sku, location, quantity)], Noon);

    private static ShipmentDispatched Dispatched(Guid shipment, Guid reservation, string sku, int quantity) => new(
        shipment, Guid.CreateVersion7(), Guid.CreateVersion7(), "nyc", reservation, [new LineQuantity(1, sku, quantity)], "sandbox", "ground", "T1", "L1", true, Noon);

    private async Task DeliverTwice<T>(T message) where T : class
    {
        await service.Messages.Deliver(message);
        await service.Messages.Deliver(message);
    }

    private async Task<(int OnHand, int Available, int Committed, int Version)> Counts(string sku)
    {
        var level = await service.Level(sku);
        return (level.GetProperty("onHand").GetInt32(), level.GetProperty("available").GetInt32(), level.GetProperty("committed").GetInt32(),
            level.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task a_reservation_lives_from_held_to_shipped_and_each_message_may_come_twice()
    {
        var (sku, id, shipment) = (await service.Stocked(10), Guid.CreateVersion7(), Guid.CreateVersion7());

        await DeliverTwice(Reserve(id, sku, 4));
        (await service.Messages.Hear<StockReserved>(it => it.ReservationId == id)).Lines.ShouldBe([new StockLine(1, sku, "nyc", 4)]);
        (await Counts(sku)).ShouldBe((10, 6, 4, 2));

        await DeliverTwice(Dispatched(shipment, id, sku, 3));
        (await service.Messages.Hear<StockConsumed>(it => it.ReservationId == id)).ShipmentId.ShouldBe(shipment);
        (await Counts(sku)).ShouldBe((7, 6, 1, 3));

        await DeliverTwice(new ReleaseStock(id, id, Guid.CreateVersion7(), null, "canceled", Noon));
        (await service.Messages.Hear<StockReleased>(it => it.ReservationId == id)).Lines.ShouldBe([new StockLine(1, sku, "nyc", 1)]);
        (await Counts(sku)).ShouldBe((7, 7, 0, 4));

        var view = await service.Get($"/v1/inventory/reservations/{id}");
        view.GetProperty("status").GetString().ShouldBe("closed");
        var line = view.GetProperty("lines")[0];
        (line.GetProperty("quantity").GetInt32(), line.GetProperty("shipped").GetInt32(), line.GetProperty("released").GetInt32(),
            line.GetProperty("held").GetInt32()).ShouldBe((4, 3, 1, 0));
        service.Messages.Published<StockReserved>().Count(it => it.ReservationId == id).ShouldBe(1);
        await service.Reconciles();
    }

    [Fact]
    public async Task a_rejection_says_what_is_missing()
    {
        var (sku, id) = (await service.Stocked(2), Guid.CreateVersion7());
        await DeliverTwice(Reserve(id, sku, 3));
        var rejected = await service.Messages.Hear<StockReservationRejected>(it => it.ReservationId == id);
        rejected.Reason.ShouldBe("out_of_stock");
        rejected.Shortages.ShouldBe([new StockShortage(sku, "nyc", 3, 2)]);
        (await service.Get($"/v1/inventory/reservations/{id}")).GetProperty("status").GetString().ShouldBe("rejected");
    }

    [Fact]
    public async Task a_release_that_overtakes_shuts_the_door_and_is_answered()
    {
        var (sku, id) = (await service.Stocked(2), Guid.CreateVersion7());
        await DeliverTwice(new ReleaseStock(id, id, Guid.CreateVersion7(), null, "canceled", Noon));
        (await service.Messages.Hear<StockReleased>(it => it.ReservationId == id)).Lines.ShouldBeEmpty();
        (await service.Get($"/v1/inventory/reservations/{id}")).GetProperty("status").GetString().ShouldBe("forestalled");
        await DeliverTwice(Reserve(id, sku, 1));
        (await service.Messages.Hear<StockReservationRejected>(it => it.ReservationId == id)).Reason.ShouldBe("released");
        (await Counts(sku)).ShouldBe((2, 2, 0, 1));
    }

    [Fact]
    public async Task a_shipment_of_what_is_not_held_changes_nothing_and_fails()
    {
        var (sku, id) = (await service.Stocked(5), Guid.CreateVersion7());
        await service.Messages.Deliver(Reserve(id, sku, 1));
        var pages = service.Services.GetRequiredService<Pages<Domain.IStockCommand>>();
        await Should.ThrowAsync<Features.ShipmentExceedsReservationException>(() => pages.Add(
            new Features.ConsumeStock(Guid.CreateVersion7(), id, id, [new(1, sku, "nyc", 2)], Noon, null), CancellationToken.None));
        (await Counts(sku)).ShouldBe((5, 4, 1, 2));
    }

    [Fact]
    public async Task one_that_fails_does_not_take_its_page_along()
    {
        var sku = await service.Stocked(5);
        var pages = service.Services.GetRequiredService<Pages<Domain.IStockCommand>>();
        var asked = Enumerable.Range(0, 20).Select(index => pages.Add(
            index == 7
                ? new Features.ConsumeStock(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), [new(1, sku, "nyc", 1)], Noon, null)
                : new Features.ReserveStock(Guid.CreateVersion7(), Guid.CreateVersion7(), [new(1, sku, "nyc", 1)], Noon, null),
            CancellationToken.None)).ToList();
        foreach (var (index, task) in asked.Index())
            if (index == 7)
                await Should.ThrowAsync<Features.ShipmentExceedsReservationException>(() => task);
            else
                await task;
        (await Counts(sku)).ShouldBe((5, 0, 5, 6));
    }

    [Fact]
    public async Task a_return_is_restocked_once_even_where_nothing_ever_was()
    {
        var (sku, id) = (await service.Sku(), Guid.CreateVersion7());
        await DeliverTwice(new RestockReturn(id, Guid.CreateVersion7(), "attic", [new(1, sku, 2, "available"), new(2, sku, 1, "quality_control")], Noon));
        (await service.Messages.Hear<ReturnRestocked>(it => it.ReturnId == id)).Lines.Select(line => line.State).ShouldBe(["available", "quality_control"]);
        var level = await service.Level(sku, "attic");
        (level.GetProperty("onHand").GetInt32(), level.GetProperty("available").GetInt32(), level.GetProperty("qualityControl").GetInt32()).ShouldBe((3, 2, 1));
        var movement = (await service.Get($"/v1/inventory/{sku}/movements")).GetProperty("items")[0];
        movement.GetProperty("type").GetString().ShouldBe("stock_restocked");
        movement.GetProperty("by").GetString().ShouldBe("system");
        movement.GetProperty("returnId").GetGuid().ShouldBe(id);
    }

    [Fact]
    public async Task a_backorder_waits_and_is_called_when_enough_has_arrived()
    {
        var (sku, first, second) = (await service.Sku(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await DeliverTwice(new QueueBackorder(first, Guid.CreateVersion7(), 1, [new(1, sku, 2), new(3, sku, 1)], Noon.AddMinutes(1), Noon));
        await DeliverTwice(new QueueBackorder(second, Guid.CreateVersion7(), 1, [new(1, sku, 1)], Noon, Noon));

        var waiting = (await service.Get($"/v1/inventory/backorders?sku={sku}")).GetProperty("items").EnumerateArray().ToList();
        waiting.Select(it => (it.GetProperty("backorderId").GetGuid(), it.GetProperty("line").GetInt32(), it.GetProperty("quantity").GetInt32()))
            .ShouldBe([(second, 1, 1), (first, 1, 2), (first, 3, 1)]);
        await service.Receive(sku, 3);
        (await service.Messages.Hear<BackorderReady>(it => it.BackorderId == second)).Lines.ShouldBe([new LineQuantity(1, sku, 1)]);
        (await service.Messages.Hear<BackorderReady>(it => it.BackorderId == first)).Lines.ShouldBe([new LineQuantity(1, sku, 2)]);
        (await service.Get($"/v1/inventory/backorders?sku={sku}")).GetProperty("items").GetArrayLength().ShouldBe(1);

        await DeliverTwice(new CancelBackorder(first, Guid.CreateVersion7(), Noon));
        (await service.Get($"/v1/inventory/backorders?sku={sku}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task released_stock_calls_who_waits_in_the_same_commit()
    {
        var (sku, reservation, backorder) = (await service.Stocked(2), Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Messages.Deliver(Reserve(reservation, sku, 2));
        await service.Messages.Deliver(new QueueBackorder(backorder, Guid.CreateVersion7(), 1, [new(1, sku, 2)], Noon, Noon));
        await service.Messages.Deliver(new ReleaseStock(reservation, reservation, Guid.CreateVersion7(), null, "canceled", Noon));
        await service.Messages.Hear<BackorderReady>(it => it.BackorderId == backorder);
    }

    [Fact]
    public async Task stock_that_is_there_while_queueing_is_found()
    {
        var (sku, backorder) = (await service.Stocked(2), Guid.CreateVersion7());
        await DeliverTwice(new QueueBackorder(backorder, Guid.CreateVersion7(), 1, [new(1, sku, 2)], Noon, Noon));
        await service.Messages.Hear<BackorderReady>(it => it.BackorderId == backorder);
        (await service.Get($"/v1/inventory/backorders?sku={sku}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task others_hear_of_changes_of_what_is_on_hand_or_available_and_of_no_others()
    {
        var sku = await service.Stocked(5);
        await Body(await service.Post("/v1/inventory/adjustments", new { locationId = "nyc", reason = "other", lines = new[] { new { sku, delta = 3, state = "incoming" } } }), 201);
        await service.Messages.Deliver(Reserve(Guid.CreateVersion7(), sku, 1));
        var third = await service.Messages.Hear<InventoryLevelChanged>(it => it.Sku == sku && it.Version == 3);
        (third.OnHand, third.Available, third.LocationId).ShouldBe((5, 4, "nyc"));
        service.Messages.Published<InventoryLevelChanged>().Where(it => it.Sku == sku).Select(it => it.Version).Order().ShouldBe([1, 3]);
    }

    [Fact]
    public async Task the_ledger_names_the_order_and_keeps_its_trace()
    {
        var (sku, id) = (await service.Stocked(2), Guid.CreateVersion7());
        var reserve = Reserve(id, sku, 1);
        await service.Messages.Deliver(reserve);
        var movement = (await service.Get($"/v1/inventory/{sku}/movements?limit=1")).GetProperty("items")[0];
        movement.GetProperty("reservationId").GetGuid().ShouldBe(id);
        movement.GetProperty("orderId").GetGuid().ShouldBe(reserve.OrderId);

        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var reserved = (await session.Events.FetchStreamAsync(Domain.Reservation.Key(id))).Single();
        var committed = (await session.Events.FetchStreamAsync(Domain.InventoryLevel.Key("nyc", sku)))[^1];
        Tracing.TraceId(reserved.CorrelationId).ShouldNotBeNull().ShouldBe(Tracing.TraceId(committed.CorrelationId));
        ((Domain.StockReserved)reserved.Data).TraceParent.ShouldBe(reserved.CorrelationId);
    }

    [Fact]
    public async Task an_unknown_reservation_is_not_found() =>
        await Problem(await service.Http.GetAsync($"/v1/inventory/reservations/{Guid.CreateVersion7()}"), 404, "reservation-not-found");
}
