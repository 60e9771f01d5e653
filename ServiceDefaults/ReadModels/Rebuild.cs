using System.Text.Json;
using Marten;
using Npgsql;

namespace Oms.ServiceDefaults;

/// <summary>What was done about one read model.</summary>
/// <param name="Events">That its documents were made from.</param>
/// <param name="Removed">Documents that no stream has any more.</param>
public sealed record Rebuilt(string ReadModel, long Streams, long Events, long Written, long Removed, double Seconds);

/// <summary>
/// Makes every read model anew from the events while the service goes on reading and writing. Nothing is emptied first: a document is replaced by one of its
/// own version or a newer one, so nobody ever finds a gap, and what a commit has written meanwhile stays.
/// </summary>
public sealed class Rebuild(IDocumentStore store, bool force)
{
    private readonly StreamWalk walk = new(store);
    private readonly Dictionary<IReadModel, Counts> counts = [];

    /// <summary>Streams whose facts cannot follow each other; their documents are left alone.</summary>
    public int Broken { get; private set; }

    /// <param name="tell">Called with one line of JSON for each read model, and with one for each stream that cannot be folded.</param>
    public static async Task<int> Run(IDocumentStore store, bool force, Func<string, Task> tell, CancellationToken token)
    {
        var rebuild = new Rebuild(store, force);
        foreach (var done in await rebuild.All(tell, token))
            await tell(JsonSerializer.Serialize(done, JsonSerializerOptions.Web));
        return rebuild.Broken == 0 ? 0 : 1;
    }

    private async Task<IReadOnlyList<Rebuilt>> All(Func<string, Task> tell, CancellationToken token)
    {
        var tables = walk.Models.ToDictionary(model => model, model => new DocumentTable(store, model));
        foreach (var model in walk.Models)
            counts[model] = new();
        await using var reading = store.Storage.Database.CreateConnection();
        await reading.OpenAsync(token);
        await using var writing = store.Storage.Database.CreateConnection();
        await writing.OpenAsync(token);
        // Shorter than PostgreSQL waits before it looks for a deadlock: then it is the rebuild that gives way, and never a commit of the service.
        await Execute(writing, "set lock_timeout = 200", token);

        var clock = new Shares(counts);
        await foreach (var page in walk.Pages(reading, null, token))
        {
            clock.Read(page);
            foreach (var streams in page.GroupBy(it => it.Model))
            {
                foreach (var broken in streams.Where(it => it.Broken is not null))
                {
                    Broken++;
                    await tell(JsonSerializer.Serialize(new { stream = $"{broken.Stream}", broken = broken.Broken }, JsonSerializerOptions.Web));
                }
                await Page(writing, tables[streams.Key], [.. streams.Where(it => it.Broken is null)], token);
                clock.Wrote(streams.Key);
            }
        }
        foreach (var (model, table) in tables)
        {
            counts[model].Removed += await table.RemoveOrphans(writing, token);
            clock.Wrote(model);
        }
        await Execute(writing, "reset lock_timeout", token);
        return [.. walk.Models.Select(model => counts[model].Of(model))];
    }

    private async Task Page(NpgsqlConnection writing, DocumentTable table, IReadOnlyList<Folded> page, CancellationToken token)
    {
        var sum = counts[table.Model];
        sum.Streams += page.Count;
        sum.Events += page.Sum(it => it.Events);

        var (due, doubtful) = force && table.HasVersions ? (page, []) : await Compare(writing, table, page, token);
        if (due.Count > 0)
            doubtful = [.. doubtful, .. await WriteTogether(writing, table, due, token)];
        foreach (var stream in doubtful)
            await Mend(writing, table, stream, token);
    }

    /// <summary>What may be written at once, and what has to be looked at alone.</summary>
    private async Task<(IReadOnlyList<Folded> Due, IReadOnlyList<object> Doubtful)> Compare(
        NpgsqlConnection connection, DocumentTable table, IReadOnlyList<Folded> page, CancellationToken token)
    {
        var stored = (await table.Read(connection, page.Select(it => it.Stream), token)).ToLookup(it => it.Stream);
        List<Folded> due = [];
        List<object> doubtful = [];
        foreach (var folded in page)
        {
            var found = stored[folded.Stream].ToList();
            if (Differences.Between(folded, found, walk.Serializer).Count == 0)
                continue;
            if (table.HasVersions && found.TrueForAll(it => it.Version < folded.Version))
                due.Add(folded);
            else
                doubtful.Add(folded.Stream);
        }
        return (due, doubtful);
    }

    /// <summary>Answers the streams whose documents show something newer, or are being written by somebody else.</summary>
    private async Task<IReadOnlyList<object>> WriteTogether(
        NpgsqlConnection writing, DocumentTable table, IReadOnlyList<Folded> page, CancellationToken token)
    {
        try
        {
            var written = await table.Write(
                writing, [.. page.SelectMany(folded => folded.Documents().Select(it => (it.Key, folded.Version, it.Value)))], rewrite: force, always: false, token);
            counts[table.Model].Written += written.Count;
            return written.Count == page.Count ? [] : [.. page.Select(it => it.Stream).Where(stream => !written.Contains(stream))];
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return [.. page.Select(it => it.Stream)];
        }
    }

    /// <summary>One stream under its lock: nobody can add to it meanwhile, so what it says now is what its documents must say.</summary>
    private async Task Mend(NpgsqlConnection writing, DocumentTable table, object stream, CancellationToken token)
    {
        await using var alone = await writing.BeginTransactionAsync(token);
        await Execute(writing, "set local lock_timeout = 0", token);
        await Execute(writing, $"select from {EventStore.Schema}.mt_streams where id = $1 for update", token, stream);
        var folded = (await walk.One(writing, stream, token)).FirstOrDefault(it => it.Model == table.Model);
        var found = await table.Read(writing, [stream], token);
        if (folded is { Broken: null } && Differences.Between(folded, found, walk.Serializer).Count > 0)
        {
            var documents = folded.Documents().ToList();
            var surplus = found.Select(it => it.Id).Except(documents.Select(it => it.Key)).ToList();
            if (surplus.Count > 0)
                counts[table.Model].Removed += await table.Remove(writing, surplus, token);
            if (documents.Count > 0)
                counts[table.Model].Written += (await table.Write(
                    writing, [.. documents.Select(it => (it.Key, folded.Version, it.Value))], rewrite: true, always: true, token)).Count;
        }
        await alone.CommitAsync(token);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken token, object? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is not null)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(token);
    }

    private sealed class Counts
    {
        public long Streams { get; set; }

        public long Events { get; set; }

        public long Written { get; set; }

        public long Removed { get; set; }

        public TimeSpan Time { get; set; }

        public Rebuilt Of(IReadModel model) => new(model.Name(), Streams, Events, Written, Removed, Math.Round(Time.TotalSeconds, 3));
    }

    /// <summary>All read models are made in one pass; the time of reading a page is shared out by the events.</summary>
    private sealed class Shares(Dictionary<IReadModel, Counts> counts)
    {
        private long since = TimeProvider.System.GetTimestamp();

        public void Read(IReadOnlyList<Folded> page)
        {
            var (time, all) = (Lap(), Math.Max(1, page.Sum(it => it.Events)));
            foreach (var folded in page)
                counts[folded.Model].Time += time * ((double)folded.Events / all);
        }

        public void Wrote(IReadModel model) => counts[model].Time += Lap();

        private TimeSpan Lap()
        {
            var (before, now) = (since, TimeProvider.System.GetTimestamp());
            since = now;
            return TimeProvider.System.GetElapsedTime(before, now);
        }
    }
}
