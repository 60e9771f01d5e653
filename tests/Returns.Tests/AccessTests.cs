using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Oms.ServiceDefaults;
using static Oms.Returns.Tests.ReturnsFixture;

namespace Oms.Returns.Tests;

/// <summary>A channel returns what it has sold; a location takes in what arrives there.</summary>
public sealed class AccessTests(ReturnsFixture service) : IClassFixture<ReturnsFixture>
{
    private readonly HttpClient web = service.Client(Caller.Unrestricted("web") with { Channels = ["web"] });
    private readonly HttpClient pos = service.Client(Caller.Unrestricted("pos") with { Channels = ["pos"] });
    private readonly HttpClient nyc = service.Client(Caller.Unrestricted("nyc") with { Locations = ["nyc"] });
    private readonly HttpClient lax = service.Client(Caller.Unrestricted("lax") with { Locations = ["lax"] });

    [Fact]
    public async Task another_channels_order_cannot_be_returned_and_its_returns_do_not_exist()
    {
        var order = await service.DeliveredOrder();
        var request = new { orderId = order, reason = "too small", lines = new[] { new { line = 1, quantity = 1 } } };

        await Problem(await pos.PostAsJsonAsync("/v1/returns", request), 404, "order-not-found");
        var id = (await Body(await web.PostAsJsonAsync("/v1/returns", request), 201)).GetProperty("id").GetGuid();

        foreach (var verb in (string[])["approve", "cancel"])
            await Problem(await pos.PostAsJsonAsync($"/v1/returns/{id}/{verb}", new { }), 404, "return-not-found");
        await Problem(await pos.PostAsJsonAsync($"/v1/returns/{id}/decline", new { reason = "no" }), 404, "return-not-found");
        await Problem(await pos.GetAsync($"/v1/returns/{id}"), 404, "return-not-found");
        await Problem(await pos.GetAsync($"/v1/orders/{order}/returns"), 404, "order-not-found");
        (await Items(pos, $"/v1/returns?orderId={order}")).ShouldBeEmpty();
        (await Items(web, $"/v1/returns?orderId={order}")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task a_location_takes_in_what_arrives_there_and_then_it_is_its_own()
    {
        var id = await service.ApprovedReturn(await service.DeliveredOrder());
        await Problem(await nyc.GetAsync($"/v1/returns/{id}"), 404, "return-not-found");
        var goods = new { locationId = "nyc", lines = new[] { new { line = 1, quantity = 2, disposition = "restocked" } } };

        await Problem(await lax.PostAsJsonAsync($"/v1/returns/{id}/receive", goods), 422, "foreign-location");
        await Body(await nyc.PostAsJsonAsync($"/v1/returns/{id}/receive", goods), 200);

        (await nyc.GetAsync($"/v1/returns/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Problem(await lax.GetAsync($"/v1/returns/{id}"), 404, "return-not-found");
        await Problem(await lax.PostAsJsonAsync($"/v1/returns/{id}/receive", new { locationId = "lax", goods.lines }), 404, "return-not-found");
    }

    private static async Task<JsonElement[]> Items(HttpClient client, string path) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray()];
}
