using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Oms.Gateway.Tests.Reconciliation;

public sealed class PlatformReconciliationTests
{
    private static readonly string[] Services = ["order", "inventory", "routing", "shipping", "returns", "customer"];

    [Fact]
    public async Task all_reports_and_all_statements_become_one_report()
    {
        await using var platform = await Platform.Start(_ => null);
        var report = await platform.Get();

        report.GetProperty("services").EnumerateObject().Select(it => it.Name).ShouldBe(Services, ignoreOrder: true);
        (report.GetProperty("differencesFound").GetInt64(), report.GetProperty("across").GetProperty("checks").GetInt64(), report.GetProperty("moving").GetInt64()).ShouldBe((1, 1, 0));
        report.GetProperty("checks").GetInt64().ShouldBe(6 * 5 + 1);
        report.GetProperty("services").GetProperty("order").GetProperty("differences").EnumerateArray().Single().GetProperty("what").GetString().ShouldBe("planted");
    }

    [Fact]
    public async Task a_difference_between_services_that_stand_still_is_reported()
    {
        await using var platform = await Platform.Start(service => service == "customer" ? "" : null);
        var difference = (await platform.Get()).GetProperty("across").GetProperty("differences").EnumerateArray().Single();
        (difference.GetProperty("what").GetString(), difference.GetProperty("key").GetString(), difference.GetProperty("actual").GetString())
            .ShouldBe(("order_in_customer", "#1001", "nothing"));
    }

    [Fact]
    public async Task one_service_that_is_away_or_breaks_off_makes_no_report()
    {
        await using var broken = await Platform.Start(service => service == "customer" ? "{\"key\":\"0198\",\"sa" : null);
        await using var away = await Platform.Start(_ => null, without: "returns");
        foreach (var platform in new[] { broken, away })
        {
            using var answer = await platform.Client.GetAsync("/v1/reconciliation");
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.Problem()).ShouldBe("service-unavailable");
        }
    }

    [Fact]
    public async Task nobody_gets_a_statement_and_only_who_has_a_key_a_report()
    {
        await using var platform = await Platform.Start(_ => null);
        // What services state is for the gateway alone.
        (await platform.Client.PostAsync("/reconciliation/orders", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        platform.Client.DefaultRequestHeaders.Authorization = null;
        (await platform.Client.GetAsync("/v1/reconciliation")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private sealed class Platform(GatewayFixture gateway, IReadOnlyList<Upstream> upstreams) : IAsyncDisposable
    {
        public HttpClient Client { get; } = gateway.Client();

        /// <param name="statements">What a service says about orders; null for what agrees.</param>
        /// <param name="without">A service that cannot be reached.</param>
        public static async Task<Platform> Start(Func<string, string?> statements, string? without = null)
        {
            Dictionary<string, Upstream> upstreams = [];
            foreach (var service in Services.Where(it => it != without))
                upstreams[service] = await Upstream.Start(service, context => Answer(service, statements(service), context));
            return new(GatewayFixture.Before([.. upstreams.Select(it => (it.Key, it.Value.Address))]), [.. upstreams.Values]);
        }

        public async Task<JsonElement> Get() => await Client.GetFromJsonAsync<JsonElement>("/v1/reconciliation");

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            foreach (var upstream in upstreams)
                await upstream.DisposeAsync();
        }

        private static async Task Answer(string service, string? statements, HttpContext context)
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/v1/", StringComparison.Ordinal))
                await context.Response.WriteAsync(service == "order"
                    ? """{"checks":5,"differencesFound":1,"differences":[{"what":"planted","key":"k","expected":"a","actual":"b"}],"totals":[]}"""
                    : """{"checks":5,"differencesFound":0,"differences":[]}""");
            else if (path == "/reconciliation/position")
                await context.Response.WriteAsync("""{"facts":7,"unsent":0}""");
            else if (path == "/reconciliation/orders" && service is "order" or "customer")
                await context.Response.WriteAsync(statements
                    ?? $$"""{"key":"0198","name":{{(service == "order" ? "\"#1001\"" : "null")}},"changedAt":"2026-03-02T12:00:00Z","says":[{"rule":"order_in_customer","key":"","value":"#1001, 5 USD"}]}""" + "\n");
        }
    }
}
