using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Oms.Gateway.Tests;

public sealed class HealthTests
{
    private static readonly string[] Services = ["customer", "inventory", "order", "returns", "routing", "shipping"];

    [Fact]
    public async Task says_how_every_service_is()
    {
        await using var up = await Upstream.Start("up");
        await using var gateway = GatewayFixture.Before([.. Services.Select(it => (it, up.Address)), ("order", Upstream.NoAddress), ("order", Upstream.NoAddress)]);

        var (status, report) = await Health(gateway);

        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("status").GetString().ShouldBe("degraded");
        report.GetProperty("services").EnumerateObject().Select(it => it.Name).ShouldBe(Services);
        report.GetProperty("services").GetProperty("shipping").GetProperty("status").GetString().ShouldBe("healthy");
        var order = report.GetProperty("services").GetProperty("order");
        order.GetProperty("status").GetString().ShouldBe("degraded");
        order.GetProperty("replicas").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task is_healthy_when_all_are()
    {
        await using var up = await Upstream.Start("up");
        await using var gateway = GatewayFixture.Before([.. Services.Select(it => (it, up.Address))]);

        var (status, report) = await Health(gateway);

        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task is_degraded_while_some_service_is_not_ready()
    {
        await using var up = await Upstream.Start("up");
        await using var unready = await Upstream.Start("unready", context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var gateway = GatewayFixture.Before([.. Services.Select(it => (it, it == "returns" ? unready.Address : up.Address))]);

        var (status, report) = await Health(gateway);

        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("status").GetString().ShouldBe("degraded");
        report.GetProperty("services").GetProperty("returns").GetProperty("status").GetString().ShouldBe("unhealthy");
    }

    [Fact]
    public async Task is_unhealthy_only_when_no_service_answers()
    {
        await using var gateway = GatewayFixture.Before();

        var (status, report) = await Health(gateway);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        report.GetProperty("status").GetString().ShouldBe("unhealthy");
        (await gateway.CreateClient().GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/scalar/")]
    [InlineData("/v1/orders")]
    [InlineData("/nowhere")]
    public async Task every_answer_carries_the_headers_that_browsers_want(string path)
    {
        await using var gateway = GatewayFixture.Before();
        using var response = await gateway.CreateClient().GetAsync(path);

        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        response.Headers.Server.ShouldBeEmpty();
    }

    private static async Task<(HttpStatusCode, JsonElement)> Health(GatewayFixture gateway)
    {
        using var response = await gateway.CreateClient().GetAsync("/health");
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
