using System.Runtime.CompilerServices;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Oms.ServiceDefaults;

/// <param name="Rule">On which two services must agree.</param>
/// <param name="Key">What of it: a parcel, a transaction; empty for the thing itself.</param>
public sealed record Said(string Rule, string Key, string Value);

/// <summary>What a service says about one thing (an order, a level) of which another service says the same, if both are right.</summary>
/// <param name="Key">Statements come in its ordinal order.</param>
/// <param name="Name">What people call it, where the service knows.</param>
/// <param name="ChangedAt">When the service last heard something about it.</param>
public sealed record Statement(string Key, string? Name, DateTimeOffset? ChangedAt, IReadOnlyList<Said> Says);

/// <summary>How far a service is; while nothing moves it stays the same.</summary>
/// <param name="Facts">The last number that was given to a fact.</param>
/// <param name="Unsent">Commits whose news has not left yet.</param>
public sealed record Position(long Facts, long Unsent);

/// <summary>What is called how, stored where, and what it says.</summary>
/// <param name="Topic">orders, levels, items or locations.</param>
/// <param name="Sql">Rows of <c>key, changed, kind, data</c>; the key is of a type that sorts as its text does.</param>
/// <param name="Say">What one row says: its kind and how to read its document.</param>
public sealed record StatementSource(string Topic, string Sql, Func<StatementRow, IEnumerable<Said>> Say)
{
    public Func<StatementRow, string?> Name { get; init; } = _ => null;
}

public sealed record StatementRow(string Kind, object Document);

public static class Statements
{
    /// <summary>
    /// Lets the gateway ask what this service says, for its comparison between services: one line of JSON for each thing. Not a part of the API, and so
    /// not below <c>/v1</c>, which is all that the gateway lets through.
    /// </summary>
    /// <param name="kinds">The types of the documents, by kind; a kind without one is read as text.</param>
    public static void MapStatements(this IEndpointRouteBuilder app, IReadOnlyDictionary<string, Type> kinds, params StatementSource[] sources)
    {
        var reconciliation = app.MapGroup("/reconciliation").ExcludeFromDescription().Access(Scopes.ReconciliationRead);
        reconciliation.MapGet("/position", Position);
        foreach (var source in sources)
            reconciliation.MapPost($"/{source.Topic}", (IDocumentStore store, string[]? keys, HttpContext context) => Answer(store, source, kinds, keys, context));
    }

    private static async Task Answer(
        IDocumentStore store, StatementSource source, IReadOnlyDictionary<string, Type> kinds, string[]? keys, HttpContext context)
    {
        context.Response.ContentType = "application/x-ndjson";
        await foreach (var statement in Read(store, source, kinds, keys, context.RequestAborted))
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, statement, JsonSerializerOptions.Web, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }
    }

    private static async IAsyncEnumerable<Statement> Read(
        IDocumentStore store, StatementSource source, IReadOnlyDictionary<string, Type> kinds, string[]? keys, [EnumeratorCancellation] CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        // One statement sees one moment.
        await using var command = new NpgsqlCommand(
            $"select key::text, changed, kind, data from ({source.Sql}) as said {(keys is null ? "" : "where key::text = any($1)")} order by key", connection)
        {
            CommandTimeout = 0,
        };
        if (keys is not null)
            command.Parameters.Add(new() { Value = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(token);
        var serializer = ((DocumentStore)store).Options.Serializer();
        Statement? statement = null;
        while (await reader.ReadAsync(token))
        {
            var (key, kind) = (reader.GetString(0), reader.GetString(2));
            DateTimeOffset? changed = await reader.IsDBNullAsync(1, token) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(1, token);
            var row = new StatementRow(kind, kinds.TryGetValue(kind, out var type) ? await serializer.FromJsonAsync(type, reader, 3, token) : reader.GetString(3));
            if (statement is not null && statement.Key != key)
            {
                yield return statement;
                statement = null;
            }
            statement = new(
                key, statement?.Name ?? source.Name(row), changed > statement?.ChangedAt || statement?.ChangedAt is null ? changed : statement.ChangedAt,
                [.. statement?.Says ?? [], .. source.Say(row)]);
        }
        if (statement is not null)
            yield return statement;
    }

    private static async Task<IResult> Position(IDocumentStore store, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(
            $"select (select last_value from {EventStore.Schema}.mt_events_sequence), (select count(*) from {EventStore.Schema}.relay)", connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return TypedResults.Ok(new Position(reader.GetInt64(0), reader.GetInt64(1)));
    }
}

/// <summary>Numbers and pieces as all services write them down, so that what is equal looks equal.</summary>
public static class Wording
{
    public static string Amount(decimal amount, string currency) => $"{amount:0.####} {currency}";

    /// <summary>In the order of their text, whoever tells them.</summary>
    public static string Pieces(IEnumerable<(int Line, string Sku, int Quantity)> pieces) => List(
        pieces.GroupBy(it => (it.Line, it.Sku)).Select(it => (it.Key.Line, it.Key.Sku, Quantity: it.Sum(piece => piece.Quantity)))
            .Where(it => it.Quantity != 0).Select(it => $"line {it.Line}: {it.Quantity} {it.Sku}"));

    public static string List(IEnumerable<string> texts) => string.Join(", ", texts.Order(StringComparer.Ordinal));
}
