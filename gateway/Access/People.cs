using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>What a person does here. A role is a set of scopes.</summary>
public static class Roles
{
    public const string Viewer = "viewer", CustomerService = "customer_service", Warehouse = "warehouse", Manager = "manager", Admin = "admin";

    private static readonly string[] Reading =
    [
        Scopes.OrdersRead, Scopes.ItemsRead, Scopes.InventoryRead, Scopes.LocationsRead, Scopes.RoutingRead, Scopes.FulfillmentRead, Scopes.ReturnsRead,
        Scopes.CustomersRead, Scopes.RequestsRead,
    ];

    /// <summary>By role; <see cref="Warehouse"/> only at the locations that the person is named for.</summary>
    public static ImmutableSortedDictionary<string, ImmutableSortedSet<string>> ScopesOf { get; } = new Dictionary<string, ImmutableSortedSet<string>>
    {
        [Viewer] = Set(Reading),
        [CustomerService] = Set([.. Reading, Scopes.OrdersWrite, Scopes.OrdersManage, Scopes.ReturnsWrite, Scopes.ReturnsManage]),
        [Warehouse] = Set(
        [
            Scopes.ItemsRead, Scopes.InventoryRead, Scopes.InventoryWrite, Scopes.LocationsRead, Scopes.FulfillmentRead, Scopes.FulfillmentWrite, Scopes.ReturnsRead,
            Scopes.ReturnsManage, Scopes.RequestsRead,
        ]),
        [Manager] = Scopes.All.Remove(Scopes.AccessManage).Remove(Scopes.PeopleManage),
        [Admin] = Scopes.All,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>
    /// A person with several roles has the scopes of all of them. Warehouse work stays at its locations, and with it everything else that the person may do,
    /// unless another role allows all of that work everywhere. Without a location it allows nothing.
    /// </summary>
    /// <returns>Null when the person has no role here.</returns>
    public static Caller? CallerOf(string subject, IEnumerable<string> roles, IEnumerable<string> locations)
    {
        var known = roles.Where(ScopesOf.ContainsKey).ToHashSet(StringComparer.Ordinal);
        var named = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, locations.Where(it => it.Length > 0));
        if (known.Contains(Manager) || known.Contains(Admin) || named.IsEmpty)
            known.Remove(Warehouse);
        if (known.Count == 0)
            return null;
        var scopes = known.Aggregate(ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal), (all, role) => all.Union(ScopesOf[role]));
        return new(subject, scopes, Channels: null, known.Contains(Warehouse) ? named : null);
    }

    private static ImmutableSortedSet<string> Set(string[] scopes) => ImmutableSortedSet.Create(StringComparer.Ordinal, scopes);
}

/// <summary>Where people's tokens come from: any OpenID Connect provider.</summary>
/// <param name="Authority">Its issuer URL; without one there are no people, only keys.</param>
/// <param name="Audience">What its tokens for this API are for.</param>
/// <param name="RolesClaim">Names <see cref="Roles"/>, one claim each.</param>
/// <param name="LocationsClaim">The locations of warehouse people, one claim each.</param>
/// <param name="MetadataAddress">Where its description is, if not where the issuer URL says.</param>
/// <param name="RequireHttps">False where the provider runs on the same machine.</param>
/// <param name="BuiltIn">
/// The provider is this gateway itself (docs/adr/0017); <paramref name="Authority"/> is then its own address as browsers know it. Left out, it is so in development,
/// unless there is another provider.
/// </param>
/// <param name="RedirectUris">Of the built-in provider: where browsers may be sent back to, with commas between them.</param>
/// <param name="FirstAdmin">Of the built-in provider: the e-mail address of who is an admin there as long as nobody else is anything.</param>
/// <param name="FirstAdminPassword">What the first admin signs in with, once, to choose another one.</param>
public sealed record PeopleOptions(
    string? Authority = null, string Audience = "oms", string RolesClaim = "roles", string LocationsClaim = "locations", string? MetadataAddress = null,
    bool RequireHttps = true, bool? BuiltIn = null, string RedirectUris = "", string? FirstAdmin = null, string? FirstAdminPassword = null)
{
    public static PeopleOptions From(IConfiguration configuration, IHostEnvironment environment)
    {
        var options = configuration.GetSection("Oms:Identity").Get<PeopleOptions>() ?? new();
        return options with { BuiltIn = options.BuiltIn ?? (environment.IsDevelopment() && options.Authority is null && configuration.GetConnectionString("gatewaydb") is not null) };
    }

    /// <summary>Whether there are people, and not only keys.</summary>
    public bool Any => BuiltIn is true || Authority is not null;

    public IReadOnlyList<Uri> Redirects => [.. RedirectUris.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(it => new Uri(it))];
}

internal static class People
{
    public const string SchemeName = "People";

    public static void Configure(JwtBearerOptions options, PeopleOptions people)
    {
        options.Authority = people.Authority;
        options.Audience = people.Audience;
        if (people.MetadataAddress is not null)
            options.MetadataAddress = people.MetadataAddress;
        options.RequireHttpsMetadata = people.RequireHttps;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.ValidateAudience = true;
        options.TokenValidationParameters.RequireSignedTokens = true;
        options.TokenValidationParameters.RequireExpirationTime = true;
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        var callers = new KnownPeople(people);
        options.Events = new()
        {
            OnTokenValidated = context =>
            {
                if (callers.Of(context.Principal!) is { } caller)
                    context.Principal = new ClaimsPrincipal(new CallerIdentity(caller, SchemeName));
                else
                    context.Fail("This person has no role here.");
                return Task.CompletedTask;
            },
            OnChallenge = async context =>
            {
                context.HandleResponse();
                await Challenges.Answer(context.HttpContext, Problems.Problem(
                    StatusCodes.Status401Unauthorized, "invalid-token", "This token is not valid here, or no longer."));
            },
        };
    }

    /// <summary>One caller for all tokens that say the same of a person, so that what is kept by caller is found again.</summary>
    private sealed class KnownPeople(PeopleOptions people)
    {
        private const int KeptMax = 10_000;

        private readonly ConcurrentDictionary<string, Caller?> known = new(StringComparer.Ordinal);

        public Caller? Of(ClaimsPrincipal person)
        {
            if (person.FindFirstValue("sub") is not { Length: > 0 } subject)
                return null;
            string[] roles = [.. Values(person, people.RolesClaim)], locations = [.. Values(person, people.LocationsClaim)];
            if (known.Count >= KeptMax)
                known.Clear();
            return known.GetOrAdd(string.Join('\n', [subject, .. roles, "", .. locations]), _ => Roles.CallerOf($"person:{subject}", roles, locations));
        }

        private static IEnumerable<string> Values(ClaimsPrincipal person, string claim) => person.FindAll(claim).Select(it => it.Value).Order(StringComparer.Ordinal);
    }
}
