using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Oms.Returns.Domain;
using static Oms.Returns.Tests.ReturnsFixture;

namespace Oms.Returns.Tests;

public sealed class ReturnsApiTests(ReturnsFixture service) : IClassFixture<ReturnsFixture>
{
    private static string Id(JsonElement it) => it.GetProperty("id").GetString()!;

    private static string? Status(JsonElement it) => it.GetProperty("status").GetString();

    [Fact]
    public async Task a_return_is_requested()
    {
        var order = await service.DeliveredOrder();
        var response = await service.Http.PostAsJsonAsync("/v1/returns", new
        {
            orderId = order, reason = "too small", note = "the box was fine\nreally",
            lines = new object[] { new { line = 1, quantity = 2, reason = "chipped" }, new { line = 2, quantity = 1 } },
        });
        var created = await Body(response, 201);

        response.Headers.Location!.ToString().ShouldBe($"/v1/returns/{Id(created)}");
        response.Headers.ETag!.Tag.ShouldBe("\"1\"");
        Status(created).ShouldBe("requested");
        created.GetProperty("number").GetString()!.ShouldStartWith("RMA-1");
        created.GetProperty("version").GetInt64().ShouldBe(1);
        created.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("reason").GetString()).ShouldBe(["chipped", "too small"]);
        var refund = created.GetProperty("refund");
        refund.GetRawText().ShouldBe("""{"status":"none","amount":0,"currency":"EUR"}""");

        var read = await service.Http.GetAsync($"/v1/returns/{Id(created)}");
        read.Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await Body(read, 200)).GetRawText().ShouldBe(created.GetRawText());
    }

    /// <summary>Who loses the race too often is told to try again (503), and does.</summary>
    private async Task<HttpResponseMessage> RequestUntilAnswered(Guid order)
    {
        while (true)
        {
            var answer = await service.Request(order, (1, 1));
            if ((int)answer.StatusCode != 503)
                return answer;
            answer.Dispose();
        }
    }

    [Fact]
    public async Task numbers_are_never_given_twice()
    {
        var order = await service.DeliveredOrder(mugs: 20);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
            (await Body(await RequestUntilAnswered(order), 201)).GetProperty("number").GetString()));
        numbers.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task concurrent_requests_never_claim_one_piece_twice()
    {
        var order = await service.DeliveredOrder(mugs: 3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RequestUntilAnswered(order)));

        answers.Count(answer => (int)answer.StatusCode == 201).ShouldBe(3);
        foreach (var refused in answers.Where(answer => (int)answer.StatusCode != 201))
            await Problem(refused, 422, "nothing-left-to-return");
        (await service.Load<ReturnableOrder>(order)).Lines[1].ShouldBe(new ReturnableLine("MUG", 3, 3));
        (await service.Get($"/v1/orders/{order}/returns")).GetProperty("items").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task a_request_is_refused_with_its_reason()
    {
        var order = await service.DeliveredOrder();
        await Problem(await service.Request(Guid.CreateVersion7(), (1, 1)), 404, "order-not-found");
        await Problem(await service.Request(Guid.Empty, (1, 1)), 404, "order-not-found");
        await Problem(await service.Request(order, (9, 1)), 422, "unknown-line");
        (await Problem(await service.Request(order, (2, 1), (1, 4)), 422, "return-quantity-too-large"))
            .GetProperty("errors").GetProperty("lines[1]")[0].GetString().ShouldBe("4 pieces of line 1 are wanted, 3 can be returned.");

        var undelivered = Guid.CreateVersion7();
        await service.Messages.Deliver(Placed(undelivered));
        await Problem(await service.Request(undelivered, (1, 1)), 422, "not-delivered");
        (await service.Get($"/v1/orders/{order}/returns")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task everything_wrong_with_an_input_is_told_at_once()
    {
        var problem = await Problem(await service.Http.PostAsJsonAsync("/v1/returns", new
        {
            orderId = Guid.Empty, reason = " ", note = "a\u0001b",
            lines = new object?[]
            {
                new { line = 0, quantity = 0 }, new { line = 1, quantity = 1, reason = new string('x', 201) }, new { line = 1, quantity = 1 }, null,
            },
        }), 422, "invalid-return");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .ShouldBe(["lines[0].line", "lines[0].quantity", "lines[1].reason", "lines[2].line", "lines[3]", "note", "reason"]);

        await Problem(
            await service.Http.PostAsJsonAsync("/v1/returns", new { orderId = Guid.Empty, reason = "x", lines = Array.Empty<object>() }), 422, "invalid-return");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"orderId\":\"x\",\"reason\":\"a\",\"lines\":[]}")]
    [InlineData("{\"orderId\":\"0198a000-0000-7000-8000-000000000001\",\"reason\":null,\"lines\":[]}")]
    [InlineData("{\"orderId\":\"0198a000-0000-7000-8000-000000000001\",\"reason\":\"a\",\"lines\":null}")]
    [InlineData("{\"orderId\":\"0198a000-0000-7000-8000-000000000001\",\"reason\":\"a\",\"lines\":[],\"color\":1}")]
    [InlineData("{\"orderId\":\"0198a000-0000-7000-8000-000000000001\",\"reason\":\"\\ud800\",\"lines\":[{\"line\":1,\"quantity\":1}]}")]
    [InlineData("{\"orderId\":\"0198a000-0000-7000-8000-000000000001\",\"reason\":\"a\",\"lines\":[{\"line\":1,\"quantity\":99999999999}]}")]
    public async Task malformed_json_is_the_senders_fault(string body) => await Problem(
        await service.Http.PostAsync("/v1/returns", new StringContent(body, Encoding.UTF8, "application/json")), 400, "malformed-request");

    [Fact]
    public async Task a_declined_or_canceled_return_gives_its_pieces_back()
    {
        var order = await service.DeliveredOrder();
        var declined = Id(await Body(await service.Request(order, (1, 3)), 201));
        Status(await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{declined}/decline", new { reason = "too late" }), 200)).ShouldBe("declined");
        var again = await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{declined}/decline", new { reason = "again" }), 200);
        again.GetProperty("declineReason").GetString().ShouldBe("too late");

        var canceled = Id(await Body(await service.Request(order, (1, 3)), 201));
        await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{canceled}/cancel", new { }), 200);
        Status(await Body(await service.Http.PostAsync($"/v1/returns/{canceled}/cancel", null), 200)).ShouldBe("canceled");

        (await service.Load<ReturnableOrder>(order)).Lines[1].Left.ShouldBe(3);
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{declined}/approve", new { }), 409, "return-declined");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{canceled}/decline", new { reason = "x" }), 409, "return-canceled");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{canceled}/decline", new { reason = "" }), 422, "invalid-decline");
    }

    [Fact]
    public async Task a_return_nobody_knows_is_not_found()
    {
        await Problem(await service.Http.GetAsync($"/v1/returns/{Guid.Empty}"), 404, "return-not-found");
        await Problem(await service.Http.PostAsync($"/v1/returns/{Guid.Empty}/approve", null), 404, "return-not-found");
        await Problem(await service.Http.GetAsync($"/v1/orders/{Guid.Empty}/returns"), 404, "order-not-found");
        var id = Guid.CreateVersion7();
        await Problem(await service.Http.GetAsync($"/v1/returns/{id}"), 404, "return-not-found");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/approve", new { }), 404, "return-not-found");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/cancel", new { }), 404, "return-not-found");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/decline", new { reason = "x" }), 404, "return-not-found");
        await Problem(await service.Receive(id.ToString()), 404, "return-not-found");
        await Problem(await service.Http.GetAsync("/v1/returns/seven"), 404, "not-found");
        await Problem(await service.Http.GetAsync($"/v1/orders/{id}/returns"), 404, "order-not-found");
        await Problem(await service.CreateClient().GetAsync("/v1/returns"), 401, "unauthenticated");
    }

    [Fact]
    public async Task a_stale_version_is_refused_and_changes_nothing()
    {
        var id = await service.ApprovedReturn(await service.DeliveredOrder());
        using var stale = new HttpRequestMessage(HttpMethod.Post, $"/v1/returns/{id}/cancel") { Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } } };
        await Problem(await service.Http.SendAsync(stale), 412, "stale-version");
        using var fresh = new HttpRequestMessage(HttpMethod.Post, $"/v1/returns/{id}/cancel") { Headers = { IfMatch = { new EntityTagHeaderValue("\"2\"") } } };
        var answer = await service.Http.SendAsync(fresh);
        answer.Headers.ETag!.Tag.ShouldBe("\"3\"");
        Status(await Body(answer, 200)).ShouldBe("canceled");
    }

    [Fact]
    public async Task an_idempotency_key_makes_one_return_of_two_requests()
    {
        var order = await service.DeliveredOrder();
        async Task<HttpResponseMessage> Send(string reason)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/returns")
            {
                Content = JsonContent.Create(new { orderId = order, reason, lines = new[] { new { line = 1, quantity = 3 } } }),
                Headers = { { "Idempotency-Key", $"key-{order}" } },
            };
            return await service.Http.SendAsync(request);
        }

        var first = await Send("too small");
        var again = await Send("too small");
        (await again.Content.ReadAsStringAsync()).ShouldBe((await Body(first, 201)).GetRawText());
        (again.StatusCode, again.Headers.Location, again.Headers.ETag).ShouldBe((first.StatusCode, first.Headers.Location, first.Headers.ETag));
        await Problem(await Send("too large"), 422, "idempotency-key-reused");
        (await service.Get($"/v1/orders/{order}/returns")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task receiving_is_refused_with_its_reason()
    {
        var id = Id(await Body(await service.Request(await service.DeliveredOrder(), (1, 2)), 201));
        await Problem(await service.Receive(id), 409, "return-not-approved");
        await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/approve", new { }), 200);
        await Problem(await service.Receive(id), 422, "unknown-line");
        await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/receive",
            new { locationId = "nyc", lines = new[] { new { line = 1, quantity = 3, disposition = "restocked" } } }), 422, "received-too-many");
        (await Problem(await service.Http.PostAsJsonAsync($"/v1/returns/{id}/receive", new
        {
            locationId = "New York",
            lines = new object?[]
            {
                new { line = 1, quantity = -1, disposition = "eaten" }, new { line = 1, quantity = 1, disposition = "damaged" },
                new { line = 1, quantity = 1, disposition = "damaged" }, null,
            },
        }), 422, "invalid-receipt")).GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .ShouldBe(["lines[0].disposition", "lines[0].quantity", "lines[2]", "lines[3]", "locationId"]);
    }

    [Fact]
    public async Task the_list_goes_newest_first_page_by_page_with_filters()
    {
        var order = await service.DeliveredOrder(mugs: 10);
        List<string> ids = [];
        for (var count = 0; count < 5; count++)
            ids.Add(Id(await Body(await service.Request(order, (1, 1)), 201)));
        await Body(await service.Http.PostAsJsonAsync($"/v1/returns/{ids[1]}/approve", new { }), 200);

        List<string> listed = [];
        string? next = null;
        do
        {
            var page = await service.Get($"/v1/returns?orderId={order}&limit=2" + (next is null ? "" : $"&after={next}"));
            page.GetProperty("items").GetArrayLength().ShouldBeLessThanOrEqualTo(2);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);
        listed.ShouldBe(Enumerable.Reverse(ids));

        (await service.Get($"/v1/returns?orderId={order}&status=open")).GetProperty("items").EnumerateArray().Select(Id).ShouldBe([ids[1]]);
        (await service.Get($"/v1/orders/{order}/returns?limit=1")).GetProperty("items").EnumerateArray().Select(Id).ShouldBe([ids[4]]);
    }

    [Theory]
    [InlineData("limit=0", 422, "invalid-limit")]
    [InlineData("limit=201", 422, "invalid-limit")]
    [InlineData("limit=many", 400, "malformed-request")]
    [InlineData("status=lost", 422, "invalid-status")]
    [InlineData("status=1", 422, "invalid-status")]
    [InlineData("after=nonsense", 422, "invalid-cursor")]
    [InlineData("orderId=7", 400, "malformed-request")]
    public async Task a_list_that_cannot_be_is_refused(string query, int status, string code) =>
        await Problem(await service.Http.GetAsync($"/v1/returns?{query}"), status, code);
}
