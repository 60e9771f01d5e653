using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Testing;

namespace Oms.Shipping.Tests;

/// <summary>A database of its own: it looks at everything, and is damaged on purpose.</summary>
public sealed class ReconciliationTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    [Fact]
    public async Task finds_what_was_tampered_with_and_nothing_else()
    {
        var (open, _) = await service.Created();
        var (parcel, other) = ((await service.Shipped()).GetProperty("id").GetGuid(), (await service.Shipped()).GetProperty("id").GetGuid());
        var closed = (await service.Get($"/v1/shipments/{other}")).GetProperty("fulfillmentOrderId").GetGuid();
        (await Differences()).ShouldBeEmpty();

        var models = new ReadModelDump(service.Services.GetRequiredService<IDocumentStore>());
        await models.Tamper(1, $"update oms.mt_doc_fulfillmentorder set data = jsonb_set(data, '{{serviceLevel}}', '\"teleport\"') where id = '{open}'");
        await models.Tamper(1, $"update oms.mt_doc_shipment set data = jsonb_set(data, '{{lines,0,quantity}}', '1') where id = '{parcel}'");
        await models.Tamper(1, $"delete from oms.mt_doc_fulfillmentorder where id = '{closed}'");

        var shortOf = (await service.Get($"/v1/shipments/{parcel}")).GetProperty("fulfillmentOrderId").GetGuid();
        (await Differences()).ShouldBe(
        [
            ("fulfillment_order_is_the_fold_of_its_events", $"{open}"), ("shipment_is_the_fold_of_its_events", $"{parcel}"),
            ("shipped_is_what_the_parcels_hold", $"#1001 {shortOf} line 1"), ("fulfillment_order_has_a_document", $"{closed}"),
            ("a_parcel_is_one_of_its_fulfillment_order", $"#1001 {other}"),
        ], ignoreOrder: true);

        await models.Rebuild();
        (await Differences()).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<(string?, string?)>> Differences() => [.. (await service.Get("/v1/shipping/reconciliation")).GetProperty("differences").EnumerateArray()
        .Select(it => (it.GetProperty("what").GetString(), it.GetProperty("key").GetString()))];
}
