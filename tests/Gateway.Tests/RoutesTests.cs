using System.Net;

namespace Oms.Gateway.Tests;

public sealed class RoutesTests : IAsyncLifetime
{
    private static readonly string[] Services = ["order", "inventory", "routing", "shipping", "returns", "customer"];

    private readonly Dictionary<string, Upstream> upstreams = [];
    private GatewayFixture gateway = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var service in Services)
            upstreams[service] = await Upstream.Start(service);
        gateway = GatewayFixture.Before([.. upstreams.Select(it => (it.Key, it.Value.Address))]);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var upstream in upstreams.Values)
            await upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("POST /v1/orders", "order")]
    [InlineData("GET /v1/orders?status=routing&limit=5", "order")]
    [InlineData("GET /v1/orders/0198", "order")]
    [InlineData("GET /v1/orders/by-number/amazon/A-1", "order")]
    [InlineData("GET /v1/orders/0198/timeline", "order")]
    [InlineData("POST /v1/orders/0198/cancellation", "order")]
    [InlineData("POST /v1/orders/0198/holds", "order")]
    [InlineData("DELETE /v1/orders/0198/holds/fraud", "order")]
    [InlineData("POST /v1/orders/0198/refunds", "order")]
    [InlineData("POST /v1/orders/import", "order")]
    [InlineData("GET /v1/orders/reconciliation", "order")]
    [InlineData("GET /v1/shipping/reconciliation", "shipping")]
    [InlineData("GET /v1/routing/reconciliation", "routing")]
    [InlineData("GET /v1/returns/reconciliation", "returns")]
    [InlineData("PUT /v1/items/A-1", "inventory")]
    [InlineData("GET /v1/items", "inventory")]
    [InlineData("POST /v1/items/batch", "inventory")]
    [InlineData("GET /v1/inventory", "inventory")]
    [InlineData("GET /v1/inventory/A-1", "inventory")]
    [InlineData("GET /v1/inventory/A-1/levels/nyc", "inventory")]
    [InlineData("POST /v1/inventory/receipts", "inventory")]
    [InlineData("POST /v1/inventory/adjustments", "inventory")]
    [InlineData("POST /v1/inventory/sets", "inventory")]
    [InlineData("POST /v1/inventory/moves", "inventory")]
    [InlineData("GET /v1/inventory/A-1/movements", "inventory")]
    [InlineData("GET /v1/inventory/reservations/0198", "inventory")]
    [InlineData("GET /v1/inventory/backorders", "inventory")]
    [InlineData("GET /v1/inventory/reconciliation", "inventory")]
    [InlineData("PUT /v1/locations/nyc", "routing")]
    [InlineData("GET /v1/locations", "routing")]
    [InlineData("PUT /v1/markets/us", "routing")]
    [InlineData("GET /v1/markets", "routing")]
    [InlineData("PUT /v1/routing-strategy", "routing")]
    [InlineData("GET /v1/routing-strategy/versions/3", "routing")]
    [InlineData("GET /v1/orders/0198/routing-decision?attempt=2", "routing")]
    [InlineData("PUT /v1/postal-codes", "routing")]
    [InlineData("GET /v1/postal-codes/US/10001", "routing")]
    [InlineData("GET /v1/fulfillment-orders", "shipping")]
    [InlineData("POST /v1/fulfillment-orders/0198/ship", "shipping")]
    [InlineData("POST /v1/fulfillment-orders/batch", "shipping")]
    [InlineData("GET /v1/orders/0198/fulfillment-orders", "shipping")]
    [InlineData("GET /v1/orders/0198/shipments", "shipping")]
    [InlineData("GET /v1/shipments?trackingNumber=SB1", "shipping")]
    [InlineData("GET /v1/shipments/0198/label", "shipping")]
    [InlineData("POST /v1/tracking-events", "shipping")]
    [InlineData("POST /v1/returns", "returns")]
    [InlineData("GET /v1/returns/0198", "returns")]
    [InlineData("POST /v1/returns/0198/receive", "returns")]
    [InlineData("GET /v1/orders/0198/returns", "returns")]
    [InlineData("GET /v1/customers", "customer")]
    [InlineData("GET /v1/customers/0198/orders", "customer")]
    [InlineData("GET /v1/customers/reconciliation", "customer")]
    public async Task every_path_leads_to_its_service_unchanged(string line, string service)
    {
        var (method, target) = (line.Split(' ')[0], line.Split(' ')[1]);
        using var request = new HttpRequestMessage(new(method), target);
        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe(service);
        upstreams[service].Last.Method.ShouldBe(method);
        upstreams[service].Last.Target.ShouldBe(target);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/orders")]
    [InlineData("/v1/order")]
    [InlineData("/v1/tracking-events/0198")]
    [InlineData("/admin")]
    public async Task anything_else_is_not_found(string path)
    {
        using var response = await gateway.Client().GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Problem()).ShouldBe("not-found");
        upstreams.Values.ShouldAllBe(it => it.Requests.IsEmpty);
    }

    [Theory]
    [InlineData("/v1/items/A%2FB")]
    [InlineData("/v1/items/A%23B")]
    [InlineData("/v1/items/A:B_c-1.2")]
    [InlineData("/v1/customers?email=a%2Bb%40example.com&after=x%3D%3D")]
    public async Task what_is_escaped_stays_so(string target)
    {
        using var response = await gateway.Client().GetAsync(target);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstreams.Values.SelectMany(it => it.Requests).Single().Target.ShouldBe(target);
    }

    [Fact]
    public async Task dots_do_not_lead_out_of_the_routes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(gateway.Client().BaseAddress! + "v1/orders/../../health", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await gateway.Client().SendAsync(request);

        upstreams.Values.ShouldAllBe(it => it.Requests.IsEmpty);
    }

    [Fact]
    public async Task what_clients_claim_about_themselves_stays_outside()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders");
        string[] claims =
        [
            "Forwarded", "X-Forwarded-User", "X-Forwarded-Prefix", "X-Real-IP", "X-Original-URL", "X-User-Id", "X-Subject", "X-Tenant", "Cookie", "Via",
            "X-HTTP-Method-Override", "Proxy-Authorization",
        ];
        foreach (var claim in claims.Append("X-Forwarded-For").Append("X-Forwarded-Host"))
            request.Headers.TryAddWithoutValidation(claim, "evil");

        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var headers = upstreams["order"].Last.Headers;
        headers.Keys.Intersect(claims, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
        string.Concat(headers.Values).ShouldNotContain("evil");
        headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task what_the_api_speaks_goes_through()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = new StringContent("{}", null, "application/json") };
        request.Headers.Add("Idempotency-Key", "k-1");
        request.Headers.TryAddWithoutValidation("If-Match", "\"7\"");
        request.Headers.Add("Accept", "application/json");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var headers = upstreams["order"].Last.Headers;
        headers["Idempotency-Key"].ShouldBe("k-1");
        headers["If-Match"].ShouldBe("\"7\"");
        headers["Accept"].ShouldBe("application/json");
        headers["Content-Type"].ShouldStartWith("application/json");
        headers["traceparent"].ShouldContain("0af7651916cd43dd8448eb211c80319c");
    }
}
