using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Oms.Gateway.Access;

namespace Oms.Gateway.Identity;

/// <summary>Somebody who signs in here. Names and passwords are the framework's business; this is what the platform adds.</summary>
public sealed class Person : IdentityUser<Guid>
{
    public required string Name { get; set; }

    /// <summary>Of <see cref="Access.Roles"/>.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>Where warehouse work is allowed.</summary>
    public string[] Locations { get; set; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while the person may sign in.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }

    /// <summary>The password was made by somebody else, and is good for choosing another one.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>The last code of the authenticator that opened: it opens once (RFC 6238, 5.2).</summary>
    public string? LastCode { get; set; }

    /// <summary>Counts the changes made through the API.</summary>
    public int Version { get; set; } = 1;

    public bool IsActive => DeactivatedAt is null;

    /// <summary>Everything that these roles allow.</summary>
    public static IEnumerable<string> ScopesOf(IEnumerable<string> roles) => roles.SelectMany(role => Access.Roles.ScopesOf[role]).Distinct();
}

/// <summary>Keeps the secrets of authenticators sealed.</summary>
internal sealed class PersonStore(PeopleDatabase database, PlatformProtection protection, IdentityErrorDescriber? describer = null)
    : UserOnlyStore<Person, PeopleDatabase, Guid>(database, describer)
{
    public const string Tokens = $"{PeopleDatabase.Schema}.person_token";

    private readonly PlatformProtection seal = Seal(protection);

    public static PlatformProtection Seal(PlatformProtection protection) => protection.For("authenticator");

    public override Task SetTokenAsync(Person user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : seal.Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(Person user, string loginProvider, string name, CancellationToken cancellationToken) =>
        await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is { } value ? seal.Unprotect(value) : null;
}

/// <summary>A password that somebody else hands over: 20 characters that cannot be mistaken for each other, 99 bits.</summary>
internal static class OneTimePassword
{
    private const string Characters = "abcdefghjkmnpqrstuvwxyz23456789";

    public static string Create() => string.Join('-', Enumerable.Range(0, 4).Select(_ => System.Security.Cryptography.RandomNumberGenerator.GetString(Characters, 5)));
}
