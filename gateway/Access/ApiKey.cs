using System.Collections.Immutable;
using System.Net;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>A fact about an API key. Secrets are in none of them, only their hashes.</summary>
public interface IApiKeyEvent;

/// <param name="Hash">SHA-256 of the secret, in hexadecimal: the secret has 256 random bits, so that a slow hash would gain nothing.</param>
/// <param name="IpRanges">CIDR (RFC 4632); empty for everywhere.</param>
/// <param name="RequestsPerSecond">Null for what everybody may.</param>
public sealed record ApiKeyCreated(
    Guid KeyId, string Name, string Hash, ImmutableSortedSet<string> Scopes, ImmutableSortedSet<string> Channels, ImmutableSortedSet<string> Locations,
    ImmutableArray<string> IpRanges, int? RequestsPerSecond, DateTimeOffset? ExpiresAt, DateTimeOffset At) : IApiKeyEvent;

/// <summary>There is a new secret.</summary>
/// <param name="OldValidUntil">Until then every secret before it is good as well.</param>
/// <param name="Request">The request by which it was asked for, if that can be known again.</param>
public sealed record ApiKeyRotated(Guid KeyId, string Hash, DateTimeOffset OldValidUntil, DateTimeOffset At, Guid? Request = null) : IApiKeyEvent;

public sealed record ApiKeyRevoked(Guid KeyId, DateTimeOffset At) : IApiKeyEvent;

/// <param name="ValidUntil">Null while it is the newest.</param>
/// <param name="Request">The request by which it was asked for, if that can be known again.</param>
public sealed record KeySecret(string Hash, DateTimeOffset? ValidUntil, Guid? Request = null);

/// <summary>A key of a storefront, a marketplace, a partner or a machine.</summary>
public sealed record ApiKey(
    Guid Id, string Name, ImmutableSortedSet<string> Scopes, ImmutableSortedSet<string> Channels, ImmutableSortedSet<string> Locations,
    ImmutableArray<string> IpRanges, int? RequestsPerSecond, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt) : IFold<ApiKey, IApiKeyEvent>
{
    public int Version { get; init; }

    public ImmutableArray<KeySecret> Secrets { get; init; } = [];

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static ApiKey After(ApiKey? state, IApiKeyEvent happened) => (state, happened) switch
    {
        (null, ApiKeyCreated e) => new(e.KeyId, e.Name, e.Scopes, e.Channels, e.Locations, e.IpRanges, e.RequestsPerSecond, e.ExpiresAt, e.At)
        {
            Secrets = [new(e.Hash, null)],
        },
        ({ RevokedAt: null }, ApiKeyRotated e) => state with
        {
            RotatedAt = e.At,
            Secrets =
            [
                .. state.Secrets.Where(secret => secret.ValidUntil is null || secret.ValidUntil > e.At)
                    .Select(secret => secret with { ValidUntil = secret.ValidUntil < e.OldValidUntil ? secret.ValidUntil : e.OldValidUntil }),
                new(e.Hash, null, e.Request),
            ],
        },
        ({ RevokedAt: null }, ApiKeyRevoked e) => state with { RevokedAt = e.At, Secrets = [] },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow version {state?.Version ?? 0} of a key."),
    };

    /// <summary>Whether a secret of this hash opens anything now. Takes as long whichever it is.</summary>
    public bool IsOpenedBy(ReadOnlySpan<byte> hash, DateTimeOffset now)
    {
        var opens = false;
        foreach (var secret in Secrets)
            opens |= System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(secret.Hash))
                && (secret.ValidUntil is null || now < secret.ValidUntil);
        return opens && RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);
    }

    /// <summary>Whether it may be used from there.</summary>
    public bool IsAllowedFrom(IPAddress? address) =>
        IpRanges.IsEmpty || address is not null && IpRanges.Any(range => IPNetwork.Parse(range).Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    public Caller AsCaller() => new($"api-key:{Id:N}", Scopes, Channels.IsEmpty ? null : Channels, Locations.IsEmpty ? null : Locations);
}
