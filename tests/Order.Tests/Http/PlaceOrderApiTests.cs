using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Inventory.V1;
using Oms.Orders.Domain;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

public sealed class PlaceOrderApiTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private Task<HttpResponseMessage> PostText(string json, string type = "application/json") =>
        service.Http.PostAsync("/v1/orders", new StringContent(json, Encoding.UTF8, type));

    private static string Text(object body) => JsonSerializer.Serialize(body, OrderFixture.Json);

    private async Task<long> Orders()
    {
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.Query<Order>().LongCountAsync();
    }

    [Fact]
    public async Task an_order_is_created()
    {
        var response = await service.Post(Body("W-1", placedAt: new(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(1))));
        var created = await Answer(response, 201);
        response.Headers.Location!.ToString().ShouldBe($"/v1/orders/{created.GetProperty("id").GetString()}");
        response.Headers.ETag!.Tag.ShouldBe("\"2\"");
        created.GetProperty("number").GetString()!.ShouldMatch("^#1\\d{3}$");
        created.GetProperty("traceId").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
        created.GetProperty("customerId").GetGuid().ShouldBe(Given.ItWasPlaced.CustomerId!.Value);
        string Raw(string name) => created.GetProperty(name).GetRawText();
        (Raw("status"), Raw("total"), Raw("shipping"), Raw("currency"), Raw("serviceLevel"), Raw("shipComplete"), Raw("version"), Raw("placedAt")).ShouldBe(
            ("\"payment_pending\"", "33.00", "5", "\"USD\"", "\"standard\"", "false", "2", "\"2026-03-01T12:00:00+00:00\""));
        Raw("customer").ShouldBe("""{"email":"ada@example.com","name":"Ada Lovelace"}""");
        Raw("payment").ShouldBe("""{"status":"pending","authorized":0,"captured":0,"refunded":0,"voided":false}""");
        Raw("holds").ShouldBe("[]");
        Raw("shipTo").ShouldBe("""{"country":"US","name":"Ada Lovelace","line1":"12 Main St","city":"Springfield","region":"IL","postalCode":"62701"}""");
        created.GetProperty("lines")[0].GetRawText().ShouldBe(
            """
            {"line":1,"sku":"MUG","name":"Mug","quantity":3,"unitPrice":4,"discount":2.50,"tax":0.50,"total":10.00,"quantities":{"open":3,"backordered":0,"allocated":0,"shipped":0,"delivered":0,"canceled":0,"returned":0}}
            """);

        var read = await service.Http.GetAsync(response.Headers.Location);
        (await Answer(read, 200)).GetProperty("number").GetRawText().ShouldBe(Raw("number"));
        read.Headers.ETag.ShouldNotBeNull();
        (await service.Get("/v1/orders/by-number/web/W-1")).GetProperty("id").GetRawText().ShouldBe(Raw("id"));
    }

    [Fact]
    public async Task the_same_order_again_is_the_same_order()
    {
        var body = Body();
        var first = await Answer(await service.Post(body), 201);
        var again = await Answer(await service.Post(body), 200);
        foreach (var name in (string[])["id", "number", "placedAt", "total", "traceId"])
            again.GetProperty(name).GetRawText().ShouldBe(first.GetProperty(name).GetRawText());
        await Problem(await service.Post(Body(first.GetProperty("channelOrderNumber").GetString(), mugs: 4)), 409, "order-differs");
        (await Answer(await service.Post(Body(first.GetProperty("channelOrderNumber").GetString(), channel: "pos")), 201)).GetProperty("id").GetGuid()
            .ShouldNotBe(first.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task twenty_at_once_are_one_order()
    {
        var body = Body();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Post(body)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(19);
        var ids = await Task.WhenAll(answers.Select(async answer => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()));
        var id = ids.Distinct().Single();
        (await service.Facts(id)).OfType<OrderPlaced>().Count().ShouldBe(1);
        await service.AddsUp(id);
    }

    [Fact]
    public async Task an_idempotency_key_gets_the_same_answer_again()
    {
        HttpRequestMessage Request(object body) => new(HttpMethod.Post, "/v1/orders") { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", "key-1" } } };
        var body = Body();
        var first = await service.Http.SendAsync(Request(body));
        var again = await service.Http.SendAsync(Request(body));
        var text = (await Answer(first, 201)).GetRawText();
        (await Answer(again, 201)).GetRawText().ShouldBe(text);
        (again.Headers.Location, again.Headers.ETag).ShouldBe((first.Headers.Location, first.Headers.ETag));
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        await Problem(await service.Http.SendAsync(Request(Body())), 422, "idempotency-key-reused");

        // Somebody else's key of the same name is another key.
        (await Answer(await service.Client("other").SendAsync(Request(Body())), 201)).GetProperty("number").GetString().ShouldNotBeNull();
    }

    [Fact]
    public async Task an_idempotency_key_used_twenty_times_at_once_gets_one_answer()
    {
        var body = Body();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Http.SendAsync(
            new(HttpMethod.Post, "/v1/orders") { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", "key-20" } } })));
        var texts = await Task.WhenAll(answers.Select(async answer => (await Answer(answer, 201)).GetRawText()));
        texts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task an_idempotency_key_has_a_length() => await Problem(await service.Http.SendAsync(
        new(HttpMethod.Post, "/v1/orders") { Content = JsonContent.Create(Body()), Headers = { { "Idempotency-Key", new string('k', 256) } } }), 422, "idempotency-key-too-long");

    [Fact]
    public async Task what_is_not_json_is_malformed()
    {
        var fine = Text(Body());
        string[] malformed =
        [
            "", " ", "{", "[]", "null", "42", "\"order\"", fine[..^1], fine + "x", fine.Replace("\"currency\":\"USD\"", "\"currency\":null", StringComparison.Ordinal),
            fine.Replace("\"channel\":\"web\",", "", StringComparison.Ordinal), fine.Replace("\"shipping\":5", "\"shipping\":\"5\"", StringComparison.Ordinal),
            fine.Replace("\"quantity\":3", "\"quantity\":3.5", StringComparison.Ordinal), fine.Replace("\"quantity\":3", "\"quantity\":99999999999", StringComparison.Ordinal),
            fine.Replace("\"unitPrice\":4", "\"unitPrice\":1e400", StringComparison.Ordinal), fine.Replace("\"shipping\":5", "\"shipping\":5,\"coupon\":\"X\"", StringComparison.Ordinal),
            fine.Replace("Springfield", "\\ud800", StringComparison.Ordinal), fine.Replace("Springfield", "\\u0000", StringComparison.Ordinal), new string('[', 100_000), fine.Replace("\"lines\":[", "\"lines\":{\"0\":[", StringComparison.Ordinal),
            fine.Replace("\"shipTo\":{", "\"shipTo\":null,\"x\":{", StringComparison.Ordinal), fine.Replace("\"US\"", "7", StringComparison.Ordinal),
        ];
        var before = await Orders();
        foreach (var text in malformed)
            (await Problem(await PostText(text), 400, "malformed-request")).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        await Problem(await PostText(fine, "text/plain"), 415, "unsupported-media-type");
        (await Orders()).ShouldBe(before);
    }

    [Fact]
    public async Task what_is_wrong_is_told_path_by_path()
    {
        async Task Wrong(object body, params string[] paths)
        {
            var problem = await Problem(await service.Post(body), 422, "invalid-order");
            problem.GetProperty("errors").EnumerateObject().Select(it => it.Name).ShouldBe(paths);
        }

        object Line(object quantity, string sku = "MUG") => new { sku, quantity, unitPrice = 1 };
        var before = await Orders();
        await Wrong(Body(lines: [Line(-1)]), "lines[0].quantity");
        await Wrong(Body(lines: [Line(1), Line(int.MaxValue)]), "lines[1].quantity", "lines[1].unitPrice");
        await Wrong(Body(lines: [Line(int.MinValue)]), "lines[0].quantity");
        await Wrong(Body(lines: []), "lines");
        await Wrong(Body(lines: [.. Enumerable.Repeat(Line(1), 10_000)]), "lines");
        await Wrong(Body(lines: [null!]), "lines[0]");
        await Wrong(Body(currency: "ZZZ"), "currency");
        await Wrong(Body(currency: "JPY"), "lines[0].discount", "lines[0].tax");
        await Wrong(Body(email: "nobody"), "customer.email");
        await Wrong(Body(number: "", channel: "Web Shop"), "channel", "channelOrderNumber");
        await Wrong(Body(number: "a\u0001b"), "channelOrderNumber");
        await Wrong(Body(lines: [new { sku = "MUG", quantity = 1, unitPrice = 1, name = "Mug\u0001" }]), "lines[0].name");
        await Wrong(Body(placedAt: DateTimeOffset.MaxValue), "placedAt");
        (await Orders()).ShouldBe(before);
    }

    [Fact]
    public async Task items_that_do_not_exist_are_named()
    {
        var problem = await Problem(await service.Post(Body(lines:
            [new { sku = "MUG", quantity = 1, unitPrice = 1 }, new { sku = "NO-SUCH", quantity = 1, unitPrice = 1 }, new { sku = "mug", quantity = 1, unitPrice = 1 }])), 422, "unknown-sku");
        problem.GetProperty("errors").EnumerateObject().Select(it => it.Name).ShouldBe(["lines[1].sku", "lines[2].sku"]);
    }

    [Fact]
    public async Task an_item_that_nobody_has_heard_of_here_is_asked_for()
    {
        service.Inventory = sku => sku == "A/B#1" ? HttpStatusCode.OK : HttpStatusCode.NotFound;
        var created = await Answer(await service.Post(Body(lines: [new { sku = "A/B#1", quantity = 1, unitPrice = 1 }])), 201);
        created.GetProperty("lines")[0].GetProperty("name").GetString().ShouldBe("Asked for");
        service.Inventory = null;                               // from now on it is known
        await Answer(await service.Post(Body(lines: [new { sku = "A/B#1", quantity = 2, unitPrice = 1 }])), 201);
        service.Inventory = _ => HttpStatusCode.NotFound;
    }

    [Fact]
    public async Task news_of_an_item_makes_it_known()
    {
        await service.Messages.Deliver(new ItemRegistered("NEW", "New", null, null, null, null, null, null, null, Given.Noon));
        await service.Messages.Deliver(new ItemRegistered("NEW", "Newer", null, null, null, null, null, null, null, Given.Noon));
        (await Answer(await service.Post(Body(lines: [new { sku = "NEW", quantity = 1, unitPrice = 1 }])), 201)).GetProperty("lines")[0].GetProperty("name").GetString().ShouldBe("Newer");
    }

    [Fact]
    public async Task an_amount_too_small_for_the_currency_is_refused_and_yen_are_whole()
    {
        var yen = await Answer(await service.Post(Body(currency: "JPY", lines: [new { sku = "MUG", quantity = 3, unitPrice = 1_000.0m }])), 201);
        yen.GetProperty("total").GetRawText().ShouldBe("3005");
        await Problem(await service.Post(Body(lines: [new { sku = "MUG", quantity = 1, unitPrice = 0.001m }])), 422, "invalid-order");
    }

    [Fact]
    public async Task a_large_order_is_taken_and_held()
    {
        var created = await Answer(await service.Post(Body(lines: [.. Enumerable.Repeat(new { sku = "MUG", quantity = 1_000_000, unitPrice = 0.01m }, 500)])), 201);
        created.GetProperty("holds").EnumerateArray().Select(hold => hold.GetProperty("reason").GetString()).ShouldBe(["high_risk_of_fraud", "unusual_quantity"]);
        created.GetProperty("status").GetString().ShouldBe("on_hold");
    }

    /// <summary>What could be used to pay is never shown.</summary>
    [Fact]
    public async Task the_payment_token_is_never_shown()
    {
        var id = await service.Placed(token: "tok_secret_4711");
        foreach (var path in (string[])[$"/v1/orders/{id}", $"/v1/orders/{id}/timeline", "/v1/orders?limit=200"])
            (await service.Get(path)).GetRawText().ShouldNotContain("tok_secret_4711");
    }
}

/// <summary>Alone, because Inventory is away meanwhile.</summary>
public sealed class InventoryIsAway(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public async Task known_items_are_sold_and_unknown_ones_have_to_wait()
    {
        service.Inventory = null;
        await Answer(await service.Post(Body()), 201);

        var answering = service.Post(Body("W-503", lines: [new { sku = "UNHEARD-OF", quantity = 1, unitPrice = 1 }]));
        await Until(() =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(1));     // Inventory is asked a few times
            return Task.FromResult(answering.IsCompleted);
        }, () => Task.FromResult("There is no answer."));
        var answer = await answering;
        await Problem(answer, 503, "unavailable");
        answer.Headers.RetryAfter.ShouldBe(new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)));
        await Problem(await service.Http.GetAsync("/v1/orders/by-number/web/W-503"), 404, "order-not-found");

        service.Inventory = _ => HttpStatusCode.OK;
        await Answer(await service.Post(Body("W-503", lines: [new { sku = "UNHEARD-OF", quantity = 1, unitPrice = 1 }])), 201);
    }
}
