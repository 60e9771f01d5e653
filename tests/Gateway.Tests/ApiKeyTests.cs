using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Oms.Gateway.Access;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Tests;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private Upstream order = null!;
    private GatewayFixture gateway = null!;

    public async ValueTask InitializeAsync()
    {
        order = await Upstream.Start("order");
        gateway = GatewayFixture.Before(("order", order.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await order.DisposeAsync();
    }

    [Fact]
    public async Task without_a_key_nobody_comes_in()
    {
        using var response = await gateway.CreateClient().GetAsync("/v1/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        (await response.Problem()).ShouldBe("unauthenticated");
        order.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Authorization", "Bearer another-key")]
    [InlineData("Authorization", "bearer a-key-for-test")]
    [InlineData("X-Api-Key", "A-KEY-FOR-TESTS")]
    [InlineData("X-Api-Key", "a-key-for-tests,a-key-for-tests")]
    public async Task a_wrong_key_is_told_so(string header, string value)
    {
        using var response = await Get(header, value);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.Single().Parameter!.ShouldContain("invalid_token");
        (await response.Problem()).ShouldBe("invalid-api-key");
        order.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Authorization", "Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-Api-Key", "")]
    public async Task what_is_no_key_counts_as_none(string header, string value)
    {
        using var response = await Get(header, value);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Problem()).ShouldBe("unauthenticated");
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + GatewayFixture.ApiKey, "api-key:default")]
    [InlineData("Authorization", "bearer " + GatewayFixture.ApiKey, "api-key:default")]
    [InlineData("X-Api-Key", GatewayFixture.ApiKey, "api-key:default")]
    [InlineData("X-Api-Key", GatewayFixture.PartnerKey, "api-key:partner")]
    public async Task the_service_learns_who_is_calling_and_never_sees_the_key(string header, string value, string subject)
    {
        using var response = await Get(header, value);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var token = order.Last.Headers["Authorization"]["Bearer ".Length..];
        (await Subject(token)).ShouldBe(subject);
        order.Last.Headers.Keys.ShouldNotContain("X-Api-Key");
        string.Concat(order.Last.Headers.Values).ShouldNotContain(GatewayFixture.ApiKey);
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/scalar")]
    public async Task some_pages_are_public(string path)
    {
        using var response = await gateway.CreateClient().GetAsync(path);

        response.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void without_any_configured_key_the_gateway_does_not_start() =>
        Should.Throw<InvalidOperationException>(() => ConfiguredKeys.From(new ConfigurationBuilder().AddInMemoryCollection([new("Oms:ApiKey", " ")]).Build()));

    [Fact]
    public async Task a_token_is_made_once_and_renewed_well_before_it_expires()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var identity = new ServiceIdentity(new SymmetricSecurityKey(GatewayFixture.TokenKey), clock);

        Caller one = Caller.Unrestricted("api-key:default"), other = Caller.Unrestricted("api-key:partner");
        var first = Token(identity, one);
        clock.Advance(ServiceTokens.Lifetime / 2 - TimeSpan.FromSeconds(1));
        Token(identity, one).ShouldBe(first);
        Token(identity, other).ShouldNotBe(first);
        clock.Advance(TimeSpan.FromSeconds(1));

        var second = Token(identity, one);
        second.ShouldNotBe(first);
        (await Subject(second)).ShouldBe("api-key:default");
    }

    private async Task<HttpResponseMessage> Get(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders");
        request.Headers.TryAddWithoutValidation(header, value);
        return await gateway.CreateClient().SendAsync(request);
    }

    private static string Token(ServiceIdentity identity, Caller caller)
    {
        using var request = new HttpRequestMessage();
        identity.Vouch(new(new CallerIdentity(caller, "test")), request);
        return request.Headers.Authorization!.Parameter!;
    }

    // As services check it.
    private static async Task<string?> Subject(string token)
    {
        var checkedToken = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
        {
            ValidIssuer = ServiceTokens.Issuer,
            ValidAudience = ServiceTokens.Audience,
            IssuerSigningKey = new SymmetricSecurityKey(GatewayFixture.TokenKey),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        });
        checkedToken.IsValid.ShouldBeTrue();
        return checkedToken.SecurityToken is JsonWebToken jwt ? jwt.Subject : null;
    }
}
