using System.Data;
using System.Text.Json.Serialization;
using Marten;
using Npgsql;

namespace Oms.ServiceDefaults;

/// <param name="What">Which rule does not hold.</param>
/// <param name="Key">Where: an order's number, a level, a stream.</param>
public sealed record Difference(string What, string Key, string Expected, string Actual);

/// <summary>What was compared, and what did not add up.</summary>
/// <param name="Checks">How many comparisons were made.</param>
/// <param name="Differences">The first <see cref="Findings.DifferencesMax"/>.</param>
/// <param name="DifferencesFound">All of them, also those that are not listed.</param>
public record ReconciliationReport(
    [property: JsonPropertyOrder(-3)] long Checks,
    [property: JsonPropertyOrder(-2)] IReadOnlyList<Difference> Differences,
    [property: JsonPropertyOrder(-1)] long DifferencesFound);

/// <summary>Collects comparisons, and remembers those that fail.</summary>
public sealed class Findings
{
    /// <summary>Enough to see what is wrong; a broken store would fill the memory with the rest.</summary>
    public const int DifferencesMax = 1_000;

    private readonly List<Difference> differences = [];

    public long Checks { get; private set; }

    public IReadOnlyList<Difference> Differences => differences;

    public long DifferencesFound { get; private set; }

    public void Expect<T>(string what, string key, T expected, T actual)
    {
        Checks++;
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            Add(new(what, key, $"{expected}", $"{actual}"));
    }

    public void Add(Difference difference)
    {
        DifferencesFound++;
        if (differences.Count < DifferencesMax)
            differences.Add(difference);
    }

    public void Checked(long checks) => Checks += checks;

    public ReconciliationReport ToReport() => new(Checks, differences, DifferencesFound);
}

/// <summary>A page of streams and what is stored of them.</summary>
public sealed class CheckedPage(IReadOnlyList<(Folded Folded, IReadOnlyList<object> Documents)> streams)
{
    /// <summary>The states of one kind by their events; the document is null when it is missing.</summary>
    public IEnumerable<(TState Folded, TState? Document)> Of<TState>() where TState : class =>
        streams.Where(it => it.Folded.State is TState).Select(it => ((TState)it.Folded.State!, it.Documents.OfType<TState>().FirstOrDefault()));
}

/// <summary>What a service knows to check beside that its documents say what its events say; all of it sees the same moment.</summary>
public sealed record OwnRules
{
    /// <summary>Called with each page of streams, in their order.</summary>
    public Func<IQuerySession, CheckedPage, Task>? OnPage { get; init; }

    /// <summary>Called with each fact: its stream, its version, the fact. Streams come one after the other, and before their page.</summary>
    public Action<object, long, object>? OnFact { get; init; }

    public Func<IQuerySession, Task>? OnEnd { get; init; }
}

/// <summary>
/// Compares everything that a service shows with what has happened, as of one moment, so that it may run while everybody works: what moves meanwhile
/// does not seem to differ. Its own rules a service adds in its Reconcile slice.
/// </summary>
public static class Reconciliation
{
    public static async Task Of(IDocumentStore store, Findings findings, OwnRules own, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
        await using var session = store.QuerySession(Marten.Services.SessionOptions.ForTransaction(moment));

        var walk = new StreamWalk(store);
        var tables = walk.Models.ToDictionary(model => model, model => new DocumentTable(store, model));
        await foreach (var page in walk.Pages(connection, own.OnFact, token))
        {
            List<(Folded, IReadOnlyList<object>)> streams = [];
            foreach (var ofOneKind in page.GroupBy(it => it.Model))
                streams.AddRange(await Compare(connection, tables[ofOneKind.Key], [.. ofOneKind], walk.Serializer, findings, token));
            if (own.OnPage is not null)
                await own.OnPage(session, new(streams));
        }
        foreach (var (model, table) in tables)
        {
            findings.Checked(1);
            await foreach (var orphan in table.Orphans(connection, token))
                findings.Add(new($"{model.Name()}_has_a_stream", $"{orphan}", "a stream", "only a document"));
        }
        if (own.OnEnd is not null)
            await own.OnEnd(session);
    }

    private static async Task<List<(Folded, IReadOnlyList<object>)>> Compare(
        NpgsqlConnection connection, DocumentTable table, IReadOnlyList<Folded> page, ISerializer serializer, Findings findings, CancellationToken token)
    {
        var stored = (await table.Read(connection, page.Select(it => it.Stream), token)).ToLookup(it => it.Stream);
        List<(Folded, IReadOnlyList<object>)> streams = [];
        foreach (var folded in page)
        {
            var found = stored[folded.Stream].ToList();
            findings.Checked(2);
            foreach (var difference in Differences.Between(folded, found, serializer))
                findings.Add(difference);
            streams.Add((folded, [.. found.Select(it => it.Document)]));
        }
        return streams;
    }
}
