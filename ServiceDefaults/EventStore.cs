using JasperFx;
using JasperFx.OpenTelemetry;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Weasel.Core;

namespace Oms.ServiceDefaults;

/// <summary>The event store as every service uses it: one set of settings, each with its reason.</summary>
public static class EventStore
{
    /// <summary>Every service owns a database, so one schema name serves all.</summary>
    public const string Schema = "oms";

    /// <summary>
    /// Adds Marten over the connection string <c>{service}db</c>, the relay with the service's published language (none for who tells nobody anything), and
    /// <see cref="Writes"/>.
    /// </summary>
    /// <param name="answersLater">Not for who takes no changes, or shows secrets in their answers: whether <c>Prefer: respond-async</c> is honored.</param>
    public static WebApplicationBuilder AddEventStore(
        this WebApplicationBuilder builder, string service, PublishedLanguage? language, Action<StoreOptions> configure, bool answersLater = true)
    {
        var connectionString = builder.Configuration.GetConnectionString($"{service}db")
            ?? throw new InvalidOperationException($"ConnectionStrings__{service}db is not set.");

        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(Tuned(connectionString)));
        var marten = builder.Services.AddMarten(provider =>
            {
                var options = new StoreOptions();
                options.Connection(provider.GetRequiredService<NpgsqlDataSource>());
                options.DatabaseSchemaName = options.Events.DatabaseSchemaName = Schema;
                options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase);

                // A lost race then waits for the winner instead of burning a sequence number, for which every async
                // projection would wait three seconds.
                options.Events.UseExclusiveLockOnConcurrentAppends = true;
                // The relay's sweeper finds events by id.
                options.Events.EnableUniqueIndexOnEventId = true;
                // Who did it, and under which trace: an order's timeline tells both.
                options.Events.MetadataConfig.CorrelationIdEnabled = true;
                options.Events.MetadataConfig.UserNameEnabled = true;

                foreach (var listener in provider.GetServices<IDocumentSessionListener>())
                    options.Listeners.Add(listener);

                options.OpenTelemetry.TrackConnections = TrackLevel.Normal;
                options.OpenTelemetry.TrackEventCounters();
                options.DisableNpgsqlLogging = true;
                options.Storage.ExtendedSchemaObjects.Add(StoredAnswers.Table());
                options.Storage.ExtendedSchemaObjects.Add(AcceptedRequests.Table());
                // In production nothing but db-apply changes a database.
                if (!builder.Environment.IsDevelopment())
                    options.AutoCreateSchemaObjects = AutoCreate.None;
                configure(options);
                return options;
            })
            .UseLightweightSessions();
        if (builder.Environment.IsDevelopment())
            marten.ApplyAllDatabaseChangesOnStartup();

        // Every lost race would be logged as an error, with the documents it carried.
        builder.Logging.AddFilter("Marten.IDocumentStore", LogLevel.None);
        if (language is not null)
            builder.Services.AddRelay(language);
        builder.Services.AddScoped<Writes>();
        builder.Services.AddHostedService<StoredAnswersSweeper>();
        if (answersLater)
        {
            builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AcceptedRequests>(provider, service));
            builder.Services.AddHostedService(provider => provider.GetRequiredService<AcceptedRequests>());
        }
        builder.Services.AddHealthChecks().AddCheck<EventStoreHealth>("event-store");
        return builder;
    }

    // Prepared statements bring a commit to some 85 % of a raw batched insert; more connections than cores can feed lose.
    // The connection check frees advisory locks when their owner is killed: its server side sees no closed socket by itself.
    // Nothing here leaves anything behind in a session (settings and locks are the transaction's), so there is nothing to reset between two users of a
    // connection: it would be seven statements, more than half of all.
    private static string Tuned(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
        MaxPoolSize = 24,
        NoResetOnClose = true,
        KeepAlive = 10,
        TcpKeepAlive = true,
        Options = "-c client_connection_check_interval=2000",
    }.ConnectionString;

    private sealed class EventStoreHealth(IDocumentStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var connection = store.Storage.Database.CreateConnection();
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
