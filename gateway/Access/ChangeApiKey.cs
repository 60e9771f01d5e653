using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <param name="Request">Known again when it is repeated; null when it cannot be.</param>
public sealed record RotateApiKey(Guid KeyId, string Hash, TimeSpan Overlap, DateTimeOffset At, Guid? Request = null);

public sealed record RevokeApiKey(Guid KeyId, DateTimeOffset At);

/// <summary>A new secret, while the old one is good for a while; or the end.</summary>
public static class ChangeApiKeySlice
{
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);
    private static readonly TimeSpan OverlapDefault = TimeSpan.FromDays(1);

    public static Decision<IApiKeyEvent> Decide(RotateApiKey command, ApiKey? key) => key switch
    {
        null => AccessRefusals.NotFound(command.KeyId),
        { RevokedAt: not null } => AccessRefusals.Revoked(key),
        _ when command.Request is not null && key.Secrets.Any(secret => secret.Request == command.Request) => AccessRefusals.AlreadyRotated(key),
        _ => [new ApiKeyRotated(key.Id, command.Hash, command.At + command.Overlap, command.At, command.Request)],
    };

    public static Decision<IApiKeyEvent> Decide(RevokeApiKey command, ApiKey? key) => key switch
    {
        null => AccessRefusals.NotFound(command.KeyId),
        { RevokedAt: not null } => [],
        _ => [new ApiKeyRevoked(key.Id, command.At)],
    };

    public static void Map(IEndpointRouteBuilder keys)
    {
        keys.MapPost("/{keyId:guid}/rotation", Rotate)
            .WithName("RotateApiKey").Access(Scopes.AccessManage).Versioned()
            .WithSummary("Gives a key a new secret, shown once; the old one is good for overlapSeconds more, a day if left out. " +
                "Send an Idempotency-Key, or If-Match with the key's ETag, so that a repeat does not rotate once more.")
            .WithExample(new Body(OverlapSeconds: 3600))
            .Produces<CreateApiKeySlice.Created>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        keys.MapDelete("/{keyId:guid}", Revoke)
            .WithName("RevokeApiKey").Access(Scopes.AccessManage).Versioned()
            .WithSummary("Ends a key, for good, within seconds. Safe to repeat.")
            .Produces<ApiKeyView>().ProducesProblem(404).ProducesProblem(412);
    }

    private static async Task<IResult> Rotate(
        Guid keyId, Body? body, Caller caller, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().If(body?.OverlapSeconds is { } seconds && (seconds < 0 || seconds > OverlapMax.TotalSeconds), "overlapSeconds",
            $"is between 0 and {OverlapMax.TotalSeconds:0}").ToRefusal("invalid-rotation", "The key cannot be rotated like this.") is { } refusal)
            return Problems.From(refusal);
        var overlap = body?.OverlapSeconds is { } wished ? TimeSpan.FromSeconds(wished) : OverlapDefault;
        var secret = ApiKeySecret.Create(keyId);
        var command = new RotateApiKey(keyId, ApiKeySecret.HashText(secret), overlap, clock.GetUtcNow(), ApiKeyChanges.Request(http, caller));
        return await writes.Change(keyId, key => Decide(command, key), http,
            (key, version) => TypedResults.Ok(new CreateApiKeySlice.Created(secret, ApiKeyView.Of(key, version, lastUsedAt: null))), token);
    }

    private static Task<IResult> Revoke(Guid keyId, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        var command = new RevokeApiKey(keyId, clock.GetUtcNow());
        return writes.Change(keyId, key => Decide(command, key), http,
            (key, version) => TypedResults.Ok(ApiKeyView.Of(key, version, lastUsedAt: null)), token, holdsSecret: false);
    }

    /// <param name="OverlapSeconds">How long the old secret is still good.</param>
    public sealed record Body(int? OverlapSeconds = null);
}

internal static class ApiKeyChanges
{
    /// <summary>Changes one key. An answer that holds its secret is not kept: then whoever decides knows a repeated request by <see cref="Request"/>.</summary>
    public static Task<IResult> Change(
        this Writes writes, Guid keyId, Func<ApiKey?, Decision<IApiKeyEvent>> decide, HttpContext http, Func<ApiKey, long, IResult> answer, CancellationToken token,
        bool holdsSecret = true) =>
        writes.Commit(async session =>
        {
            var decided = await session.Decide(keyId, decide, token, http.Precondition());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            return answer(decided.State!, decided.Version);
        }, token, keepsAnswer: !holdsSecret);

    /// <summary>A request under an <c>Idempotency-Key</c>; null without one.</summary>
    public static Guid? Request(HttpContext http, Caller caller) =>
        http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? Ids.Derive("api-key", caller.Subject, key) : null;
}
