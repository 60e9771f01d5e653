using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Oms.ServiceDefaults;

namespace Oms.Gateway;

/// <summary>Who may come in: <c>Oms:ApiKey</c>, or several as <c>Oms:ApiKeys:{name}</c>. Only hashes are kept.</summary>
public sealed class ApiKeys
{
    private readonly (string Name, byte[] Hash)[] keys;

    private ApiKeys((string Name, byte[] Hash)[] keys) => this.keys = keys;

    public static ApiKeys From(IConfiguration configuration)
    {
        var named = configuration.GetSection("Oms:ApiKeys").GetChildren().Select(it => (Name: it.Key, Key: it.Value))
            .Prepend((Name: "default", Key: configuration["Oms:ApiKey"]))
            .Where(it => !string.IsNullOrWhiteSpace(it.Key))
            .Select(it => (it.Name, Hash(it.Key!)))
            .ToArray();
        return named.Length > 0 ? new(named) : throw new InvalidOperationException("Oms__ApiKey is not set.");
    }

    /// <summary>The name of the key; null when it is none of ours. Takes as long whichever it is.</summary>
    public string? NameOf(string presented)
    {
        var hash = Hash(presented);
        string? found = null;
        foreach (var (name, known) in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found ??= name;
        }
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>Reads the key from <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Presented() is not { } presented ? AuthenticateResult.NoResult()
        : keys.NameOf(presented) is not { } name ? AuthenticateResult.Fail("The key is none of ours.")
        : AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", $"api-key:{name}")], SchemeName)), SchemeName)));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var wrong = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = wrong ? "Bearer realm=\"oms\", error=\"invalid_token\"" : "Bearer realm=\"oms\"";
        var problem = wrong
            ? Problems.Problem(StatusCodes.Status401Unauthorized, "invalid-api-key", "This API key is not known here.")
            : Problems.Problem(StatusCodes.Status401Unauthorized, "unauthenticated", "Send an API key: Authorization: Bearer <key>, or X-Api-Key: <key>.");
        await TypedResults.Problem(problem).ExecuteAsync(Context);
    }

    private string? Presented()
    {
        if (Request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key)
            return key;
        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && authorization[Bearer.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
    }
}
