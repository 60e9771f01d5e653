using Marten;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Oms.Gateway.Identity;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>Who comes in, as whom, and how often.</summary>
internal static class GatewayAccess
{
    private const string EitherScheme = "KeyOrToken";

    public static void AddAccess(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(ConfiguredKeys.From(configuration));
        services.AddSingleton<KnownKeys>();
        services.AddSingleton(provider => new ServiceIdentity(ServiceTokens.Key(configuration), provider.GetRequiredService<TimeProvider>()));

        var people = PeopleOptions.From(configuration, builder.Environment);
        var authentication = services.AddAuthentication(EitherScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                people.Any && IsToken(ApiKeyAuthentication.Presented(context.Request)) ? People.SchemeName : ApiKeyAuthentication.SchemeName);
        if (people.Any)
            authentication.AddJwtBearer(People.SchemeName, options => People.Configure(options, people));
        // Who is refused is remembered elsewhere.
        builder.Logging.AddFilter(typeof(ApiKeyAuthentication).FullName, LogLevel.Warning);
        services.AddSingleton<RateLimits>();
        services.AddRateLimiter(_ => { }).AddOptions<RateLimiterOptions>().Configure<RateLimits>((options, limits) => limits.Configure(options));

        // Keys can be created where there is a database to keep them; otherwise there are those of the configuration.
        if (configuration.GetConnectionString("gatewaydb") is null)
        {
            if (people.BuiltIn is true)
                throw new InvalidOperationException("Oms__Identity__BuiltIn needs ConnectionStrings__gatewaydb.");
            return;
        }
        builder.AddEventStore("gateway", language: null, options =>
        {
            options.Snapshot<ApiKey, IApiKeyEvent, Guid>();
            options.Storage.ExtendedSchemaObjects.Add(KeyUse.Table());
            options.Storage.ExtendedSchemaObjects.Add(RefusedRequests.Table());
            if (people.BuiltIn is true)
                options.Storage.Add(new PeopleTables());
        }, answersLater: false);
        services.AddSingleton<KeyUse>().AddHostedService(provider => provider.GetRequiredService<KeyUse>());
        if (people.BuiltIn is true)
            builder.AddProvider(people, authentication);
        services.AddSingleton<RefusedRequests>().AddHostedService(provider => provider.GetRequiredService<RefusedRequests>());
    }

    public static void UseAccess(this WebApplication app)
    {
        app.Use(RefusedRequests.Watch);
        app.UseProvider();
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<RateLimits>().Tell);
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    public static void MapAccess(this WebApplication app)
    {
        if (app.Configuration.GetConnectionString("gatewaydb") is null)
            return;
        var keys = app.MapGroup("/v1/api-keys").WithTags("Access");
        CreateApiKeySlice.Map(keys);
        ReadApiKeysSlice.Map(keys);
        ChangeApiKeySlice.Map(keys);
        RefusedRequests.Map(app.MapGroup("").WithTags("Access"));
        app.MapProvider();
    }

    private static bool IsToken(string? presented) => presented is not null && presented.StartsWith("eyJ", StringComparison.Ordinal) && presented.Count(it => it == '.') == 2;
}
