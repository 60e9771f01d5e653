using Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Inventory.V1;
using Oms.Inventory.Domain;

namespace Oms.Inventory.Tests;

public sealed class ReconciliationTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    [Fact]
    public async Task finds_what_was_tampered_with_and_nothing_else()
    {
        var skus = new[] { await service.Stocked(5), await service.Stocked(5), await service.Stocked(5), await service.Stocked(5) };
        var last = Guid.Empty;
        foreach (var sku in skus)
            await service.Messages.Deliver(new Contracts.Inventory.V1.ReserveStock(
                last = Guid.CreateVersion7(), Guid.CreateVersion7(), [new(1, sku, "nyc", 2)], MemoryStock.Noon));
        var before = await service.Get("/v1/inventory/reconciliation");
        before.GetProperty("differences").GetArrayLength().ShouldBe(0);
        (before.GetProperty("levels").GetInt32(), before.GetProperty("movements").GetInt32(), before.GetProperty("reservations").GetInt32()).ShouldBe((4, 8, 4));
        // Of each item, level and reservation its document and its version; of each level three rules; each movement; each read model's orphans.
        before.GetProperty("checks").GetInt32().ShouldBe(3 * 4 * 2 + 4 * 3 + 8 + 6);

        var keys = skus.Select(sku => InventoryLevel.Key("nyc", sku)).ToArray();
        await Tamper("update oms.mt_doc_inventory_level set data = jsonb_set(data, '{counts,available}', '99') where id = $1", keys[0]);
        await Tamper("delete from oms.mt_doc_inventory_level where id = $1", keys[1]);
        await Tamper("update oms.mt_doc_inventory_level set mt_version = 99 where id = $1", keys[2]);
        await Tamper("update oms.mt_events set data = jsonb_set(data, '{lines,0,quantity}', '1') where type = 'stock_reserved' and data -> 'lines' -> 0 ->> 'sku' = $1", skus[3]);
        await Tamper("insert into oms.mt_doc_item (id, data, mt_dotnet_type, mt_version) select 'item/GHOST', data, mt_dotnet_type, 1 from oms.mt_doc_item where id = 'item/' || $1", skus[3]);
        var report = await service.Get("/v1/inventory/reconciliation");
        report.GetProperty("differences").EnumerateArray().Select(it => (it.GetProperty("what").GetString(), it.GetProperty("key").GetString())).ShouldBe(
            [
                ("inventory_level_is_the_fold_of_its_events", keys[0]), ("inventory_level_has_a_document", keys[1]),
                ("inventory_level_shows_the_version_of_its_stream", keys[2]), ("item_has_a_stream", "item/GHOST"),
                ("committed_is_what_reservations_hold", keys[3]), ("reservation_is_the_fold_of_its_events", Reservation.Key(last)),
            ], ignoreOrder: true);
    }

    private async Task Tamper(string sql, string value)
    {
        await using var connection = new NpgsqlConnection(service.Services.GetRequiredService<IConfiguration>().GetConnectionString("inventorydb"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
