using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>Who is calling, found once for a key or a token, and not once more with every request.</summary>
public sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity(caller.Claims(), scheme)
{
    public Caller Caller => caller;

    /// <summary>Null for what everybody may.</summary>
    public int? RequestsPerSecond { get; init; }
}

/// <summary>Reads the key from <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KnownKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    /// <summary>What the request shows to come in; null when it shows nothing.</summary>
    public static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key)
            return key;
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && authorization[Bearer.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request) is not { } presented)
            return AuthenticateResult.NoResult();
        return await keys.Find(presented, Context.Connection.RemoteIpAddress, Context.RequestAborted) switch
        {
            null => AuthenticateResult.Fail("This API key is not known here."),
            { Refusal: { } why } => AuthenticateResult.Fail(why),
            var key => AuthenticateResult.Success(new(
                new ClaimsPrincipal(new CallerIdentity(key.Caller, SchemeName) { RequestsPerSecond = key.RequestsPerSecond }), SchemeName)),
        };
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        await Challenges.Answer(Context, failure is null ? null : Problems.Problem(StatusCodes.Status401Unauthorized, "invalid-api-key", failure.Message));
    }
}

internal static class Challenges
{
    /// <summary>RFC 6750, 3: whether something was shown at all, and why it does not open.</summary>
    public static async Task Answer(HttpContext context, ProblemDetails? wrong)
    {
        context.Response.Headers.WWWAuthenticate = wrong is null ? "Bearer realm=\"oms\"" : "Bearer realm=\"oms\", error=\"invalid_token\"";
        await TypedResults.Problem(wrong ?? Problems.Problem(
            StatusCodes.Status401Unauthorized, "unauthenticated", "Send an API key or a token: Authorization: Bearer <…>, or X-Api-Key: <key>.")).ExecuteAsync(context);
    }
}
