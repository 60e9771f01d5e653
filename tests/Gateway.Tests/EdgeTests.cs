using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Oms.Gateway.Tests;

public sealed class EdgeTests : IAsyncLifetime
{
    private Upstream order = null!;
    private GatewayFixture gateway = null!;

    public async ValueTask InitializeAsync()
    {
        order = await Upstream.Start("order");
        var settings = GatewayFixture.Addresses(("order", order.Address));
        settings["Oms:AllowedOrigins"] = "https://shop.example, https://admin.example";
        settings["Oms:AnonymousRequestsPerSecond"] = "20";
        gateway = new(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await order.DisposeAsync();
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://shop.example.evil.example", false)]
    [InlineData("null", false)]
    public async Task only_pages_of_the_merchant_may_call_from_a_browser(string origin, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/orders")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,idempotency-key" } },
        };
        using var answer = await gateway.Client().SendAsync(request);

        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(allowed);
        if (allowed)
            answer.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Idempotency-Key");
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        order.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task nobody_says_from_where_they_come_unless_a_trusted_proxy_says_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } };
        (await gateway.Client().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        order.Last.Headers["X-Forwarded-For"].ShouldNotContain("203.0.113.7");
    }

    /// <summary>Guessing keys is slow.</summary>
    [Fact]
    public async Task who_shows_nothing_that_opens_is_soon_told_to_wait()
    {
        using var guessing = gateway.Client("oms_guess");
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => guessing.GetAsync("/v1/orders")));

        answers.Select(it => it.StatusCode).Distinct().ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], ignoreOrder: true);
        answers.First(it => it.StatusCode == HttpStatusCode.TooManyRequests).Headers.RetryAfter.ShouldNotBeNull();
        // Whoever has a key is not held up by that.
        (await gateway.Client().GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_connection_that_does_not_say_what_it_wants_is_closed()
    {
        var answer = await Raw("GET /v1/orders HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        answer.ShouldSatisfyAllConditions(it => it.ShouldNotContain("200 OK"), it => it.Split('\n')[0].ShouldContain("408"));
    }

    [Theory]
    [InlineData("GET /v1/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef")]
    [InlineData("GET /v1/orders HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /v1/orders HTTP/1.1\r\nHost: a\r\nX : smuggled\r\n\r\n")]
    [InlineData("GET http://127.0.0.1:1/v1/orders HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: 127.0.0.1:5432\r\n\r\n")]
    public async Task what_two_servers_could_read_differently_reaches_none(string request)
    {
        var answer = await Raw(WithKey(request));

        answer.Split(' ').ElementAtOrDefault(1).ShouldStartWith("4");
        order.Requests.ShouldBeEmpty();
    }

    /// <summary>RFC 9112, 6.3: the chunks count, and what follows them is a request of its own: without a key, and not in somebody else's name.</summary>
    [Theory]
    [InlineData("POST /v1/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /v1/orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task nothing_is_smuggled_behind_a_body(string request)
    {
        await Raw(WithKey(request));
        order.Requests.ShouldNotContain(it => it.Target.Contains("smuggled"));
    }

    private static string WithKey(string request) =>
        $"{request[..request.IndexOf('\r', StringComparison.Ordinal)]}\r\nAuthorization: Bearer {GatewayFixture.ApiKey}\r\nConnection: close{request[request.IndexOf('\r', StringComparison.Ordinal)..]}";

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Client().BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
