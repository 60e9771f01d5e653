using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.ServiceDefaults;

/// <summary>An answer given under an <c>Idempotency-Key</c>, kept with what it was the answer to.</summary>
internal sealed record StoredAnswer(string RequestHash, int Status, string? Body, string? Location, string? ETag);

/// <summary>
/// The answers of requests that carried an <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): written in the transaction of what they
/// answer for, so an answer exists exactly when its effect does. Kept for <see cref="Retention"/>.
/// </summary>
internal static class StoredAnswers
{
    public static readonly TimeSpan Retention = TimeSpan.FromHours(48);

    private const string Name = $"{EventStore.Schema}.stored_answer";

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "stored_answer", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("key").AsPrimaryKey();              // subject and key: nobody meets another's keys
        table.AddColumn("request_hash", "text").NotNull();
        table.AddColumn("status", "int").NotNull();
        table.AddColumn<string>("body");
        table.AddColumn<string>("location");
        table.AddColumn<string>("etag");
        table.AddColumn("created", "timestamptz").NotNull().DefaultValueByExpression("now()");
        table.Indexes.Add(new IndexDefinition("stored_answer_created") { Columns = ["created"] });
        return table;
    }

    public static void Remember(IDocumentSession session, string key, StoredAnswer answer) => session.QueueSqlCommand(
        $"insert into {Name} (key, request_hash, status, body, location, etag) values (?, ?, ?, ?, ?, ?)",
        key, answer.RequestHash, answer.Status, OrNull(answer.Body), OrNull(answer.Location), OrNull(answer.ETag));

    public static async Task<StoredAnswer?> Find(IDocumentStore store, string key, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand($"select request_hash, status, body, location, etag from {Name} where key = $1", connection)
        {
            Parameters = { new() { Value = key } },
        };
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token)
            ? new(reader.GetString(0), reader.GetInt32(1), Text(reader, 2), Text(reader, 3), Text(reader, 4))
            : null;
    }

    public static async Task ForgetOld(IDocumentStore store, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand($"delete from {Name} where created < now() - $1", connection) { Parameters = { new() { Value = Retention } } };
        await command.ExecuteNonQueryAsync(token);
        await AcceptedRequests.ForgetOld(connection, token);
    }

    /// <summary>Whether a commit failed because another request with this key was committed first.</summary>
    public static bool IsTaken(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "pkey_stored_answer_key" } => true,
        { InnerException: { } inner } => IsTaken(inner),
        _ => false,
    };

    private static object OrNull(string? text) => (object?)text ?? DBNull.Value;

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>Forgets stored answers whose time is over, once an hour.</summary>
internal sealed class StoredAnswersSweeper(IDocumentStore store, TimeProvider clock, ILogger<StoredAnswersSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StoredAnswers.ForgetOld(store, stoppingToken);
            }
            catch (NpgsqlException error)
            {
                StoredAnswersLog.NotForgotten(log, error);
            }
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

internal static partial class StoredAnswersLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Old stored answers could not be deleted; they are tried again in an hour")]
    public static partial void NotForgotten(ILogger log, Exception error);
}
