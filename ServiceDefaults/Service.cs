using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Oms.ServiceDefaults;

/// <summary>What every service has, said once.</summary>
public static class Service
{
    /// <summary>Requests are small; the one that is not (a bulk import) raises its own limit.</summary>
    private const long RequestBytesMax = 2 * 1024 * 1024;

    /// <summary>Names the folder of secrets: a file for each setting, <c>ConnectionStrings__orderdb</c>, as containers are given them.</summary>
    private const string SecretsVariable = "OMS_SECRETS";

    private const string DatabaseStep = "db-apply";

    /// <summary>Whether this process has been started to bring database and queues up to date, and for nothing else.</summary>
    internal static bool IsDatabaseStep => Environment.GetCommandLineArgs() is [_, DatabaseStep, ..];

    /// <summary>Telemetry, health, problem details, tokens, JSON and OpenAPI.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddKeyPerFile(Path.GetFullPath(Environment.GetEnvironmentVariable(SecretsVariable) ?? "/run/secrets"), optional: true);
        builder.AddTelemetry();
        builder.AddServiceTokens();
        builder.Services.AddAccess();
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddProblems();
        builder.Services.AddOpenApi("v1", options =>
        {
            options.CreateSchemaReferenceId = SchemaNames.Of;
            options.AddSchemaTransformer(StorableText.Describe).AddSchemaTransformer(Described.Schema);
            options.AddOperationTransformer(AccessExtensions.Describe).AddOperationTransformer(Described.Operation).AddOperationTransformer(ConditionalRequests.Describe)
                .AddOperationTransformer(Repeats.Describe).AddOperationTransformer(Examples.Describe);
        });
        builder.Services.AddHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            client.AddStandardResilienceHandler();
            client.AddServiceDiscovery();
        });
        builder.Services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        Draining.Add(builder);
        // Malformed input throws, and the exception handler says what was wrong with it.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // A lost race is consumed again and is no news; what fails for good is logged as an error and lands in _error.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning)
            .AddFilter("MassTransit.ReceiveTransport", LogLevel.Error)
            // Health is asked for, not logged: a service that is starting answers "not yet" several times a second.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical)
            .AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Polly", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.Error);
        return builder;
    }

    /// <summary>How JSON looks over HTTP: camelCase, states in snake_case, nulls left out, unknown members refused.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new StorableText.Converter());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.MaxDepth = 16;
        json.NumberHandling = JsonNumberHandling.Strict;
    }

    /// <summary><c>/health</c> (ready), <c>/alive</c>, <c>/openapi/v1.json</c> and the pipeline around all routes.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.Use(Draining.CloseConnections);
        var accepted = app.Services.GetService<AcceptedRequests>();
        if (accepted is not null)
            app.Use(accepted.Through);
        app.UseRouting();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        if (accepted is not null)
            app.Use(accepted.Take);
        app.Use(StorableText.CheckQuery);
        app.Use(RequestBody.ReadAhead);
        app.MapHealthChecks("/health").AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapOpenApi().AllowAnonymous();
        accepted?.Map(app);
        return app;
    }

    /// <summary>
    /// Runs the service. With the argument <c>db-apply</c> it brings its database and the broker's queues up to date and ends instead; in development a service
    /// does the first by itself at its start. With <c>rebuild [--force]</c> it makes its read models anew from the events, beside the running service, and ends. With
    /// <c>retell --since TIME</c> (ISO 8601) it has the running service tell once more what has happened since, and ends.
    /// </summary>
    public static async Task<int> RunServiceAsync(this WebApplication app, string[] args)
    {
        switch (args)
        {
            case [DatabaseStep, ..]:
                await app.Services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
                if (app.Services.GetService<IBusControl>() is { } bus)
                    await bus.DeployAsync();
                return 0;
            case ["rebuild", .. var how]:
                return await Rebuild.Run(
                    app.Services.GetRequiredService<IDocumentStore>(), how.Contains("--force"), Console.Out.WriteLineAsync, CancellationToken.None);
            case ["retell", "--since", var since]:
                var facts = await app.Services.GetRequiredService<RelayPointers>().Retell(
                    DateTimeOffset.Parse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), CancellationToken.None);
                await Console.Out.WriteLineAsync($"{facts} facts are told once more.");
                return 0;
            default:
                await app.RunAsync();
                return 0;
        }
    }
}
