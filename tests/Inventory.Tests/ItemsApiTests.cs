using System.Net.Http.Json;
using System.Text.Json;
using Oms.Contracts.Inventory.V1;
using static Oms.Inventory.Tests.InventoryFixture;

namespace Oms.Inventory.Tests;

public sealed class ItemsApiTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private static string New(string prefix = "ITEM") => $"{prefix}-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task put_registers_then_revises_and_repeats_change_nothing()
    {
        var sku = New();
        var created = await service.Put($"/v1/items/{sku}", new { name = " Mug ", gtin = "4006381333931", weightGrams = 350, hsCode = "6912.00", countryOfOrigin = "PT" });
        created.Headers.Location!.ToString().ShouldBe($"/v1/items/{sku}");
        created.Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await Body(created, 201)).GetRawText().ShouldBe(
            $$"""{"sku":"{{sku}}","name":"Mug","gtin":"04006381333931","weightGrams":350,"hsCode":"691200","countryOfOrigin":"PT","version":1}""");

        (await Body(await service.Put($"/v1/items/{sku}", new { name = "Cup" }), 200)).GetProperty("version").GetInt32().ShouldBe(2);
        (await Body(await service.Put($"/v1/items/{sku}", new { name = "Cup" }), 200)).GetProperty("version").GetInt32().ShouldBe(2);
        (await service.Get($"/v1/items/{sku}")).GetRawText().ShouldBe($$"""{"sku":"{{sku}}","name":"Cup","version":2}""");
        (await service.Messages.Hear<ItemRegistered>(it => it.Sku == sku && it.Name == "Cup")).Gtin.ShouldBeNull();
    }

    [Fact]
    public async Task an_older_version_is_stale()
    {
        var sku = New();
        await service.Put($"/v1/items/{sku}", new { name = "Mug" });
        async Task<HttpResponseMessage> Revise(string ifMatch, string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/items/{sku}") { Content = JsonContent.Create(new { name }) };
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            return await service.Http.SendAsync(request);
        }

        await Body(await Revise("\"1\"", "Cup"), 200);
        await Problem(await Revise("\"1\"", "Bowl"), 412, "stale-version");
        await Body(await Revise("\"2\"", "Bowl"), 200);
    }

    [Fact]
    public async Task a_sku_with_a_slash_travels_escaped()
    {
        var sku = $"{New()}/red:1#2";
        var path = Uri.EscapeDataString(sku);
        var created = await service.Put($"/v1/items/{path}", new { name = "Mug" });
        (await Body(created, 201)).GetProperty("sku").GetString().ShouldBe(sku);
        (await service.Get(created.Headers.Location!.ToString())).GetProperty("sku").GetString().ShouldBe(sku);
        await service.Receive(sku, 2);
        (await service.Get($"/v1/inventory/{path}/levels/nyc")).GetProperty("available").GetInt32().ShouldBe(2);
        (await service.Get($"/v1/inventory/{path}/movements")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task everything_wrong_is_said_at_once()
    {
        var problem = await Problem(await service.Put("/v1/items/a%20b", new
        {
            name = "\u0007", gtin = "123", weightGrams = -1, lengthMm = -1, widthMm = 100_001, heightMm = -1, hsCode = "12", countryOfOrigin = "Portugal",
        }), 422, "invalid-item");
        problem.GetProperty("errors").EnumerateObject().Select(it => it.Name).ShouldBe(
            ["countryOfOrigin", "gtin", "heightMm", "hsCode", "lengthMm", "name", "sku", "weightGrams", "widthMm"]);
        await Problem(await service.Put($"/v1/items/{New()}", new { }), 422, "invalid-item");
        await Problem(await service.Put($"/v1/items/{New()}", new { name = "Mug", color = "red" }), 400, "malformed-request");
    }

    [Theory]
    [InlineData("/v1/items/NOBODY")]
    [InlineData("/v1/items/a%2500b")]
    [InlineData("/v1/inventory/NOBODY")]
    [InlineData("/v1/inventory/a%2500b")]
    [InlineData("/v1/inventory/NOBODY/levels/nyc")]
    [InlineData("/v1/inventory/a%2500b/levels/nyc")]
    [InlineData("/v1/inventory/NOBODY/movements")]
    [InlineData("/v1/inventory/a%2500b/movements")]
    public async Task an_unknown_item_is_not_found(string path) => await Problem(await service.Http.GetAsync(path), 404, "item-not-found");

    [Fact]
    public async Task a_batch_answers_row_by_row()
    {
        var (known, same, fresh) = (New(), New(), New());
        await service.Put($"/v1/items/{known}", new { name = "Old" });
        await service.Put($"/v1/items/{same}", new { name = "Same" });
        var answer = await Body(await service.Post("/v1/items/batch", new
        {
            items = new object?[]
            {
                new { sku = known, name = "New" }, new { sku = same, name = "Same" }, new { sku = fresh, name = "Fresh" }, new { sku = fresh, name = "Fresher" },
                new { sku = "a b", name = "X" }, null,
            },
        }), 200);
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        results.Select(it => it.GetProperty("outcome").GetString()).ShouldBe(["updated", "unchanged", "created", "updated", "refused", "refused"]);
        results[4].GetProperty("code").GetString().ShouldBe("invalid-item");
        results[4].GetProperty("errors").TryGetProperty("sku", out _).ShouldBeTrue();
        (await service.Get($"/v1/items/{fresh}")).GetProperty("name").GetString().ShouldBe("Fresher");
        await Problem(await service.Post("/v1/items/batch", new { items = Array.Empty<object>() }), 422, "invalid-batch");
        await Problem(await service.Post("/v1/items/batch", new { items = Enumerable.Repeat(new { sku = "A", name = "A" }, 501) }), 422, "invalid-batch");
    }

    [Fact]
    public async Task lists_are_read_page_by_page()
    {
        var skus = Enumerable.Range(0, 5).Select(_ => New("LIST")).Order(StringComparer.Ordinal).ToList();
        await Body(await service.Post("/v1/items/batch", new { items = skus.Select(sku => new { sku, name = "Item" }) }), 200);
        foreach (var sku in skus)
            await service.Receive(sku, 1, "lax");

        (await ReadAll("/v1/items?limit=2")).Select(it => it.GetProperty("sku").GetString()!).Where(skus.Contains).ShouldBe(skus);
        var levels = await ReadAll("/v1/inventory?limit=2&locationId=lax");
        levels.Select(it => it.GetProperty("sku").GetString()!).Where(skus.Contains).ShouldBe(skus);
        levels.ShouldAllBe(it => it.GetProperty("locationId").GetString() == "lax");
        (await service.Get($"/v1/inventory?sku={skus[0]}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await service.Get("/v1/inventory?sku=%01")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await service.Get("/v1/inventory?locationId=NOWHERE")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/v1/items")]
    [InlineData("/v1/inventory")]
    [InlineData("/v1/inventory/backorders")]
    public async Task limits_and_cursors_are_checked(string path)
    {
        await Problem(await service.Http.GetAsync($"{path}?limit=0"), 422, "invalid-limit");
        await Problem(await service.Http.GetAsync($"{path}?limit=201"), 422, "invalid-limit");
        await Problem(await service.Http.GetAsync($"{path}?after=%21"), 422, "invalid-cursor");
        await Problem(await service.Http.GetAsync($"{path}?after=AAAA"), 422, "invalid-cursor");
        await Problem(await service.Http.GetAsync($"{path}?limit=many"), 400, "malformed-request");
    }

    [Fact]
    public async Task a_sku_without_stock_has_totals_of_nothing()
    {
        var sku = await service.Sku();
        var view = await service.Get($"/v1/inventory/{sku}");
        view.GetProperty("levels").GetArrayLength().ShouldBe(0);
        view.GetProperty("totals").GetProperty("onHand").GetInt64().ShouldBe(0);
        await Problem(await service.Http.GetAsync($"/v1/inventory/{sku}/levels/nyc"), 404, "level-not-found");
        await Problem(await service.Http.GetAsync($"/v1/inventory/{sku}/levels/a%2500b"), 404, "level-not-found");
        await service.Receive(sku, 2);
        await service.Receive(sku, 3, "lax");
        view = await service.Get($"/v1/inventory/{sku}");
        view.GetProperty("totals").GetProperty("available").GetInt64().ShouldBe(5);
        view.GetProperty("levels").EnumerateArray().Select(it => it.GetProperty("locationId").GetString()).ShouldBe(["lax", "nyc"]);
    }

    [Fact]
    public async Task nobody_gets_in_without_a_token()
    {
        using var stranger = service.CreateClient();
        (await Body(await stranger.GetAsync("/v1/items"), 401)).GetProperty("code").GetString().ShouldBe("unauthenticated");
        (await stranger.GetAsync("/openapi/v1.json")).EnsureSuccessStatusCode();
        (await stranger.GetAsync("/health")).EnsureSuccessStatusCode();
    }

    private async Task<List<JsonElement>> ReadAll(string path)
    {
        List<JsonElement> read = [];
        for (string? next = ""; next is not null;)
        {
            var page = await service.Get(next.Length == 0 ? path : $"{path}&after={next}");
            read.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        return read;
    }
}
