using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Oms.Gateway.Access;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Oms.Gateway.Identity;

/// <summary>An OpenID Connect provider for development and small shops, inside the gateway (docs/adr/0017). There only if <c>Oms:Identity:BuiltIn</c> says so.</summary>
internal static class BuiltInProvider
{
    public const string AuthorizePath = "/connect/authorize", TokenPath = "/connect/token", EndSessionPath = "/connect/end-session", RevocationPath = "/connect/revoke";

    /// <summary>How long a person who was deactivated or given other roles may still be taken for what they were.</summary>
    public static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A working day: who has not come back for so long signs in again.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    // OWASP, for PBKDF2 with SHA-512.
    private const int PasswordHashIterations = 210_000;
    private const int FailuresMax = 5;
    private static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    public static void AddProvider(this WebApplicationBuilder builder, PeopleOptions people, AuthenticationBuilder authentication)
    {
        var services = builder.Services;
        services.AddSingleton(people).AddSingleton(PlatformProtection.From(builder.Configuration)).AddSingleton<SigningKeys>().AddSingleton<FirstThings>();
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(provider => provider.GetRequiredService<PlatformProtection>()));
        services.AddSingleton<IAuthenticationSchemeProvider, ProviderSchemes>();
        services.AddDbContext<PeopleDatabase>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddHostedService<SpentTokens>();
        services.AddSingleton<Pages>().AddScoped<SignedIn>().AddScoped<ChangePersonSlice.Change>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "oms-form";
            options.FormFieldName = Pages.FormField;
            options.SuppressXFrameOptionsHeader = true;
        });
        AddPeople(services, authentication);
        AddOpenIddict(services, people, needsHttps: people.RequireHttps && !builder.Environment.IsDevelopment());

        // Its tokens are checked with its own keys, without a way over the network.
        services.AddOptions<JwtBearerOptions>(People.SchemeName).Configure<SigningKeys>((options, keys) =>
        {
            options.ConfigurationManager = keys;
            options.TokenValidationParameters.ValidateIssuer = people.Authority is not null;
            // An identity token tells an application who has signed in. It opens nothing.
            options.TokenValidationParameters.ValidTypes = [JsonWebTokenTypes.AccessToken];
        });
        // What somebody has sent wrongly is no warning; who was refused is remembered elsewhere.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Error).AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
    }

    public static void UseProvider(this WebApplication app)
    {
        if (app.Services.GetService<FirstThings>() is not { } first)
            return;
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.UseWhen(context => IsOwn(context.Request.Path), own =>
        {
            own.Use(limits.CountBefore);
            own.Use(first.Before);
        });
    }

    public static void MapProvider(this WebApplication app)
    {
        if (app.Services.GetService<FirstThings>() is null)
            return;
        Connect.Map(app.MapGroup("").ExcludeFromDescription().AllowAnonymous());
        var account = app.MapGroup(Pages.Root).ExcludeFromDescription().AllowAnonymous().AddEndpointFilter(Pages.CheckForm);
        SignInPages.Map(account);
        PasswordPage.Map(account);
        AuthenticatorPage.Map(account);
        var people = app.MapGroup("/v1/people").WithTags("Access");
        CreatePersonSlice.Map(people);
        ReadPeopleSlice.Map(people);
        ChangePersonSlice.Map(people);
    }

    /// <summary>What the provider answers, other than the API.</summary>
    private static bool IsOwn(PathString path) => path.StartsWithSegments("/connect") || path.StartsWithSegments("/.well-known") || path.StartsWithSegments(Pages.Root);

    private static void AddPeople(IServiceCollection services, AuthenticationBuilder authentication)
    {
        services.AddIdentityCore<Person>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
                // Length is what counts (NIST SP 800-63B, 3.1.1.2).
                options.Password = new() { RequiredLength = PasswordPage.LengthMin, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
                options.Lockout = new() { MaxFailedAccessAttempts = FailuresMax, DefaultLockoutTimeSpan = LockOut };
                options.Tokens.AuthenticatorIssuer = "OMS";
            })
            .AddUserStore<PersonStore>()
            .AddSignInManager()
            .AddTokenProvider<AuthenticatorTokenProvider<Person>>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashIterations);
        authentication.AddIdentityCookies(cookies =>
        {
            cookies.ApplicationCookie!.Configure(options => Configure(options, "oms-person", SessionLifetime));
            cookies.TwoFactorUserIdCookie!.Configure(options => Configure(options, "oms-person-code", TimeSpan.FromMinutes(5)));
        });

        static void Configure(CookieAuthenticationOptions options, string name, TimeSpan lifetime)
        {
            options.Cookie.Name = name;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = lifetime;
            options.SlidingExpiration = false;
            // Whether it is still true is asked with every use: SignedIn.
            options.Events = new();
        }
    }

    private static void AddOpenIddict(IServiceCollection services, PeopleOptions people, bool needsHttps)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<PeopleDatabase>())
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris(AuthorizePath).SetTokenEndpointUris(TokenPath).SetEndSessionEndpointUris(EndSessionPath).SetRevocationEndpointUris(RevocationPath);
                server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowRefreshTokenFlow();
                server.RegisterScopes(Scopes.Email, Scopes.Profile).RegisterClaims(Claims.Name, Claims.Email, people.RolesClaim, people.LocationsClaim);
                server.SetAuthorizationCodeLifetime(CodeLifetime).SetAccessTokenLifetime(AccessTokenLifetime).SetIdentityTokenLifetime(AccessTokenLifetime)
                    .SetRefreshTokenLifetime(SessionLifetime);
                server.DisableAccessTokenEncryption();
                if (people.Authority is not null)
                    server.SetIssuer(people.Authority);
                server.Configure(options =>
                {
                    // Codes go into the address, and not into a page with a script.
                    options.ResponseModes.Remove(ResponseModes.FormPost);
                    options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
                });
                var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndSessionEndpointPassthrough();
                if (!needsHttps)
                    host.DisableTransportSecurityRequirement();
            });
        services.AddOptions<OpenIddictServerOptions>().Configure<SigningKeys>((options, keys) =>
        {
            options.SigningCredentials.AddRange(keys.Loaded.Select(key => new SigningCredentials(key, SecurityAlgorithms.RsaSha256)));
            options.EncryptionCredentials.AddRange(keys.Encrypting.Select(key =>
                new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512)));
        });
    }

    /// <summary>OpenIddict looks at every request to find its own. Here it is shown only those: calls of the API neither pay for it nor fail with its database.</summary>
    private sealed class ProviderSchemes(IOptions<AuthenticationOptions> options, IHttpContextAccessor http) : AuthenticationSchemeProvider(options)
    {
        public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() =>
            http.HttpContext is { } context && IsOwn(context.Request.Path) ? base.GetRequestHandlerSchemesAsync() : Task.FromResult<IEnumerable<AuthenticationScheme>>([]);
    }
}
