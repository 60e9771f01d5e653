using System.Runtime.CompilerServices;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace Oms.ServiceDefaults;

/// <summary>
/// Every stream of a store, folded from its events in the order of the streams: page by page, so that a store of any size fits, and over an index, so that no
/// page costs more than another. An event is read once and forgotten once it is folded.
/// </summary>
internal sealed class StreamWalk
{
    private const int EventsPerPage = 2_000;
    private const string Columns = "stream_id, version, type, data";

    private readonly ISerializer serializer;
    private readonly bool streamsHaveNames;
    private readonly Dictionary<string, (Type Fact, IReadModel[] Models)> facts;

    public StreamWalk(IDocumentStore store)
    {
        Models = ReadModels.Of(store);
        serializer = ((DocumentStore)store).Options.Serializer();
        streamsHaveNames = ((DocumentStore)store).Options.Events.StreamIdentity == StreamIdentity.AsString;
        facts = Models.SelectMany(model => model.Facts).Distinct()
            .ToDictionary(Facts.StoredName, fact => (fact, Models.Where(model => model.Facts.Contains(fact)).ToArray()));
    }

    public IReadOnlyList<IReadModel> Models { get; }

    public ISerializer Serializer => serializer;

    /// <summary>The first stream's predecessor.</summary>
    private object Beginning => streamsHaveNames ? "" : Guid.Empty;

    /// <param name="connection">With a repeatable-read transaction on it, all pages are as of one moment.</param>
    /// <param name="onFact">Called with every fact, its stream and its version, before it is folded.</param>
    public async IAsyncEnumerable<IReadOnlyList<Folded>> Pages(
        NpgsqlConnection connection, Action<object, long, object>? onFact, [EnumeratorCancellation] CancellationToken token)
    {
        var (stream, version) = (Beginning, 0L);
        Folding? folding = null;
        while (true)
        {
            List<Folded> page = [];
            var read = 0;
            await using (var command = new NpgsqlCommand(
                $"select {Columns} from {EventStore.Schema}.mt_events where (stream_id, version) > ($1, $2) order by stream_id, version limit {EventsPerPage}", connection))
            {
                command.Parameters.Add(new() { Value = stream });
                command.Parameters.Add(new() { Value = version });
                await using var reader = await command.ExecuteReaderAsync(token);
                for (; await reader.ReadAsync(token); read++)
                {
                    stream = reader.GetValue(0);
                    version = reader.GetInt64(1);
                    if (folding is null || !folding.Stream.Equals(stream))
                    {
                        page.AddRange(folding?.Done() ?? []);
                        folding = new(stream);
                    }
                    Fold(folding, reader, version, onFact);
                }
            }
            if (read == 0)
                page.AddRange(folding?.Done() ?? []);
            if (page.Count > 0)
                yield return page;
            if (read == 0)
                yield break;
        }
    }

    /// <summary>One stream; with a lock on it, nothing can be added meanwhile.</summary>
    public async Task<IReadOnlyList<Folded>> One(NpgsqlConnection connection, object stream, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from {EventStore.Schema}.mt_events where stream_id = $1 order by version", connection) { Parameters = { new() { Value = stream } } };
        await using var reader = await command.ExecuteReaderAsync(token);
        var folding = new Folding(stream);
        while (await reader.ReadAsync(token))
            Fold(folding, reader, reader.GetInt64(1), null);
        return folding.Done();
    }

    // Marten's tombstones stand where a lost race had taken a number: they say nothing, and make no stream.
    private void Fold(Folding folding, NpgsqlDataReader reader, long version, Action<object, long, object>? onFact)
    {
        var name = reader.GetString(2);
        if (name == Tombstone.Name)
            return;
        if (!facts.TryGetValue(name, out var known))
            throw new InvalidOperationException($"Stream {folding.Stream} has a fact that nobody knows: {name}.");
        folding.Add(known.Models, version, () =>
        {
            var fact = serializer.FromJson(known.Fact, reader, 3);
            onFact?.Invoke(folding.Stream, version, fact);
            return fact;
        });
    }

    private sealed class Folding(object stream)
    {
        private readonly List<(IReadModel Model, object? State)> states = [];
        private long version;
        private long events;
        private string? broken;

        public object Stream => stream;

        public void Add(IReadModel[] models, long at, Func<object> read)
        {
            (version, events) = (at, events + 1);
            if (broken is not null)
                return;
            try
            {
                var fact = read();
                foreach (var model in models)
                {
                    var index = states.FindIndex(it => it.Model == model);
                    if (index < 0)
                        states.Add((model, model.After(null, fact)));
                    else
                        states[index] = (model, model.After(states[index].State, fact));
                }
            }
            // A stream that is damaged must not hide what else there is to find: whatever its facts throw is what is wrong with it.
            catch (Exception error)
            {
                broken = error.Message;
                states.AddRange(models.Where(model => !states.Exists(it => it.Model == model)).Select(model => (model, (object?)null)));
            }
        }

        public IReadOnlyList<Folded> Done() => [.. states.Select(it => new Folded(stream, it.Model, it.State, version, events, broken))];
    }
}
