using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Oms.ServiceDefaults;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

/// <summary>A service that is reached directly is as closed as the gateway.</summary>
public sealed class SecurityTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private SecurityKey Key => ServiceTokens.Key(service.Services.GetRequiredService<IConfiguration>());

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task<HttpResponseMessage> With(AuthenticationHeaderValue? authorization, HttpMethod? method = null, string path = "/v1/orders")
    {
        using var client = service.CreateClient();
        client.DefaultRequestHeaders.Authorization = authorization;
        return await client.SendAsync(new(method ?? HttpMethod.Get, path));
    }

    private async Task Refused(string token)
    {
        var answer = await With(new("Bearer", token));
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        await Problem(answer, 401, "unauthenticated");
    }

    private static string Part(string json) => Base64UrlEncoder.Encode(json);

    [Fact]
    public void nothing_is_reported_to_the_makers_of_the_bus() =>
        service.Services.GetRequiredService<IOptions<MassTransit.UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();

    [Fact]
    public async Task a_token_of_the_gateway_is_let_in() =>
        await Answer(await With(new("Bearer", ServiceTokens.Create(Key, Caller.Unrestricted("ada"), Now))), 200);

    [Fact]
    public async Task without_a_token_every_route_is_closed()
    {
        foreach (var (method, path) in ((HttpMethod, string)[])
        [
            (HttpMethod.Get, ""), (HttpMethod.Post, ""), (HttpMethod.Post, "/import"), (HttpMethod.Get, "/reconciliation"), (HttpMethod.Get, "/by-number/web/1"),
            (HttpMethod.Get, $"/{Given.Order}"), (HttpMethod.Get, $"/{Given.Order}/timeline"), (HttpMethod.Post, $"/{Given.Order}/cancellation"),
            (HttpMethod.Post, $"/{Given.Order}/holds"), (HttpMethod.Delete, $"/{Given.Order}/holds/x"), (HttpMethod.Post, $"/{Given.Order}/refunds"),
        ])
            await Problem(await With(null, method, $"/v1/orders{path}"), 401, "unauthenticated");
    }

    [Fact]
    public async Task a_token_that_nobody_signed_is_refused()
    {
        var claims = Part($$"""{"iss":"oms-gateway","aud":"oms-services","sub":"eve","exp":{{Now.AddMinutes(5).ToUnixTimeSeconds()}}}""");
        await Refused($"{Part("""{"alg":"none","typ":"JWT"}""")}.{claims}.");
        await Refused($"{Part("""{"alg":"None"}""")}.{claims}.");
        await Refused($"{Part("""{"alg":"HS256","typ":"JWT"}""")}.{claims}.");
    }

    [Fact]
    public async Task a_token_signed_with_another_key_is_refused()
    {
        await Refused(ServiceTokens.Create(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)), Caller.Unrestricted("eve"), Now));
        var genuine = ServiceTokens.Create(Key, Caller.Unrestricted("ada"), Now).Split('.');
        await Refused($"{genuine[0]}.{Part(Base64UrlEncoder.Decode(genuine[1]).Replace("ada", "eve", StringComparison.Ordinal))}.{genuine[2]}");
    }

    /// <summary>HMAC under another algorithm's name, with the right key.</summary>
    [Fact]
    public async Task a_token_of_another_algorithm_is_refused()
    {
        var text = $"{Part("""{"alg":"HS512","typ":"JWT"}""")}.{Part($$"""{"iss":"oms-gateway","aud":"oms-services","sub":"eve","exp":{{Now.AddMinutes(5).ToUnixTimeSeconds()}}}""")}";
        await Refused($"{text}.{Base64UrlEncoder.Encode(HMACSHA512.HashData(((SymmetricSecurityKey)Key).Key, Encoding.ASCII.GetBytes(text)))}");
    }

    [Fact]
    public async Task a_token_of_yesterday_is_refused()
    {
        await Refused(ServiceTokens.Create(Key, Caller.Unrestricted("ada"), Now.AddDays(-1)));
        await Refused(ServiceTokens.Create(Key, Caller.Unrestricted("ada"), Now.AddDays(1)));
    }

    /// <summary>While the signing key is changed, some gateways sign with the old one and some with the new one.</summary>
    [Fact]
    public async Task while_the_key_is_changed_both_are_accepted()
    {
        var next = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
        await Refused(ServiceTokens.Create(next, Caller.Unrestricted("ada"), Now));
        var known = service.Services.GetRequiredService<IConfiguration>()["Oms:ServiceTokenKey"];
        await using var changing = service.WithWebHostBuilder(host => host.UseSetting("Oms:ServiceTokenKey", $"{known}, {Convert.ToBase64String(next.Key)}"));

        foreach (var (key, status) in ((SecurityKey, int)[])[(Key, 200), (next, 200), (new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)), 401)])
        {
            using var client = changing.CreateClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", ServiceTokens.Create(key, Caller.Unrestricted("ada"), Now));
            ((int)(await client.GetAsync("/v1/orders")).StatusCode).ShouldBe(status);
        }
        // What signs is the first.
        ServiceTokens.Key(changing.Services.GetRequiredService<IConfiguration>()).KeyId.ShouldBe(Key.KeyId);
    }

    [Fact]
    public async Task what_is_no_token_is_refused()
    {
        foreach (var token in (string[])["x", "a.b.c", new string('x', 10_000)])
            await Refused(token);
        await Problem(await With(new("Basic", "YTpi")), 401, "unauthenticated");
    }
}
