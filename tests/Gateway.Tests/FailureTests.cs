using System.Net;
using Microsoft.AspNetCore.Http;

namespace Oms.Gateway.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task a_service_that_is_down_is_a_503_that_says_when_to_come_back(string method)
    {
        await using var gateway = GatewayFixture.Before(("order", Upstream.NoAddress));
        using var request = new HttpRequestMessage(new(method), "/v1/orders") { Content = method == "POST" ? new StringContent("{}") : null };
        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await response.Problem()).ShouldBe("service-unavailable");
    }

    [Fact]
    public async Task a_service_that_comes_back_is_found_at_once()
    {
        var address = new Uri(Upstream.NoAddress);
        await using var gateway = GatewayFixture.Before(("order", address.ToString()));
        var client = gateway.Client();
        for (var attempt = 0; attempt < 5; attempt++)
            (await client.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await using var order = await Upstream.Start("order", port: address.Port);

        (await client.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task a_replica_that_cannot_be_reached_costs_nobody_anything(string method)
    {
        await using var order = await Upstream.Start("order");
        await using var gateway = GatewayFixture.Before(("order", Upstream.NoAddress), ("order", order.Address), ("order", Upstream.NoAddress));
        var client = gateway.Client();

        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var request = new HttpRequestMessage(new(method), "/v1/orders") { Content = method == "POST" ? new StringContent("{\"a\":1}") : null };
            using var response = await client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        order.Requests.Count.ShouldBe(20);
    }

    [Fact]
    public async Task replicas_share_the_work()
    {
        await using var one = await Upstream.Start("one");
        await using var two = await Upstream.Start("two");
        await using var gateway = GatewayFixture.Before(("order", one.Address), ("order", two.Address));
        var client = gateway.Client();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.GetAsync("/v1/orders")));

        one.Requests.Count.ShouldBeGreaterThan(5);
        two.Requests.Count.ShouldBeGreaterThan(5);
        (one.Requests.Count + two.Requests.Count).ShouldBe(60);
    }

    [Fact]
    public async Task a_connection_that_breaks_is_tried_elsewhere_only_when_that_is_safe()
    {
        await using var broken = await Upstream.Start("broken", Abort);
        await using var order = await Upstream.Start("order");

        for (var attempt = 0; attempt < 4; attempt++)
        {
            // A new gateway each time: one that has met the broken replica avoids it for a while.
            await using var gateway = GatewayFixture.Before(("order", broken.Address), ("order", order.Address));
            (await gateway.Client().GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var before = order.Requests.Count;
        await using var alone = GatewayFixture.Before(("order", broken.Address));
        using var posted = await alone.Client().PostAsync("/v1/orders", new StringContent("{}"));
        posted.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await posted.Problem()).ShouldBe("service-unavailable");
        broken.Requests.Count(it => it.Method == "POST").ShouldBe(1);
        order.Requests.Count.ShouldBe(before);
    }

    [Fact]
    public async Task a_change_whose_fate_is_unknown_is_never_sent_twice()
    {
        await using var one = await Upstream.Start("one", Abort);
        await using var two = await Upstream.Start("two", Abort);
        await using var gateway = GatewayFixture.Before(("order", one.Address), ("order", two.Address));

        using var response = await gateway.Client().PostAsync("/v1/orders", new StringContent("{}"));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (one.Requests.Count + two.Requests.Count).ShouldBe(1);
    }

    [Fact]
    public async Task a_service_that_does_not_answer_in_time_is_a_504()
    {
        var never = new TaskCompletionSource();
        await using var order = await Upstream.Start("order", async context => await never.Task.WaitAsync(context.RequestAborted));
        await using var gateway = new GatewayFixture(new(GatewayFixture.Addresses(("order", order.Address)))
        {
            ["ReverseProxy:Clusters:order:HttpRequest:ActivityTimeout"] = "00:00:00.200",
        });

        using var response = await gateway.Client().GetAsync("/v1/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await response.Problem()).ShouldBe("service-timeout");
    }

    [Fact]
    public async Task what_a_service_refuses_is_passed_on_as_it_is()
    {
        await using var order = await Upstream.Start("order", async context =>
        {
            context.Response.StatusCode = 409;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.ETag = "\"3\"";
            context.Response.Headers.Server = "something";
            await context.Response.WriteAsync("""{"type":"/problems/order-already-shipped"}""");
        });
        await using var gateway = GatewayFixture.Before(("order", order.Address));

        using var response = await gateway.Client().PostAsync("/v1/orders/0198/cancellation", new StringContent("{}"));

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        response.Headers.ETag!.Tag.ShouldBe("\"3\"");
        response.Headers.Server.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"type":"/problems/order-already-shipped"}""");
    }

    [Fact]
    public async Task one_caller_cannot_use_up_what_others_need()
    {
        await using var order = await Upstream.Start("order");
        await using var gateway = new GatewayFixture(new(GatewayFixture.Addresses(("order", order.Address))) { ["Oms:RequestsPerSecond"] = "5" });
        var client = gateway.Client();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.GetAsync("/v1/orders")));

        var refused = answers.First(it => it.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Problem()).ShouldBe("too-many-requests");
        client.DefaultRequestHeaders.Authorization = new("Bearer", GatewayFixture.PartnerKey);
        (await client.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task Abort(HttpContext context)
    {
        if (context.Request.Path != "/health")
            context.Abort();
        return Task.CompletedTask;
    }
}
