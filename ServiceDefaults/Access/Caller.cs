using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>Who is calling, what of it is allowed, and of what. A parameter of this type in a route is filled from the token.</summary>
/// <param name="Channels">Null for all.</param>
/// <param name="Locations">Null for all.</param>
public sealed record Caller(string Subject, ImmutableSortedSet<string> Scopes, ImmutableSortedSet<string>? Channels = null, ImmutableSortedSet<string>? Locations = null)
{
    private const string SubjectClaim = "sub", ScopeClaim = "scope", ChannelClaim = "channel", LocationClaim = "location";

    /// <summary>May do everything with everything.</summary>
    public static Caller Unrestricted(string subject) => new(subject, ServiceDefaults.Scopes.All);

    /// <summary>Another service, for what it asks of this one.</summary>
    public static Caller Service(string name, params string[] scopes) => new($"service:{name}", ImmutableSortedSet.Create(StringComparer.Ordinal, scopes));

    /// <summary>As a token tells it: <c>scope</c> is one text (RFC 8693, 4.2), <c>channel</c> and <c>location</c> are there only if they restrict.</summary>
    public static Caller Of(ClaimsPrincipal principal) => new(
        principal.FindFirstValue(SubjectClaim) ?? "unknown",
        ImmutableSortedSet.CreateRange(StringComparer.Ordinal, (principal.FindFirstValue(ScopeClaim) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        Restricted(principal, ChannelClaim), Restricted(principal, LocationClaim));

    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    public IEnumerable<Claim> Claims() =>
    [
        new(SubjectClaim, Subject), new(ScopeClaim, string.Join(' ', Scopes)),
        .. (Channels ?? []).Select(channel => new Claim(ChannelClaim, channel)), .. (Locations ?? []).Select(location => new Claim(LocationClaim, location)),
    ];

    public bool SeesChannel(string? channel) => Channels is null || channel is not null && Channels.Contains(channel);

    public bool SeesLocation(string? location) => Locations is null || location is not null && Locations.Contains(location);

    public bool Sees([NotNullWhen(true)] IOwned? it) => it is not null && SeesChannel(it.OwnedByChannel) && SeesLocation(it.OwnedByLocation);

    /// <summary>It, or null when it is not this caller's: to the caller that is the same.</summary>
    public T? Own<T>(T? it) where T : class, IOwned => Sees(it) ? it : null;

    // Also for what the deciders hand over: a state that belongs to nobody in particular is everybody's.
    internal T? Visible<T>(T? state) where T : class => state is IOwned owned && !Sees(owned) ? null : state;

    private static ImmutableSortedSet<string>? Restricted(ClaimsPrincipal principal, string claim) =>
        principal.FindAll(claim).Select(it => it.Value).ToImmutableSortedSet(StringComparer.Ordinal) is { IsEmpty: false } named ? named : null;
}
