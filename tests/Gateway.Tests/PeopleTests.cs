using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Tests;

/// <summary>People come in with the tokens of an OpenID Connect provider.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private readonly RSA rsa = RSA.Create(2048);
    private Upstream order = null!;
    private Upstream provider = null!;
    private GatewayFixture gateway = null!;

    public async ValueTask InitializeAsync()
    {
        order = await Upstream.Start("order");
        provider = await Upstream.Start("provider", Describe);
        var settings = GatewayFixture.Addresses(("order", order.Address));
        settings["Oms:Identity:Authority"] = Issuer;
        settings["Oms:Identity:MetadataAddress"] = $"{provider.Address}/.well-known/openid-configuration";
        settings["Oms:Identity:RequireHttps"] = "false";
        gateway = new(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await provider.DisposeAsync();
        await order.DisposeAsync();
        rsa.Dispose();
    }

    private const string Issuer = "https://people.example";

    [Fact]
    public async Task a_person_comes_in_with_what_the_role_allows()
    {
        using var answer = await Get(Token(("sub", "ada"), ("roles", "customer_service")));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var seen = new JsonWebToken(order.Last.Headers["Authorization"]["Bearer ".Length..]);
        seen.Subject.ShouldBe("person:ada");
        seen.GetClaim("scope").Value.Split(' ').ShouldBe(Oms.Gateway.Access.Roles.ScopesOf["customer_service"]);
    }

    [Fact]
    public async Task warehouse_people_are_restricted_to_their_locations()
    {
        await Get(Token(("sub", "bob"), ("roles", "warehouse"), ("locations", "nyc"), ("locations", "ewr")));

        new JsonWebToken(order.Last.Headers["Authorization"]["Bearer ".Length..]).Claims.Where(it => it.Type == "location").Select(it => it.Value).ShouldBe(["ewr", "nyc"]);
    }

    [Fact]
    public async Task without_a_role_or_a_name_nobody_comes_in()
    {
        (await Refused(Token(("sub", "eve")))).ShouldBe("invalid-token");
        (await Refused(Token(("roles", "admin")))).ShouldBe("invalid-token");
    }

    [Fact]
    public async Task what_the_provider_has_not_signed_is_refused()
    {
        using var other = RSA.Create(2048);
        (string, string)[] claims = [("sub", "eve"), ("roles", "admin")];
        await Refused(Sign(claims, other));
        await Refused(Sign(claims, rsa, audience: "another-api"));
        await Refused(Sign(claims, rsa, issuer: "https://another.example"));
        await Refused(Sign(claims, rsa, expires: TimeSpan.FromMinutes(-5)));
        var parts = Token(claims).Split('.');
        await Refused($"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.");
        await Refused($"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("eve", "ada", StringComparison.Ordinal))}.{parts[2]}");
    }

    /// <summary>The provider's public key is known to everybody: a token that is signed with it as if it were a shared secret proves nothing.</summary>
    [Fact]
    public async Task the_public_key_is_no_secret_to_sign_with()
    {
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "oms",
            Subject = new ClaimsIdentity([new("sub", "eve"), new("roles", "admin")]),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            SigningCredentials = new(new SymmetricSecurityKey(rsa.ExportSubjectPublicKeyInfo()) { KeyId = "1" }, SecurityAlgorithms.HmacSha256),
        });
        await Refused(token);
    }

    /// <summary>What the gateway signs for the services is for the services.</summary>
    [Fact]
    public async Task a_service_token_opens_nothing_at_the_gateway() =>
        await Refused(ServiceTokens.Create(new SymmetricSecurityKey(GatewayFixture.TokenKey), Caller.Unrestricted("eve"), TimeProvider.System.GetUtcNow()));

    private Task<HttpResponseMessage> Get(string token) => gateway.Client(token).GetAsync("/v1/orders");

    private async Task<string> Refused(string token)
    {
        using var answer = await Get(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        order.Requests.ShouldBeEmpty();
        return await answer.Problem();
    }

    private string Token(params (string Type, string Value)[] claims) => Sign(claims, rsa);

    private static string Sign(
        (string Type, string Value)[] claims, RSA key, string audience = "oms", string issuer = Issuer, TimeSpan? expires = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Subject = new ClaimsIdentity(claims.Select(it => new Claim(it.Type, it.Value))),
            Expires = now + (expires ?? TimeSpan.FromMinutes(5)),
            SigningCredentials = new(new RsaSecurityKey(key) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private Task Describe(HttpContext context)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        object answer = context.Request.Path == "/jwks"
            ? new { keys = new[] { new { kty = "RSA", kid = "1", use = "sig", alg = "RS256", n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } } }
            : new { issuer = Issuer, jwks_uri = $"{provider.Address}/jwks" };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }
}
