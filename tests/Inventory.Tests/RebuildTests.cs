using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Inventory.V1;
using Oms.Inventory.Domain;
using Oms.Testing;

namespace Oms.Inventory.Tests;

/// <summary>A database of its own: a rebuild is of everything.</summary>
public sealed class RebuildTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private static readonly string[] Tables = ["item", "inventory_level", "reservation", "backorder", "returnrestock", "waiting_line"];

    [Fact]
    public async Task a_rebuild_makes_of_the_events_what_the_commits_made()
    {
        var skus = new[] { await service.Stocked(5), await service.Stocked(5), await service.Stocked(5), await service.Stocked(5) };
        foreach (var sku in skus)
            await service.Messages.Deliver(new Contracts.Inventory.V1.ReserveStock(
                Guid.CreateVersion7(), Guid.CreateVersion7(), [new(1, sku, "nyc", 2)], MemoryStock.Noon));
        var waiting = Guid.CreateVersion7();
        await service.Messages.Deliver(new Contracts.Inventory.V1.QueueBackorder(
            waiting, Guid.CreateVersion7(), 1, [new(1, skus[0], 50), new(2, skus[1], 60)], MemoryStock.Noon, MemoryStock.Noon));
        var models = new ReadModelDump(service.Services.GetRequiredService<IDocumentStore>());
        var before = await models.Rows(Tables);
        before.Count.ShouldBe(4 + 4 + 4 + 1 + 2);

        // Nothing is wrong, so nothing is written.
        var untouched = await models.Rebuild();
        untouched.Keys.ShouldBe(["backorder", "inventory_level", "item", "reservation", "return_restock", "waiting_line"], ignoreOrder: true);
        untouched.Values.ShouldAllBe(it => Count(it, "written") == 0 && Count(it, "removed") == 0);
        (Count(untouched["inventory_level"], "streams"), Count(untouched["inventory_level"], "events")).ShouldBe((4, 8));

        await models.Tamper(1, $"update oms.mt_doc_inventory_level set data = jsonb_set(data, '{{counts,available}}', '99') where id = '{Level(skus[0])}'");
        await models.Tamper(1, $"delete from oms.mt_doc_inventory_level where id = '{Level(skus[1])}'");
        await models.Tamper(1, $"update oms.mt_doc_inventory_level set mt_version = 99 where id = '{Level(skus[2])}'");
        await models.Tamper(1, $"update oms.mt_doc_inventory_level set mt_version = 1, sku = 'ELSE' where id = '{Level(skus[3])}'");
        await models.Tamper(1, $"insert into oms.mt_doc_item (id, data, mt_dotnet_type, mt_version) select 'item/GHOST', data, mt_dotnet_type, 1 from oms.mt_doc_item where id = 'item/{skus[0]}'");
        await models.Tamper(1, $"delete from oms.mt_doc_waiting_line where sku = '{skus[0]}'");
        await models.Tamper(1, $"update oms.mt_doc_waiting_line set id = '{WaitingLine.Key(waiting, 9)}' where sku = '{skus[1]}'");

        var mended = await models.Rebuild();
        (Count(mended["inventory_level"], "written"), Count(mended["item"], "removed"), Count(mended["item"], "written")).ShouldBe((4, 1, 0));
        (Count(mended["waiting_line"], "written"), Count(mended["waiting_line"], "removed")).ShouldBe((2, 1));
        (await models.Rows(Tables)).ShouldBe(before);

        foreach (var table in Tables)
            await models.Tamper(-1, $"truncate oms.mt_doc_{table}");
        (await models.Rebuild())["waiting_line"].GetProperty("written").GetInt32().ShouldBe(2);
        (await models.Rows(Tables)).ShouldBe(before);
        await service.Reconciles();
    }

    private static string Level(string sku) => InventoryLevel.Key("nyc", sku);

    private static long Count(JsonElement line, string what) => line.GetProperty(what).GetInt64();
}
