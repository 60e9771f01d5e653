using System.Net.Http.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Testing;
using static Oms.Returns.Tests.ReturnsFixture;

namespace Oms.Returns.Tests;

/// <summary>A database of its own: it looks at everything, and is damaged on purpose.</summary>
public sealed class ReconciliationTests(ReturnsFixture service) : IClassFixture<ReturnsFixture>
{
    [Fact]
    public async Task finds_what_was_tampered_with_and_nothing_else()
    {
        var (order, untouched) = (await service.DeliveredOrder(mugs: 20), await service.DeliveredOrder());
        var (asked, approved, received) = (await Requested(order), await service.ApprovedReturn(order), await service.ApprovedReturn(order));
        await Body(await service.Receive(received), 200);
        var declined = await Requested(order);
        await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{declined}/decline", new { reason = "too late" }), 200);
        (await Differences()).ShouldBeEmpty();

        var models = new ReadModelDump(service.Services.GetRequiredService<IDocumentStore>());
        await models.Tamper(1, $"delete from oms.mt_doc_return where id = '{asked}'");
        await models.Tamper(1, $"delete from oms.mt_doc_return where id = '{declined}'");
        await models.Tamper(1, $"update oms.mt_doc_return set data = jsonb_set(data, '{{reason}}', '\"other\"') where id = '{approved}'");
        await models.Tamper(1, $"update oms.mt_doc_returnableorder set mt_version = 99 where id = '{untouched}'");

        (await Differences()).ShouldBe(
        [
            ("return_has_a_document", asked), ("return_has_a_document", declined), ("return_is_the_fold_of_its_events", approved),
            ("returnable_order_shows_the_version_of_its_stream", $"{untouched}"), ("claimed_is_what_returns_claim", "#1001 line 1"),
        ], ignoreOrder: true);

        await models.Rebuild();
        (await Differences()).ShouldBeEmpty();
    }

    private async Task<string> Requested(Guid order) => (await Body(await service.Request(order, (1, 1)), 201)).GetProperty("id").GetString()!;

    private async Task<IReadOnlyList<(string?, string?)>> Differences() => [.. (await service.Get("/v1/returns/reconciliation")).GetProperty("differences").EnumerateArray()
        .Select(it => (it.GetProperty("what").GetString(), it.GetProperty("key").GetString()))];
}
