using System.Text.Json;
using static Oms.Inventory.Tests.InventoryFixture;

namespace Oms.Inventory.Tests;

public sealed class MovementsApiTests(InventoryFixture service) : IClassFixture<InventoryFixture>
{
    private Task<HttpResponseMessage> Adjust(string sku, int delta, string state = "available", string reason = "correction") => service.Post(
        "/v1/inventory/adjustments", new { locationId = "nyc", reason, lines = new[] { new { sku, state, delta } } });

    [Fact]
    public async Task a_receipt_makes_stock_available_and_answers_with_the_levels()
    {
        var (mug, plate) = (await service.Sku(), await service.Sku("PLATE"));
        var answer = await Body(await service.Post("/v1/inventory/receipts", new
        {
            locationId = "nyc",
            document = "ASN-1",
            lines = new[] { new { sku = mug, quantity = 3 }, new { sku = plate, quantity = 5 }, new { sku = mug, quantity = 4 } },
        }), 201);

        var levels = answer.GetProperty("levels").EnumerateArray().ToList();
        levels.Select(level => (level.GetProperty("sku").GetString(), level.GetProperty("available").GetInt32())).ShouldBe([(mug, 7), (plate, 5)]);
        var level = await service.Level(mug);
        level.GetRawText().ShouldBe(levels[0].GetRawText());
        (level.GetProperty("onHand").GetInt32(), level.GetProperty("version").GetInt32()).ShouldBe((7, 1));
    }

    [Fact]
    public async Task a_level_tells_its_version_as_an_etag()
    {
        var sku = await service.Stocked(1);
        await service.Receive(sku, 1);
        var response = await service.Http.GetAsync($"/v1/inventory/{sku}/levels/nyc");
        response.Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task all_lines_or_none()
    {
        var (mug, plate) = (await service.Stocked(5), await service.Stocked(5));
        var problem = await Problem(await service.Post("/v1/inventory/adjustments", new
        {
            locationId = "nyc",
            reason = "shrinkage",
            lines = new[] { new { sku = mug, delta = -1 }, new { sku = plate, delta = -6 } },
        }), 409, "insufficient-stock");
        problem.GetProperty("detail").GetString()!.ShouldContain($"{plate} has 5 available, which would become -1");
        problem.GetProperty("errors").GetProperty(plate)[0].GetString().ShouldBe("available: 5 present, -1 after");
        (await service.Level(mug)).GetProperty("available").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task a_set_compares_first()
    {
        var sku = await service.Stocked(5);
        Task<HttpResponseMessage> Set(int quantity, int? compareQuantity) => service.Post("/v1/inventory/sets", new
        {
            locationId = "nyc",
            reason = "cycle_count",
            lines = new[] { new { sku, quantity, compareQuantity } },
        });

        await Problem(await Set(9, 4), 409, "compare-mismatch");
        var level = (await Body(await Set(9, 5), 201)).GetProperty("levels")[0];
        level.GetProperty("available").GetInt32().ShouldBe(9);
        level.GetProperty("onHand").GetInt32().ShouldBe(9);
        (await Body(await Set(9, null), 201)).GetProperty("levels")[0].GetProperty("version").GetInt64().ShouldBe(2);    // already so
    }

    [Fact]
    public async Task a_move_keeps_what_is_on_hand_and_incoming_arrives()
    {
        var sku = await service.Stocked(5);
        await Body(await Adjust(sku, 10, "incoming"), 201);
        var level = (await Body(await service.Post("/v1/inventory/moves", new
        {
            locationId = "nyc",
            reason = "damaged",
            lines = new object[] { new { sku, from = "available", to = "damaged", quantity = 2 }, new { sku, from = "incoming", to = "quality_control", quantity = 4 } },
        }), 201)).GetProperty("levels")[0];
        int Of(string state) => level.GetProperty(state).GetInt32();
        (Of("onHand"), Of("available"), Of("damaged"), Of("qualityControl"), Of("incoming")).ShouldBe((9, 3, 2, 4, 6));
        await service.Reconciles();
    }

    [Fact]
    public async Task unknown_skus_are_all_named()
    {
        var known = await service.Sku();
        var problem = await Problem(await service.Post("/v1/inventory/receipts", new
        {
            locationId = "nyc",
            lines = new[] { new { sku = "NO-1", quantity = 1 }, new { sku = known, quantity = 1 }, new { sku = "NO-2", quantity = 1 } },
        }), 422, "unknown-sku");
        problem.GetProperty("detail").GetString()!.ShouldContain("NO-1, NO-2");
    }

    [Theory]
    [InlineData("receipts", """{"locationId":"nyc","lines":[]}""", "lines")]
    [InlineData("receipts", """{"locationId":"NYC!","lines":[{"sku":"A","quantity":1}]}""", "locationId")]
    [InlineData("receipts", """{"locationId":"nyc","lines":[{"sku":"a b","quantity":0}]}""", "lines[0].quantity,lines[0].sku")]
    [InlineData("receipts", """{"locationId":"nyc","reason":"because","lines":[null]}""", "lines[0].quantity,lines[0].sku,reason")]
    [InlineData("adjustments", """{"locationId":"nyc","reason":"other","lines":[{"sku":"A","delta":0,"state":"lost"}]}""", "lines[0].delta,lines[0].state")]
    [InlineData("adjustments", """{"locationId":"nyc","reason":"other","lines":[{"sku":"A","delta":1,"state":"committed"}]}""", "lines[0].state")]
    [InlineData("sets", """{"locationId":"nyc","reason":"other","lines":[{"sku":"A","quantity":1},{"sku":"A","quantity":2}]}""", "lines[1]")]
    [InlineData("sets", """{"locationId":"nyc","reason":"other","document":"a\u0001b","lines":[{"sku":"A","quantity":-1,"compareQuantity":-1}]}""",
        "document,lines[0].compareQuantity,lines[0].quantity")]
    [InlineData("moves", """{"locationId":"nyc","reason":"other","lines":[{"sku":"A","from":"available","to":"available","quantity":1}]}""", "lines[0].to")]
    public async Task wrong_documents_are_refused_with_every_reason(string kind, string json, string paths)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var problem = await Problem(await service.Http.PostAsync($"/v1/inventory/{kind}", body), 422, "invalid-movement");
        string.Join(',', problem.GetProperty("errors").EnumerateObject().Select(it => it.Name)).ShouldBe(paths);
    }

    [Theory]
    [InlineData("receipts", "{")]
    [InlineData("receipts", """{"locationId":"nyc","lines":[],"color":"red"}""")]
    [InlineData("adjustments", """{"locationId":"nyc","lines":[{"sku":"A","delta":1}]}""")]
    [InlineData("moves", """{"locationId":"nyc","reason":"other","lines":[{"sku":"A","from":"available","to":"damaged","quantity":99999999999}]}""")]
    [InlineData("sets", "null")]
    public async Task malformed_documents_are_the_senders_fault(string kind, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        await Problem(await service.Http.PostAsync($"/v1/inventory/{kind}", body), 400, "malformed-request");
    }

    [Fact]
    public async Task a_level_has_a_limit()
    {
        var sku = await service.Sku();
        Task<HttpResponseMessage> Set(string state, int quantity) => service.Post("/v1/inventory/sets", new
        {
            locationId = "nyc",
            reason = "other",
            lines = Enumerable.Repeat(new { sku, state, quantity }, 1),
        });
        foreach (var state in new[] { "available", "reserved", "damaged", "quality_control", "safety_stock" })
            await Body(await Set(state, 100_000_000), 201);
        Task<HttpResponseMessage> Receive(int lines) => service.Post(
            "/v1/inventory/receipts", new { locationId = "nyc", lines = Enumerable.Repeat(new { sku, quantity = 1_000_000 }, lines) });
        await Body(await Receive(499), 201);
        await Problem(await Receive(2), 409, "level-too-large");
    }

    [Fact]
    public async Task the_same_idempotency_key_gives_the_same_answer_once()
    {
        var sku = await service.Sku();
        async Task<HttpResponseMessage> Send(int quantity)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/inventory/receipts");
            request.Headers.Add("Idempotency-Key", $"receipt-{sku}");
            request.Content = System.Net.Http.Json.JsonContent.Create(new { locationId = "nyc", lines = new[] { new { sku, quantity } } });
            return await service.Http.SendAsync(request);
        }

        var first = await Body(await Send(3), 201);
        var again = await Send(3);
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await Body(again, 201)).GetRawText().ShouldBe(first.GetRawText());
        await Problem(await Send(4), 422, "idempotency-key-reused");
        (await service.Level(sku)).GetProperty("available").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task the_ledger_tells_every_movement_newest_first_with_the_counts_after_it()
    {
        var sku = await service.Stocked(5);
        await Body(await Adjust(sku, -2, reason: "shrinkage"), 201);
        await service.Receive(sku, 1, "lax");
        await Body(await Adjust(sku, 4, "damaged", "damaged"), 201);

        var ledger = (await service.Get($"/v1/inventory/{sku}/movements")).GetProperty("items").EnumerateArray().ToList();
        ledger.Select(it => (it.GetProperty("type").GetString(), it.GetProperty("locationId").GetString(), it.GetProperty("version").GetInt32())).ShouldBe(
            [("stock_adjusted", "nyc", 3), ("stock_received", "lax", 1), ("stock_adjusted", "nyc", 2), ("stock_received", "nyc", 1)]);
        var shrunk = ledger[2];
        shrunk.GetProperty("reason").GetString().ShouldBe("shrinkage");
        shrunk.GetProperty("by").GetString().ShouldBe("test");
        shrunk.GetProperty("changes").GetRawText().ShouldBe("""{"onHand":-2,"available":-2}""");
        shrunk.GetProperty("after").GetProperty("available").GetInt32().ShouldBe(3);
        ledger[0].GetProperty("after").GetProperty("onHand").GetInt32().ShouldBe(7);

        var here = await service.Get($"/v1/inventory/{sku}/movements?locationId=nyc");
        here.GetProperty("items").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task the_ledger_is_read_page_by_page()
    {
        var sku = await service.Stocked(1);
        for (var times = 0; times < 6; times++)
            await service.Receive(sku, 1, times % 2 == 0 ? "lax" : "nyc");
        List<JsonElement> read = [];
        for (string? next = ""; next is not null;)
        {
            var page = await service.Get($"/v1/inventory/{sku}/movements?limit=2{(next.Length == 0 ? "" : $"&after={next}")}");
            read.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        read.Count.ShouldBe(7);
        read.Select(it => it.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
    }
}
