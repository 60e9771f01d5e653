using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Orders.Tests.Process;
using Oms.Testing;

namespace Oms.Orders.Tests;

/// <summary>A database of its own: a rebuild is of everything.</summary>
public sealed class RebuildTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public async Task a_rebuild_disturbs_no_order_on_its_way()
    {
        var models = new ReadModelDump(service.Services.GetRequiredService<IDocumentStore>());
        // A column has fewer decimals than a document.
        await OrderFixture.Answer(await service.Post(OrderFixture.Body(placedAt: Given.Noon.AddTicks(8))), 201);
        using var enough = new CancellationTokenSource();
        var moving = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                var id = await service.Placed();
                await service.Get($"/v1/orders/{id}");
                await Journey.Of(service, id).GoesThrough();
            }
        })));
        for (var times = 0; times < 15 && !moving.IsCompleted; times++)
            await models.Rebuild(force: true);
        await enough.CancelAsync();
        await moving;

        var rows = await models.Rows("order");
        (await service.Get("/v1/orders/reconciliation")).GetProperty("differences").GetRawText().ShouldBe("[]");
        var all = (await models.Rebuild(force: true))["order"];
        (all.GetProperty("written").GetInt32(), all.GetProperty("streams").GetInt32()).ShouldBe((rows.Count, rows.Count));
        (await models.Rows("order")).ShouldBe(rows);
    }
}
