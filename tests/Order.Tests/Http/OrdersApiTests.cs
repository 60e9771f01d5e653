using System.Net.Http.Json;
using System.Text.Json;
using Oms.Contracts.Orders.V1;
using Oms.Orders.Tests.Process;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

public sealed class OrdersApiTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private Task<HttpResponseMessage> Post(string path, object body, string? ifMatch = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return service.Http.SendAsync(request);
    }

    private Task<HttpResponseMessage> Delete(string path, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, path);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return service.Http.SendAsync(request);
    }

    // So many at once on one order lose too many races; then they are told to come again.
    private static async Task<HttpResponseMessage> UntilItIsFree(Func<Task<HttpResponseMessage>> ask)
    {
        var answer = await ask();
        while (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            await Problem(answer, 503, "unavailable");
            answer = await ask();
        }
        return answer;
    }

    private static string? Status(JsonElement order) => order.GetProperty("status").GetString();

    /// <summary>Paid and waiting for Routing's answer, so that nothing moves by itself.</summary>
    private async Task<Guid> Waiting()
    {
        var id = await service.Placed();
        await Until(async () => (await service.Process(id)).CurrentState == "Routing", () => Task.FromResult("It is not routed."));
        return id;
    }

    private async Task<Guid> Completed()
    {
        var id = await service.Placed();
        await Journey.Of(service, id).GoesThrough();
        return id;
    }

    [Fact]
    public async Task an_order_that_nobody_knows_is_not_found()
    {
        foreach (var id in (Guid[])[Guid.CreateVersion7(), Guid.Empty])
        {
            await Problem(await service.Http.GetAsync($"/v1/orders/{id}"), 404, "order-not-found");
            await Problem(await service.Http.GetAsync($"/v1/orders/{id}/timeline"), 404, "order-not-found");
            await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason = "x" }), 404, "order-not-found");
            await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x" }), 404, "order-not-found");
            await Problem(await Delete($"/v1/orders/{id}/holds/x"), 404, "order-not-found");
            await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = 1, reason = "x" }), 404, "order-not-found");
        }
        await Problem(await service.Http.GetAsync("/v1/orders/by-number/web/no-such"), 404, "order-not-found");
        await Problem(await service.Http.GetAsync("/v1/orders/1001"), 404, "not-found");
        await Problem(await service.Http.GetAsync("/v2/orders"), 404, "not-found");
        await Problem(await service.Http.PutAsync("/v1/orders", null), 405, "method-not-allowed");
    }

    [Fact]
    public async Task whoever_has_seen_an_old_version_must_read_again()
    {
        var id = await Waiting();
        var version = (await service.Get($"/v1/orders/{id}")).GetProperty("version").GetInt64();
        foreach (var stale in (string[])["\"1\"", "\"999\"", "W/\"1\"", "\"x\""])
        {
            await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason = "x" }, stale), 412, "stale-version");
            await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x" }, stale), 412, "stale-version");
            await Problem(await Delete($"/v1/orders/{id}/holds/x", stale), 412, "stale-version");
            await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = 1, reason = "x" }, stale), 412, "stale-version");
        }
        var held = await Post($"/v1/orders/{id}/holds", new { reason = "x" }, $"\"{version}\"");
        held.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        held.Headers.ETag!.Tag.ShouldBe($"\"{version + 1}\"");
        (await Delete($"/v1/orders/{id}/holds/x", held.Headers.ETag.Tag)).Headers.ETag!.Tag.ShouldBe($"\"{version + 2}\"");
        (await Post($"/v1/orders/{id}/holds", new { reason = "x" }, "*")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await Answer(await service.Http.GetAsync($"/v1/orders/{id}"), 200)).GetProperty("version").GetInt64().ShouldBe(version + 3);
    }

    [Fact]
    public async Task holds_are_put_on_and_taken_off()
    {
        var id = await Waiting();
        var held = await Answer(await Post($"/v1/orders/{id}/holds", new { reason = "incorrect_address", note = "No street.\nAsk." }), 200);
        Status(held).ShouldBe("on_hold");
        held.GetProperty("holds")[0].GetProperty("note").GetString().ShouldBe("No street.\nAsk.");
        (await Answer(await Post($"/v1/orders/{id}/holds", new { reason = "incorrect_address" }), 200)).GetProperty("version").GetInt64()
            .ShouldBe(held.GetProperty("version").GetInt64());
        await Problem(await Delete($"/v1/orders/{id}/holds/other"), 404, "hold-not-found");
        Status(await Answer(await Delete($"/v1/orders/{id}/holds/incorrect_address"), 200)).ShouldBe("routing");
        await Problem(await Delete($"/v1/orders/{id}/holds/incorrect_address"), 404, "hold-not-found");
        foreach (var reason in (string?[])["", "Incorrect", "in-correct", "in correct", new string('x', 61), "a\nb"])
            (await Problem(await Post($"/v1/orders/{id}/holds", new { reason }), 422, "invalid-hold")).GetProperty("errors").GetProperty("reason").GetArrayLength().ShouldBe(1);
        await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x", note = new string('x', 501) }), 422, "invalid-hold");
        await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x", note = "a\0b" }), 400, "malformed-request");
        await Problem(await Post($"/v1/orders/{id}/holds", new { }), 400, "malformed-request");
        await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x", until = "tomorrow" }), 400, "malformed-request");

        var shipped = await Completed();
        await Problem(await Post($"/v1/orders/{shipped}/holds", new { reason = "x" }), 409, "nothing-to-hold");
    }

    [Fact]
    public async Task cancellations_are_asked_for()
    {
        var id = await Waiting();
        foreach (var reason in (string?[])["", "  ", new string('x', 201)])
            await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason }), 422, "invalid-reason");
        await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason = "a\0b" }), 400, "malformed-request");
        await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason = (string?)null }), 400, "malformed-request");
        var first = await Post($"/v1/orders/{id}/cancellation", new { reason = "changed my mind" }, key: "cancel-1");
        (await Answer(first, 202)).GetProperty("cancellationReason").GetString().ShouldBe("changed my mind");
        var again = await Post($"/v1/orders/{id}/cancellation", new { reason = "changed my mind" }, key: "cancel-1");
        (await Answer(again, 202)).GetRawText().ShouldBe(await first.Content.ReadAsStringAsync());
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        await Problem(await Post($"/v1/orders/{id}/cancellation", new { reason = "another" }, key: "cancel-1"), 422, "idempotency-key-reused");
        await Until(async () => Status(await service.Get($"/v1/orders/{id}")) == "canceled", () => Task.FromResult("It is not canceled."));
        var canceled = await Answer(await Post($"/v1/orders/{id}/cancellation", new { reason = "again" }), 200);
        canceled.GetProperty("lines")[0].GetProperty("quantities").GetProperty("canceled").GetInt32().ShouldBe(3);
        await Problem(await Post($"/v1/orders/{id}/holds", new { reason = "x" }), 409, "order-canceled");

        await Problem(await Post($"/v1/orders/{await Completed()}/cancellation", new { reason = "too late" }), 409, "order-already-shipped");
    }

    [Fact]
    public async Task refunds_go_back_up_to_what_was_captured()
    {
        var id = await Completed();
        foreach (var (amount, reason) in ((decimal, string)[])[(0, "x"), (-1, "x"), (100_000_001, "x"), (1, ""), (1, " "), (1, new string('x', 201)), (1.001m, "x")])
            await Problem(await Post($"/v1/orders/{id}/refunds", new { amount, reason }), 422, "invalid-refund");
        await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = 1, reason = "a\0b" }), 400, "malformed-request");
        await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = "1", reason = "x" }), 400, "malformed-request");
        await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = 33.01m, reason = "x" }), 409, "refund-too-large");

        (await Answer(await Post($"/v1/orders/{id}/refunds", new { amount = 10, reason = "sorry" }, key: "refund-1"), 202)).GetProperty("id").GetGuid().ShouldBe(id);
        await Answer(await Post($"/v1/orders/{id}/refunds", new { amount = 10, reason = "sorry" }, key: "refund-1"), 202);
        var refunded = await service.Messages.Hear<PaymentRefunded>(it => it.OrderId == id);
        (refunded.Amount, refunded.ReturnId, refunded.Currency).ShouldBe((10m, null, "USD"));
        var order = await service.Get($"/v1/orders/{id}");
        order.GetProperty("payment").GetRawText().ShouldBe("""{"status":"partially_refunded","authorized":33.00,"captured":33.00,"refunded":10,"voided":false}""");
        await Problem(await Post($"/v1/orders/{id}/refunds", new { amount = 23.01m, reason = "x" }), 409, "refund-too-large");
        await Answer(await Post($"/v1/orders/{id}/refunds", new { amount = 23m, reason = "all of it" }), 202);
        await Until(async () => (await service.Get($"/v1/orders/{id}")).GetProperty("payment").GetProperty("status").GetString() == "refunded", () => Task.FromResult("It is not refunded."));
        await Problem(await Post($"/v1/orders/{await Waiting()}/refunds", new { amount = 1, reason = "x" }), 409, "refund-too-large");
        await service.AddsUp(id);
    }

    /// <summary>Twenty appeasements of two dollars, of which sixteen fit into what was captured.</summary>
    [Fact]
    public async Task refunds_at_once_never_exceed_what_was_captured()
    {
        var id = await Completed();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => UntilItIsFree(() => Post($"/v1/orders/{id}/refunds", new { amount = 2, reason = "sorry" }))));
        answers.Count(answer => (int)answer.StatusCode == 202).ShouldBe(16);
        foreach (var refused in answers.Where(answer => (int)answer.StatusCode != 202))
            await Problem(refused, 409, "refund-too-large");
        await service.AddsUp(id);
    }

    [Fact]
    public async Task a_return_is_refunded_once()
    {
        var id = await Completed();
        var asked = new RefundReturn(Guid.CreateVersion7(), id, [new(1, "MUG", 2)], "too small", Given.Noon);
        await Task.WhenAll(service.Messages.Deliver(asked), service.Messages.Deliver(asked));
        await service.Messages.Deliver(asked);
        var refunded = await service.Messages.Hear<PaymentRefunded>(it => it.ReturnId == asked.ReturnId);
        (refunded.Amount, refunded.CustomerId).ShouldBe((6.67m, (await service.Order(id)).CustomerId));
        Status(await service.Get($"/v1/orders/{id}")).ShouldBe("partially_returned");

        var tooMuch = asked with { ReturnId = Guid.CreateVersion7() };
        await service.Messages.Deliver(tooMuch);
        await service.Messages.Deliver(tooMuch);
        (await service.Messages.Hear<ReturnRefundRejected>(it => it.ReturnId == tooMuch.ReturnId)).Reason.ShouldBe("not_delivered");
        (await service.Facts(id)).OfType<Domain.ReturnRefundRejected>().Count().ShouldBe(1);
        (await service.Facts(id)).OfType<Domain.RefundRequested>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task the_timeline_tells_every_step_under_one_trace()
    {
        var id = await Completed();
        await Answer(await service.Client("ada").PostAsJsonAsync($"/v1/orders/{id}/refunds", new { amount = 1, reason = "sorry" }), 202);
        await service.Messages.Hear<PaymentRefunded>(it => it.OrderId == id);
        var timeline = await service.Get($"/v1/orders/{id}/timeline");
        var items = timeline.GetProperty("items").EnumerateArray().ToList();
        var trace = timeline.GetProperty("traceId").GetString()!;
        trace.ShouldBe((await service.Get($"/v1/orders/{id}")).GetProperty("traceId").GetString());
        items.Select(item => item.GetProperty("traceId").GetString()).Distinct().ShouldBe([trace]);
        items.Select(item => item.GetProperty("version").GetInt64()).ShouldBe(Enumerable.Range(1, items.Count).Select(it => (long)it));

        string? By(string type) => items.First(item => item.GetProperty("type").GetString() == type).GetProperty("by").GetString();
        (By("order_placed"), By("routing_requested"), By("payment_authorized"), By("payment_captured"), By("refund_requested"))
            .ShouldBe(("test", "process:fulfillment", "payments", "payments", "ada"));
        items.Last(item => item.GetProperty("type").GetString() == "refund_requested").GetProperty("why").GetString().ShouldBe("sorry");
        items.Select(item => item.GetProperty("type").GetString()).ShouldBe(
            (await service.Facts(id)).Select(fact => ServiceDefaults.Facts.StoredName(fact.GetType())));
        items[0].GetProperty("data").GetProperty("paymentToken").GetString().ShouldBe("•••");
        items[1].GetProperty("data").GetProperty("token").GetString().ShouldBe("•••");
    }

    [Fact]
    public async Task the_timeline_says_why()
    {
        var id = await service.Placed(token: "tok_declined");
        await Until(async () => (await service.Process(id)).CurrentState == "Canceled", () => Task.FromResult("It is not canceled."));
        var items = (await service.Get($"/v1/orders/{id}/timeline")).GetProperty("items").EnumerateArray().ToList();
        items.Where(item => item.TryGetProperty("why", out _)).Select(item => (item.GetProperty("type").GetString(), item.GetProperty("why").GetString()))
            .ShouldBe([("payment_declined", "card_declined"), ("order_canceled", "payment_declined")]);
    }

    [Fact]
    public async Task the_service_describes_itself_to_anybody()
    {
        using var anonymous = service.CreateClient();
        (await anonymous.GetAsync("/alive")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await anonymous.GetAsync("/health")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        var paths = (await Answer(await anonymous.GetAsync("/openapi/v1.json"), 200)).GetProperty("paths").EnumerateObject().Select(it => it.Name).ToList();
        paths.Order(StringComparer.Ordinal).ShouldBe(
        [
            "/v1/accepted-requests/order/{requestId}", "/v1/orders", "/v1/orders/by-number/{channel}/{channelOrderNumber}", "/v1/orders/import", "/v1/orders/reconciliation", "/v1/orders/{orderId}",
            "/v1/orders/{orderId}/cancellation", "/v1/orders/{orderId}/holds", "/v1/orders/{orderId}/holds/{reason}", "/v1/orders/{orderId}/refunds",
            "/v1/orders/{orderId}/timeline",
        ]);
    }
}
