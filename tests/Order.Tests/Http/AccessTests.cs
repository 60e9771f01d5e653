using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Oms.ServiceDefaults;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

/// <summary>A key of a channel sees and writes its channel's orders; what is not its own does not exist.</summary>
public sealed class AccessTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private readonly HttpClient everybody = service.Client();
    private readonly HttpClient pos = service.Client(Caller.Unrestricted("pos") with { Channels = ["pos"] });

    [Fact]
    public async Task another_channels_order_does_not_exist()
    {
        var order = await Place(everybody, "web", "a-1");

        foreach (var (method, path, body) in ((HttpMethod, string, object?)[])
        [
            (HttpMethod.Get, $"/{order}", null), (HttpMethod.Get, "/by-number/web/a-1", null), (HttpMethod.Get, $"/{order}/timeline", null),
            (HttpMethod.Post, $"/{order}/cancellation", new { reason = "mine now" }), (HttpMethod.Post, $"/{order}/holds", new { reason = "fraud" }),
            (HttpMethod.Delete, $"/{order}/holds/fraud", null), (HttpMethod.Post, $"/{order}/refunds", new { amount = 1, reason = "please" }),
        ])
        {
            using var request = new HttpRequestMessage(method, $"/v1/orders{path}") { Content = body is null ? null : JsonContent.Create(body) };
            // Not even a version may be asked about.
            if (body is not null)
                request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
            await Problem(await pos.SendAsync(request), 404, "order-not-found");
        }
        (await everybody.GetFromJsonAsync<JsonObject>($"/v1/orders/{order}"))!["status"]!.GetValue<string>().ShouldNotBe("canceled");
    }

    [Fact]
    public async Task its_own_order_does()
    {
        var order = await Place(pos, "pos", "b-1");

        (await pos.GetAsync($"/v1/orders/{order}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await pos.GetAsync($"/v1/orders/{order}/timeline")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await pos.PostAsJsonAsync($"/v1/orders/{order}/cancellation", new { reason = "changed my mind" })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task a_list_has_only_its_own()
    {
        var (own, other) = (await Place(pos, "pos", "c-1"), await Place(everybody, "web", "c-2"));

        var listed = (await pos.GetFromJsonAsync<JsonObject>("/v1/orders?limit=200"))!["items"]!.AsArray();

        listed.ShouldAllBe(it => it!["channel"]!.GetValue<string>() == "pos");
        listed.Select(it => it!["id"]!.GetValue<Guid>()).ShouldContain(own);
        (await pos.GetFromJsonAsync<JsonObject>("/v1/orders?channel=web"))!["items"]!.AsArray().ShouldBeEmpty();
        (await everybody.GetFromJsonAsync<JsonObject>("/v1/orders?limit=200"))!["items"]!.AsArray().Select(it => it!["id"]!.GetValue<Guid>()).ShouldContain(other);
    }

    [Fact]
    public async Task it_places_orders_for_its_own_channel_only()
    {
        await Problem(await pos.PostAsJsonAsync("/v1/orders", Body("d-1", "web")), 422, "foreign-channel");

        var rows = string.Join('\n', new[] { Body("d-2", "web"), Body("d-3", "pos") }.Select(it => System.Text.Json.JsonSerializer.Serialize(it)));
        using var imported = await pos.PostAsync("/v1/orders/import", new StringContent(rows, Encoding.UTF8, "application/x-ndjson"));
        (await imported.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).Select(row => row["code"]?.GetValue<string>() ?? row["outcome"]!.GetValue<string>())
            .ShouldBe(["foreign-channel", "created"]);
    }

    [Fact]
    public async Task without_the_scope_a_route_is_closed()
    {
        var reader = service.Client(Caller.Unrestricted("reader") with { Scopes = [Scopes.OrdersRead] });

        using var refused = await reader.PostAsJsonAsync("/v1/orders", Body("e-1", "pos"));

        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"insufficient_scope\", scope=\"orders:write\"");
        await Problem(refused, 403, "forbidden");
        (await reader.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task who_is_restricted_to_locations_sees_no_orders()
    {
        var partner = service.Client(Caller.Unrestricted("partner") with { Locations = ["nyc"] });
        await Problem(await partner.GetAsync("/v1/orders"), 403, "forbidden");
    }

    private static async Task<Guid> Place(HttpClient client, string channel, string number)
    {
        using var placed = await client.PostAsJsonAsync("/v1/orders", Body(number, channel));
        placed.StatusCode.ShouldBe(HttpStatusCode.Created, await placed.Content.ReadAsStringAsync());
        return (await placed.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }
}
