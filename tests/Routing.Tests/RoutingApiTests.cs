using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Oms.Contracts.Routing.V1;
using static Oms.Routing.Tests.RoutingFixture;

namespace Oms.Routing.Tests;

public sealed class LocationsApi(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    private Task<HttpResponseMessage> Put(string id, object body, string? ifMatch = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/locations/{id}") { Content = JsonContent.Create(body, options: RoutingFixture.Json) };
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{ifMatch}\""));
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return service.Http.SendAsync(request);
    }

    [Fact]
    public async Task a_location_is_registered_read_and_revised()
    {
        var created = await Put("a-nyc", NewYork());
        var body = await Body(created, 201);
        created.Headers.Location!.ToString().ShouldBe("/v1/locations/a-nyc");
        created.Headers.ETag!.Tag.ShouldBe("\"1\"");
        body.GetRawText().ShouldBe(
            """{"locationId":"a-nyc","name":"New York","type":"warehouse","address":{"line1":"1 Dock St","city":"New York","region":"NY","postalCode":"10001","country":"US"},"coordinates":{"latitude":40.75,"longitude":-74},"timeZone":"America/New_York","cutOff":"15:00","markets":[],"active":true,"version":1}""");
        (await service.Get("/v1/locations/a-nyc")).GetRawText().ShouldBe(body.GetRawText());

        var unchanged = await Put("a-nyc", NewYork());
        (await Body(unchanged, 200)).GetProperty("version").GetInt32().ShouldBe(1);
        var revised = await Put("a-nyc", NewYork("NYC", active: false), ifMatch: "1");
        (await Body(revised, 200)).GetProperty("version").GetInt32().ShouldBe(2);
        revised.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await service.Http.GetAsync("/v1/locations/a-nyc")).Headers.ETag!.Tag.ShouldBe("\"2\"");

        var told = await service.Messages.Hear<LocationRegistered>(it => it is { LocationId: "a-nyc", Active: false });
        told.Name.ShouldBe("NYC");
        service.Messages.Published<LocationRegistered>().Count(it => it.LocationId == "a-nyc").ShouldBe(2);
    }

    [Fact]
    public async Task an_old_version_is_refused()
    {
        await Put("b-nyc", NewYork());
        await Problem(await Put("b-nyc", NewYork("NYC"), ifMatch: "7"), 412, "stale-version");
        (await service.Get("/v1/locations/b-nyc")).GetProperty("name").GetString().ShouldBe("New York");
    }

    [Fact]
    public async Task the_same_key_gets_the_same_answer_and_another_body_under_it_is_refused()
    {
        var first = await Put("c-nyc", NewYork(), key: "k1");
        var again = await Put("c-nyc", NewYork(), key: "k1");
        ((int)again.StatusCode).ShouldBe(201);
        again.Headers.GetValues("Idempotent-Replayed").Single().ShouldBe("true");
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        await Problem(await Put("c-nyc", NewYork("NYC"), key: "k1"), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task what_is_wrong_is_refused_and_leaves_nothing()
    {
        (await Problem(await Put("d-nyc", new { name = "", markets = new[] { "mars" } }), 422, "invalid-location"))
            .ShouldBe(["address", "coordinates", "cutOff", "markets[0]", "name", "timeZone", "type"]);
        await Problem(await service.Http.GetAsync("/v1/locations/d-nyc"), 404, "location-not-found");
        (await Problem(await Put("D!", NewYork()), 422, "invalid-location")).ShouldBe(["locationId"]);
        await Problem(await service.Http.GetAsync("/v1/locations/D!"), 404, "location-not-found");
        await Problem(await Put("d-nyc", new { name = "x", color = "red" }), 400, "malformed-request");
        await Problem(await Put("d-nyc", new { name = "x", markets = new[] { "\u0001", null } }), 422, "invalid-location");
        await Problem(await service.Http.PutAsync("/v1/locations/d-nyc", new StringContent("{", Encoding.UTF8, "application/json")), 400, "malformed-request");
        using var stranger = service.CreateClient();
        ((int)(await stranger.GetAsync("/v1/locations")).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task the_list_is_read_page_by_page()
    {
        foreach (var id in new[] { "p3", "p1", "p2" })
            await Put(id, NewYork());
        List<string?> ids = [];
        for (string? after = ""; after is not null;)
        {
            var page = await service.Get($"/v1/locations?limit=1{after}");
            ids.AddRange(Values(page.GetProperty("items"), "locationId"));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : null;
        }
        ids.Where(it => it!.StartsWith('p')).ShouldBe(["p1", "p2", "p3"]);
        await Problem(await service.Http.GetAsync("/v1/locations?limit=0"), 422, "invalid-limit");
        await Problem(await service.Http.GetAsync("/v1/locations?after=%01"), 422, "invalid-cursor");
        await Problem(await service.Http.GetAsync("/v1/locations?limit=x"), 400, "malformed-request");
    }
}

public sealed class MarketsApi(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    private Task<HttpResponseMessage> Put(string id, object body) => service.Http.PutAsJsonAsync($"/v1/markets/{id}", body);

    [Fact]
    public async Task a_market_is_defined_read_listed_and_drawn_anew()
    {
        var created = await Put("west", new { name = "West", countries = new[] { "US" }, regions = new[] { "US-OR", "US-CA" } });
        (await Body(created, 201)).GetRawText().ShouldBe("""{"marketId":"west","name":"West","countries":["US"],"regions":["US-CA","US-OR"],"version":1}""");
        created.Headers.Location!.ToString().ShouldBe("/v1/markets/west");
        (await Body(await Put("west", new { name = "West", countries = new[] { "US" } }), 200)).GetProperty("version").GetInt32().ShouldBe(2);
        (await service.Http.GetAsync("/v1/markets/west")).Headers.ETag!.Tag.ShouldBe("\"2\"");
        Values((await service.Get("/v1/markets?limit=200")).GetProperty("items"), "marketId").ShouldBe(["west"]);
    }

    [Fact]
    public async Task what_is_wrong_is_refused()
    {
        (await Problem(await Put("m", new { name = "M", countries = new[] { "XX", null }, regions = new[] { "US-CA", null, "U" } }), 422, "invalid-market"))
            .ShouldBe(["countries[0]", "countries[1]", "regions[0]", "regions[1]", "regions[2]"]);
        await Problem(await service.Http.GetAsync("/v1/markets/m"), 404, "market-not-found");
        await Problem(await service.Http.GetAsync("/v1/markets/M!"), 404, "market-not-found");
        await Problem(await service.Http.GetAsync("/v1/markets?after=x"), 422, "invalid-cursor");
        await Problem(await service.Http.GetAsync("/v1/markets?limit=201"), 422, "invalid-limit");
        await Problem(await Put("M!", new { name = "M", countries = new[] { "US" } }), 422, "invalid-market");
    }
}

public sealed class StrategyApi(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    [Fact]
    public async Task every_change_is_a_version_that_stays_readable()
    {
        var initial = await service.Http.GetAsync("/v1/routing-strategy");
        initial.Headers.ETag!.Tag.ShouldBe("\"0\"");
        var standard = await Body(initial, 200);
        Values(standard.GetProperty("rules"), "type").ShouldBe(["minimize_splits", "stay_in_market", "ranked_locations", "closest"]);
        standard.GetProperty("version").GetInt32().ShouldBe(0);
        (await service.Get("/v1/routing-strategy/versions/0")).GetRawText().ShouldBe(standard.GetRawText());

        await service.Register("nyc");
        var first = await Body(await Put(new { rules = new object[] { new { type = "ranked_locations", locations = new[] { "nyc" } }, new { type = "closest", enabled = false } } }), 200);
        first.GetProperty("version").GetInt32().ShouldBe(1);
        var second = await Put(new { rules = new object[] { new { type = "closest" } } });
        second.Headers.ETag!.Tag.ShouldBe("\"2\"");

        (await service.Get("/v1/routing-strategy")).GetRawText().ShouldBe((await Body(second, 200)).GetRawText());
        (await service.Get("/v1/routing-strategy/versions/1")).GetRawText().ShouldBe(first.GetRawText());
        (await service.Get("/v1/routing-strategy/versions/2")).GetProperty("rules").GetArrayLength().ShouldBe(1);
        await Problem(await service.Http.GetAsync("/v1/routing-strategy/versions/3"), 404, "strategy-version-not-found");
        await Problem(await service.Http.GetAsync("/v1/routing-strategy/versions/-1"), 404, "strategy-version-not-found");
        await Problem(await service.Http.GetAsync("/v1/routing-strategy/versions/99999999999"), 404, "not-found");
        (await Problem(await Put(new { rules = new object[] { new { type = "ranked_locations", locations = new[] { "mars" } } } }), 422, "invalid-strategy"))
            .ShouldBe(["rules[0].locations[0]"]);
        await Problem(await Put(new { }), 422, "invalid-strategy");

        var stale = new HttpRequestMessage(HttpMethod.Put, "/v1/routing-strategy") { Content = JsonContent.Create(new { rules = new object[] { new { type = "closest" } } }) };
        stale.Headers.IfMatch.Add(new("\"1\""));
        await Problem(await service.Http.SendAsync(stale), 412, "stale-version");
    }

    private Task<HttpResponseMessage> Put(object body) => service.Http.PutAsJsonAsync("/v1/routing-strategy", body);
}

public sealed class PostalCodesApi(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    private Task<HttpResponseMessage> Put(string body, string type = "application/json") =>
        service.Http.PutAsync("/v1/postal-codes", new StringContent(body, Encoding.UTF8, type));

    [Fact]
    public async Task codes_are_put_in_bulk_and_replaced()
    {
        (await Body(await Put("""{"items":[{"country":"US","postalCode":"10001","latitude":1,"longitude":2},{"country":"US","postalCode":"10001-9999","latitude":40.75,"longitude":-74}]}"""), 200))
            .GetRawText().ShouldBe("""{"received":2}""");
        (await service.Get("/v1/postal-codes/US/10001")).GetRawText().ShouldBe("""{"country":"US","postalCode":"10001","latitude":40.75,"longitude":-74}""");
        var lines = "{\"country\":\"CA\",\"postalCode\":\"K1A 0B1\",\"latitude\":45.4,\"longitude\":-75.7}\n\n{\"country\":\"US\",\"postalCode\":\"10001\",\"latitude\":41,\"longitude\":-74}\n";
        (await Body(await Put(lines, "application/x-ndjson"), 200)).GetProperty("received").GetInt32().ShouldBe(2);
        (await service.Get("/v1/postal-codes/CA/k1a%200b1")).GetProperty("latitude").GetDouble().ShouldBe(45.4);
        (await service.Get("/v1/postal-codes/US/10001")).GetProperty("latitude").GetDouble().ShouldBe(41);
    }

    [Fact]
    public async Task as_many_as_one_request_may_hold_are_stored_at_once()
    {
        string Codes(int count) => string.Join('\n', Enumerable.Range(0, count).Select(it => $$"""{"country":"DE","postalCode":"{{it:00000}}","latitude":50,"longitude":{{it % 180}}}"""));
        (await Body(await Put(Codes(5_000), "application/x-ndjson"), 200)).GetProperty("received").GetInt32().ShouldBe(5_000);
        (await service.Get("/v1/postal-codes/DE/04999")).GetProperty("longitude").GetDouble().ShouldBe(139);
        (await Problem(await Put(Codes(5_001), "application/x-ndjson"), 422, "invalid-postal-codes")).ShouldBe(["items"]);
    }

    [Fact]
    public async Task what_is_wrong_is_refused_as_a_whole()
    {
        (await Problem(await Put("""{"items":[{"country":"FR","postalCode":"75001","latitude":1,"longitude":2},{"country":"XX","postalCode":"","latitude":91},null]}"""), 422, "invalid-postal-codes"))
            .ShouldContain("items[1].longitude");
        await Problem(await service.Http.GetAsync("/v1/postal-codes/FR/75001"), 404, "postal-code-not-found");
        await Problem(await service.Http.GetAsync("/v1/postal-codes/XX/1"), 404, "postal-code-not-found");
        await Problem(await Put("{"), 400, "malformed-request");
        await Problem(await Put("""{"items":[{"zip":"1"}]}"""), 400, "malformed-request");
        await Problem(await Put("{\"country\":\"US\"}\nx", "application/x-ndjson"), 400, "malformed-request");
        await Problem(await Put("{}"), 422, "invalid-postal-codes");
        await Problem(await Put("a,b", "text/csv"), 415, "unsupported-media-type");
    }
}
