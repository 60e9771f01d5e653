using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Tests;

/// <summary>A partner sees and changes the stock of its locations.</summary>
public sealed class AccessTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private readonly HttpClient everybody = service.Client();

    [Fact]
    public async Task stock_at_another_location_is_neither_seen_nor_changed()
    {
        const string own = "nyc", other = "lax";
        var sku = await service.Sku();
        var partner = service.Client(Caller.Unrestricted("partner") with { Locations = [own] });
        foreach (var location in (string[])[own, other])
            (await Receive(everybody, location, sku)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await Receive(partner, own, sku)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Receive(partner, other, sku)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await partner.PostAsJsonAsync("/v1/inventory/adjustments", new { locationId = other, reason = "damaged", lines = new[] { new { sku, state = "available", delta = -1 } } }))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await partner.GetAsync($"/v1/inventory/{sku}/levels/{other}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await partner.GetAsync($"/v1/inventory/{sku}/levels/{own}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await partner.GetFromJsonAsync<JsonElement>($"/v1/inventory/{sku}")).GetProperty("totals").GetProperty("onHand").GetInt32().ShouldBe(10);
        (await Items(partner, $"/v1/inventory?sku={sku}")).Select(it => it.GetProperty("locationId").GetString()).ShouldBe([own]);
        (await Items(partner, $"/v1/inventory?sku={sku}&locationId={other}")).ShouldBeEmpty();
        (await Items(partner, $"/v1/inventory/{sku}/movements")).ShouldAllBe(it => it.GetProperty("locationId").GetString() == own);
        (await Items(partner, $"/v1/inventory/{sku}/movements?locationId={other}")).ShouldBeEmpty();
        (await everybody.GetFromJsonAsync<JsonElement>($"/v1/inventory/{sku}/levels/{other}")).GetProperty("onHand").GetInt32().ShouldBe(5);
    }

    private static Task<HttpResponseMessage> Receive(HttpClient client, string location, string sku) =>
        client.PostAsJsonAsync("/v1/inventory/receipts", new { locationId = location, reason = "received", lines = new[] { new { sku, quantity = 5 } } });

    private static async Task<JsonElement[]> Items(HttpClient client, string path) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray()];
}
