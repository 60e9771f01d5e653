using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Oms.ServiceDefaults;

namespace Oms.Shipping.Tests;

/// <summary>A partner sees and works on what is at its locations, a channel sees what is of its orders; anything else does not exist for them.</summary>
public sealed class AccessTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    private readonly HttpClient partner = service.Client(Caller.Unrestricted("partner") with { Locations = ["nyc"] });
    private readonly HttpClient web = service.Client(Caller.Unrestricted("web") with { Channels = ["web"] });
    private readonly HttpClient pos = service.Client(Caller.Unrestricted("pos") with { Channels = ["pos"] });

    [Fact]
    public async Task what_is_at_another_location_does_not_exist()
    {
        var (id, order) = await service.Created("lax");

        (await partner.GetAsync($"/v1/fulfillment-orders/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var action in (string[])["accept", "reject", "pick", "pack", "ship", "hold", "release-hold"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/fulfillment-orders/{id}/{action}") { Content = JsonContent.Create(new { reason = "mine" }) };
            if (action is "accept" or "pick" or "pack" or "ship")
                request.Content = JsonContent.Create(new { });
            request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
            (await partner.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound, action);
        }
        (await Items(partner, $"/v1/orders/{order}/fulfillment-orders")).ShouldBeEmpty();
        (await Items(partner, "/v1/fulfillment-orders?limit=200")).ShouldAllBe(it => it.GetProperty("locationId").GetString() == "nyc");
        (await Items(partner, "/v1/fulfillment-orders?locationId=lax")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_batch_acts_only_on_its_own()
    {
        var ((own, _), (other, _)) = (await service.Created("nyc"), await service.Created("lax"));

        using var answer = await partner.PostAsJsonAsync("/v1/fulfillment-orders/batch", new
        {
            actions = new[] { new { fulfillmentOrderId = own, action = "accept" }, new { fulfillmentOrderId = other, action = "accept" } },
        });

        var results = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray().ToArray();
        results.Select(it => it.GetProperty("outcome").GetString()).ShouldBe(["done", "refused"]);
        results[1].GetProperty("code").GetString().ShouldBe("fulfillment-order-not-found");
        (await service.Get($"/v1/fulfillment-orders/{other}")).GetProperty("requestStatus").GetString().ShouldBe("submitted");
    }

    [Fact]
    public async Task a_parcel_belongs_to_its_location_and_to_the_channel_of_its_order()
    {
        var parcel = await service.Shipped();
        var (id, number) = (parcel.GetProperty("id").GetGuid(), parcel.GetProperty("trackingNumber").GetString());
        var elsewhere = service.Client(Caller.Unrestricted("other") with { Locations = ["lax"] });

        foreach (var sees in (HttpClient[])[partner, web])
        {
            (await sees.GetAsync($"/v1/shipments/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Items(sees, $"/v1/shipments?trackingNumber={number}")).Length.ShouldBe(1);
        }
        foreach (var doesNot in (HttpClient[])[elsewhere, pos])
        {
            (await doesNot.GetAsync($"/v1/shipments/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await Items(doesNot, $"/v1/shipments?trackingNumber={number}")).ShouldBeEmpty();
            (await Items(doesNot, $"/v1/orders/{parcel.GetProperty("orderId").GetGuid()}/shipments")).ShouldBeEmpty();
        }
        (await elsewhere.GetAsync($"/v1/shipments/{id}/label")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_channel_sees_its_fulfillment_orders_and_does_not_work_on_them()
    {
        var (id, _) = await service.Created("nyc");

        (await web.GetAsync($"/v1/fulfillment-orders/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await pos.GetAsync($"/v1/fulfillment-orders/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await web.PostAsJsonAsync($"/v1/fulfillment-orders/{id}/accept", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task a_partner_tells_nothing_about_other_peoples_parcels()
    {
        var parcel = await service.Shipped();
        var elsewhere = service.Client(Caller.Unrestricted("other") with { Locations = ["lax"] });

        using var answer = await elsewhere.PostAsJsonAsync("/v1/tracking-events", new { events = new[] { service.Event(parcel, "DV", 1) } });

        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0].GetProperty("outcome").GetString().ShouldBe("unknown_tracking_number");
    }

    private static async Task<JsonElement[]> Items(HttpClient client, string path) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray()];
}
