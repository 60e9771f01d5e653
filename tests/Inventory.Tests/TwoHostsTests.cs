using System.Net.Http.Json;
using Oms.Contracts.Inventory.V1;
using Oms.Testing;

namespace Oms.Inventory.Tests;

/// <summary>Two processes of the service over one database, as they run in production.</summary>
public sealed class TwoHostsTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    [Fact]
    public async Task of_a_thousand_pieces_exactly_a_thousand_are_sold()
    {
        const int Pieces = 1_000;
        const int Wanted = 1_300;
        var sku = await service.Stocked(Pieces);
        await using var other = service.WithWebHostBuilder(_ => { });
        var hosts = new[] { service.Messages, await Messages.Of(other.Services) };
        var orders = Enumerable.Range(0, Wanted)
            .Select(_ => new ReserveStock(Guid.CreateVersion7(), Guid.CreateVersion7(), [new(1, sku, "nyc", 1)], MemoryStock.Noon)).ToList();

        // Every tenth is delivered to both, at the same time.
        await Task.WhenAll(orders.SelectMany((order, index) => (index % 10 == 0 ? hosts : [hosts[index % 2]]).Select(host => host.Deliver(order))));

        var level = await service.Level(sku);
        (level.GetProperty("onHand").GetInt32(), level.GetProperty("available").GetInt32(), level.GetProperty("committed").GetInt32()).ShouldBe((Pieces, 0, Pieces));
        level.GetProperty("version").GetInt32().ShouldBe(1 + Pieces);
        await service.Reconciles();
        (await service.Get("/v1/inventory/reconciliation")).GetProperty("reservations").GetInt32().ShouldBe(Pieces);
    }

    [Fact]
    public async Task nobody_is_left_waiting_beside_the_stock_that_came_at_the_same_moment()
    {
        await using var other = service.WithWebHostBuilder(_ => { });
        var messages = await Messages.Of(other.Services);
        var skus = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => service.Sku()));
        await Task.WhenAll(skus.SelectMany(sku => new[]
        {
            service.Receive(sku, 1),
            messages.Deliver(new QueueBackorder(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, [new(1, sku, 1)], MemoryStock.Noon, MemoryStock.Noon)),
        }));
        foreach (var sku in skus)
            (await service.Get($"/v1/inventory/backorders?sku={sku}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task people_and_machines_change_one_level_at_the_same_time()
    {
        var sku = await service.Stocked(200);
        var releases = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(
            Task.WhenAll(releases.Select(async id =>
            {
                await service.Messages.Deliver(new ReserveStock(id, id, [new(1, sku, "nyc", 1)], MemoryStock.Noon));
                await service.Messages.Deliver(new ReleaseStock(id, id, id, null, "canceled", MemoryStock.Noon));
            })),
            Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.Receive(sku, 1))));
        var level = await service.Level(sku);
        (level.GetProperty("available").GetInt32(), level.GetProperty("committed").GetInt32(), level.GetProperty("version").GetInt32()).ShouldBe((210, 0, 131));
        await service.Reconciles();
    }
}
