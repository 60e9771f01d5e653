using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

public sealed record RotateApiKey(Guid KeyId, string Hash, TimeSpan Overlap, DateTimeOffset At);

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
        _ => [new ApiKeyRotated(key.Id, command.Hash, command.At + command.Overlap, command.At)],
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
            .WithName("RotateApiKey").Access(Scopes.AccessManage)
            .WithSummary("Gives a key a new secret, shown once; the old one is good for overlapSeconds more, a day if left out. " +
                "Send If-Match with the key's ETag, so that a repeat does not rotate once more.")
            .Produces<CreateApiKeySlice.Created>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        keys.MapDelete("/{keyId:guid}", Revoke)
            .WithName("RevokeApiKey").Access(Scopes.AccessManage)
            .WithSummary("Ends a key, for good, within seconds. Safe to repeat.")
            .Produces<ApiKeyView>().ProducesProblem(404).ProducesProblem(412);
    }

    private static async Task<IResult> Rotate(
        Guid keyId, Body? body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().If(body?.OverlapSeconds is { } seconds && (seconds < 0 || seconds > OverlapMax.TotalSeconds), "overlapSeconds",
            $"is between 0 and {OverlapMax.TotalSeconds:0}").ToRefusal("invalid-rotation", "The key cannot be rotated like this.") is { } refusal)
            return Problems.From(refusal);
        var overlap = body?.OverlapSeconds is { } wished ? TimeSpan.FromSeconds(wished) : OverlapDefault;
        var secret = ApiKeySecret.Create(keyId);
        var command = new RotateApiKey(keyId, ApiKeySecret.HashText(secret), overlap, clock.GetUtcNow());
        return await writes.Change(keyId, key => Decide(command, key), http,
            (key, version) => TypedResults.Ok(new CreateApiKeySlice.Created(secret, ApiKeyView.Of(key, version, lastUsedAt: null))), token);
    }

    private static Task<IResult> Revoke(Guid keyId, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        var command = new RevokeApiKey(keyId, clock.GetUtcNow());
        return writes.Change(keyId, key => Decide(command, key), http,
            (key, version) => TypedResults.Ok(ApiKeyView.Of(key, version, lastUsedAt: null)), token);
    }

    /// <param name="OverlapSeconds">How long the old secret is still good.</param>
    public sealed record Body(int? OverlapSeconds = null);
}

internal static class ApiKeyChanges
{
    /// <summary>Changes one key; the answer may hold its secret, so it is not kept.</summary>
    public static Task<IResult> Change(
        this Writes writes, Guid keyId, Func<ApiKey?, Decision<IApiKeyEvent>> decide, HttpContext http, Func<ApiKey, long, IResult> answer, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var decided = await session.Decide(keyId, decide, token, http.IfMatch());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            return answer(decided.State!, decided.Version);
        }, token, keepsAnswer: false);
}
