using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Marten;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>Whose secret that is, and what it opens.</summary>
/// <param name="Refusal">Why it opens nothing, though it is one of ours.</param>
public sealed record KnownKey(Caller Caller, int? RequestsPerSecond = null, string? Refusal = null);

/// <summary>
/// Finds the key of a secret: one of <see cref="ConfiguredKeys"/>, or one that was created. A created key is read again after two seconds, which is how long a
/// revoked one may still open.
/// </summary>
public sealed class KnownKeys(ConfiguredKeys configured, TimeProvider clock, IServiceProvider services)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);
    private const int KeptMax = 10_000;

    private readonly ConcurrentDictionary<Guid, Kept> kept = new();

    /// <returns>Null when it is none of ours.</returns>
    public async ValueTask<KnownKey?> Find(string presented, IPAddress? from, CancellationToken token)
    {
        if (configured.Find(presented) is { } name)
            return new(name);
        if (ApiKeySecret.KeyOf(presented) is not { } id || services.GetService<IDocumentStore>() is not { } store)
            return null;
        var now = clock.GetUtcNow();
        if (await Key(id, store, now, token) is not { Key: { } key } known || !key.IsOpenedBy(ApiKeySecret.Hash(presented), now))
            return null;
        if (!key.IsAllowedFrom(from))
            return new(known.Caller!, key.RequestsPerSecond, "This key does not open from this address.");
        services.GetRequiredService<KeyUse>().Note(id);
        return new(known.Caller!, key.RequestsPerSecond);
    }

    private async ValueTask<Kept> Key(Guid id, IDocumentStore store, DateTimeOffset now, CancellationToken token)
    {
        if (kept.TryGetValue(id, out var before) && now < before.Until)
            return before;
        await using var session = store.QuerySession();
        var key = await session.LoadAsync<ApiKey>(id, token);
        // Ids that are made up must not fill the memory.
        if (kept.Count >= KeptMax)
            kept.Clear();
        // The same caller as long as the key is the same: its tokens are kept by it.
        return kept[id] = new(key, before?.Key?.Version == key?.Version && before is not null ? before.Caller : key?.AsCaller(), now + KeptFor);
    }

    private sealed record Kept(ApiKey? Key, Caller? Caller, DateTimeOffset Until);
}

/// <summary>The keys of the configuration, which may do everything: <c>Oms:ApiKey</c>, or several as <c>Oms:ApiKeys:{name}</c>. Only hashes are kept.</summary>
public sealed class ConfiguredKeys
{
    private readonly (Caller Caller, byte[] Hash)[] keys;

    private ConfiguredKeys((Caller, byte[])[] keys) => this.keys = keys;

    public static ConfiguredKeys From(IConfiguration configuration)
    {
        var named = configuration.GetSection("Oms:ApiKeys").GetChildren().Select(it => (Name: it.Key, Key: it.Value))
            .Prepend((Name: "default", Key: configuration["Oms:ApiKey"]))
            .Where(it => !string.IsNullOrWhiteSpace(it.Key))
            .Select(it => (Caller.Unrestricted($"api-key:{it.Name}"), ApiKeySecret.Hash(it.Key!)))
            .ToArray();
        return named.Length > 0 ? new(named) : throw new InvalidOperationException("Oms__ApiKey is not set.");
    }

    /// <summary>Null when it is none of these. Takes as long whichever it is.</summary>
    public Caller? Find(string presented)
    {
        var hash = ApiKeySecret.Hash(presented);
        Caller? found = null;
        foreach (var (caller, known) in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found ??= caller;
        }
        return found;
    }
}
