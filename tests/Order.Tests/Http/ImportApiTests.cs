using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Oms.Orders.Domain;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

public sealed class ImportApiTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private static string Row(string number, int mugs = 1, string sku = "MUG") =>
        JsonSerializer.Serialize(Body(number, channel: "import", lines: [new { sku, quantity = mugs, unitPrice = 1 }]), OrderFixture.Json);

    private async Task<List<JsonElement>> Import(string file) => await Import(Encoding.UTF8.GetBytes(file));

    private async Task<List<JsonElement>> Import(byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        using var response = await service.Http.PostAsync("/v1/orders/import", content);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private static string Said(JsonElement outcome) =>
        $"{outcome.GetProperty("row").GetInt32()} {outcome.GetProperty("outcome").GetString()}{(outcome.TryGetProperty("code", out var code) ? $" {code.GetString()}" : "")}";

    private static string Name(string prefix) => $"{prefix}-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task good_and_bad_rows_are_answered_in_their_order()
    {
        var name = Name("mixed");
        var rows = await Import(string.Join('\n', Row($"{name}-1"), "{", Row($"{name}-2", mugs: -1), "", Row($"{name}-3", sku: "NO-SUCH"), "null", Row($"{name}-1"), Row($"{name}-1", mugs: 2),
            "[]", Row($"{name}-4") + " " + Row($"{name}-5"), Row($"{name}-6").Replace("{\"channel\"", "{\"coupon\":1,\"channel\"", StringComparison.Ordinal), "  ", Row($"{name}-7")));
        rows.Select(Said).ShouldBe(
        [
            "1 created", "2 refused malformed-row", "3 refused invalid-order", "5 refused unknown-sku", "6 refused malformed-row", "7 duplicate", "8 refused order-differs",
            "9 refused malformed-row", "10 refused malformed-row", "11 refused malformed-row", "12 refused malformed-row", "13 created",
        ]);
        rows[2].GetProperty("errors").GetProperty("lines[0].quantity").GetArrayLength().ShouldBe(1);
        rows[3].GetProperty("errors").GetProperty("lines[0].sku").GetArrayLength().ShouldBe(1);
        (rows[5].GetProperty("id").GetGuid(), rows[5].GetProperty("number").GetString()).ShouldBe((rows[0].GetProperty("id").GetGuid(), rows[0].GetProperty("number").GetString()));
        foreach (var number in (int[])[2, 3, 4, 5, 6])
            await Problem(await service.Http.GetAsync($"/v1/orders/by-number/import/{name}-{number}"), 404, "order-not-found");
        (await service.Get($"/v1/orders/by-number/import/{name}-1")).GetProperty("lines")[0].GetProperty("quantity").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task line_ends_of_windows_and_a_last_line_without_one_are_fine()
    {
        var name = Name("crlf");
        (await Import($"{Row($"{name}-1")}\r\n\r\n{Row($"{name}-2")}\r\n{Row($"{name}-3")}")).Select(Said).ShouldBe(["1 created", "3 created", "4 created"]);
        (await Import([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Row($"{name}-4"))])).Select(Said).ShouldBe(["1 created"]);
        (await Import("")).ShouldBeEmpty();
        (await Import("\n\n\r\n")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_row_that_is_too_long_is_refused_alone()
    {
        var name = Name("long");
        var rows = await Import($"{Row($"{name}-1")}\n{Row(new string('x', 300_000))}\n{Row($"{name}-2")}\n{new string(' ', 5_000_000)}x\n{Row($"{name}-3")}\n{new string('y', 3_000_000)}");
        rows.Select(Said).ShouldBe(["1 created", "2 refused row-too-long", "3 created", "4 refused row-too-long", "5 created", "6 refused row-too-long"]);
    }

    [Fact]
    public async Task what_is_no_text_at_all_is_refused()
    {
        (await Import([0, 1, 2, 0xff, 0xfe, (byte)'\n', 0xc3, 0x28])).Select(Said).ShouldBe(["1 refused malformed-row", "2 refused malformed-row"]);
        (await Import($"{new string('[', 10_000)}\n{Row(Name("zero")).Replace("Springfield", "\\u0000", StringComparison.Ordinal)}")).Select(Said)
            .ShouldBe(["1 refused malformed-row", "2 refused malformed-row"]);
    }

    [Fact]
    public async Task many_pages_keep_their_order_and_a_second_time_everything_is_a_duplicate()
    {
        var name = Name("pages");
        var file = string.Join('\n', Enumerable.Range(1, 230).Select(number => Row($"{name}-{number}")));
        var first = await Import(file);
        first.Select(Said).ShouldBe(Enumerable.Range(1, 230).Select(row => $"{row} created"));
        first.Select(row => row.GetProperty("number").GetString()).Distinct().Count().ShouldBe(230);
        var second = await Import(file);
        second.Select(Said).ShouldBe(Enumerable.Range(1, 230).Select(row => $"{row} duplicate"));
        second.Select(row => row.GetProperty("id").GetGuid()).ShouldBe(first.Select(row => row.GetProperty("id").GetGuid()));

        // Each has its process, which has asked for the money.
        var last = first[^1].GetProperty("id").GetGuid();
        await Until(async () => (await service.Process(last)).CurrentState == "Routing", () => Task.FromResult("It is not routed."));
        (await service.Get($"/v1/orders/{last}/timeline")).GetProperty("items")[0].GetProperty("by").GetString().ShouldBe("test");
    }

    [Fact]
    public async Task the_same_file_four_times_at_once_creates_each_order_once()
    {
        var name = Name("race");
        var file = string.Join('\n', Enumerable.Range(1, 120).Select(number => Row($"{name}-{number}")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Import(file)));
        foreach (var rows in answers)
            rows.Select(row => row.GetProperty("row").GetInt32()).ShouldBe(Enumerable.Range(1, 120));
        for (var row = 0; row < 120; row++)
        {
            answers.Select(rows => rows[row].GetProperty("id").GetGuid()).Distinct().Count().ShouldBe(1);
            answers.Count(rows => rows[row].GetProperty("outcome").GetString() == "created").ShouldBe(1);
            answers.Count(rows => rows[row].GetProperty("outcome").GetString() == "duplicate").ShouldBe(3);
        }
        foreach (var row in answers[0].Take(5))
            (await service.Facts(row.GetProperty("id").GetGuid())).OfType<OrderPlaced>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task an_item_that_cannot_be_asked_for_stops_the_import_before_anything_is_answered()
    {
        service.Inventory = null;
        var importing = service.Http.PostAsync("/v1/orders/import", new StringContent(Row(Name("away"), sku: "UNHEARD-OF"), Encoding.UTF8, "application/x-ndjson"));
        await Until(() =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(importing.IsCompleted);
        }, () => Task.FromResult("There is no answer."));
        await Problem(await importing, 503, "unavailable");
        service.Inventory = _ => System.Net.HttpStatusCode.NotFound;
    }
}
