using JasperFx.Events;
using Oms.Kernel;

namespace Oms.SystemTests.Simulation;

/// <summary>The streams of one kind: events, and the state that they were folded into one after the other.</summary>
internal sealed class Streams<TKey, TState, TEvent> where TKey : notnull where TState : class, IFold<TState, TEvent> where TEvent : class
{
    private readonly Dictionary<TKey, Stream> streams = [];

    public TState? this[TKey key] => streams.GetValueOrDefault(key)?.State;

    public IEnumerable<TKey> Keys => streams.Keys;

    public IEnumerable<TState> All => streams.Values.Select(stream => stream.State!);

    public int Events => streams.Values.Sum(stream => stream.Events.Count);

    public long Version(TKey key) => streams.GetValueOrDefault(key)?.Events.Count ?? 0;

    public IReadOnlyList<TEvent> Of(TKey key) => streams.GetValueOrDefault(key)?.Events ?? [];

    public long Append(TKey key, TEvent fact)
    {
        if (!streams.TryGetValue(key, out var stream))
            streams[key] = stream = new();
        stream.State = TState.After(stream.State, fact);
        stream.Events.Add(fact);
        return stream.Events.Count;
    }

    private sealed class Stream
    {
        public TState? State { get; set; }

        public List<TEvent> Events { get; } = [];
    }
}

/// <summary>A service without its host: streams in memory, its real deciders, and its real published language.</summary>
internal abstract class Service(World world, string name, Func<IEvent, object?> translate)
{
    private readonly List<object> contracts = [];

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan Skew { get; set; }

    public DateTimeOffset Now => world.Now + Skew;

    protected World World => world;

    protected Dice Dice => world.Dice;

    protected void Tell<TKey, TState, TEvent>(Streams<TKey, TState, TEvent> streams, TKey key, TEvent fact)
        where TKey : notnull where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        var version = streams.Append(key, fact);
        world.Note(name, fact);
        if (translate(new Event<object>(fact) { Version = version }) is { } contract)
            contracts.Add(contract);
    }

    /// <summary>All that was told since the last commit leaves together, or waits together for the relay's sweep.</summary>
    protected void Commit()
    {
        world.Network.Publish([.. contracts]);
        contracts.Clear();
    }

    /// <summary>Decides and commits.</summary>
    /// <returns>Whether anything happened.</returns>
    protected bool Decide<TKey, TState, TEvent>(Streams<TKey, TState, TEvent> streams, TKey key, Func<TState?, Decision<TEvent>> decide)
        where TKey : notnull where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        var happened = decide(streams[key]).Events;
        foreach (var fact in happened)
            Tell(streams, key, fact);
        Commit();
        return !happened.IsEmpty;
    }
}
