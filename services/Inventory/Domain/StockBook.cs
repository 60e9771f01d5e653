using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>
/// The stock that a page of commands is about, in memory: states that evolve as one command after the other is decided, and the facts that follow.
/// It knows no store: who fills it has read everything the commands asked for, and who empties it commits all of it or nothing.
/// </summary>
public sealed class StockBook
{
    public Shelf<InventoryLevel, IInventoryLevelEvent> Levels { get; } = new();

    public Shelf<Reservation, IReservationEvent> Reservations { get; } = new();

    public Shelf<Backorder, IBackorderEvent> Backorders { get; } = new();

    public Shelf<ReturnRestock, IReturnRestockEvent> Restocks { get; } = new();

    public BackorderQueue Queue { get; } = new();

    /// <summary>Those of the SKUs asked for that are registered.</summary>
    public HashSet<string> Items { get; } = [];

    /// <summary>
    /// Decides one command on everything decided before it, and then lets what became available serve the queue. An exception leaves the book unusable.
    /// </summary>
    public Refusal? Decide(IStockCommand command)
    {
        var refusal = command.Decide(this);
        Queue.Serve(this, command.At);
        return refusal;
    }

    public StockCounts CountsAt(string locationId, string sku) => Levels[InventoryLevel.Key(locationId, sku)]?.Counts ?? StockCounts.None;

    /// <summary>Changes a level; <paramref name="fact"/> makes the fact from the counts after the change.</summary>
    public void Change(string locationId, string sku, StockCounts changes, Func<StockCounts, IInventoryLevelEvent> fact, string? traceParent)
    {
        Levels.Append(InventoryLevel.Key(locationId, sku), fact(CountsAt(locationId, sku) + changes), traceParent);
        Queue.StockChanged(sku, changes.Available);
    }
}

/// <summary>Streams of one kind: where they stand, and what happened to them since they were read.</summary>
public sealed class Shelf<TState, TEvent> where TState : class, IFold<TState, TEvent>
{
    private readonly Dictionary<string, (TState? State, long Version)> streams = [];
    private readonly List<(string Key, TEvent Fact, string? TraceParent)> facts = [];

    /// <summary>In the order in which they happened.</summary>
    public IReadOnlyList<(string Key, TEvent Fact, string? TraceParent)> Facts => facts;

    public IEnumerable<string> Keys => streams.Keys;

    /// <summary>Null when there is no such stream yet.</summary>
    /// <exception cref="KeyNotFoundException">Nobody asked for it before: deciding on a state that was never read would be a guess.</exception>
    public TState? this[string key] => streams[key].State;

    /// <summary>The version once committed.</summary>
    public long Version(string key) => streams[key].Version;

    public void Load(string key, TState? state, long version) => streams[key] = (state, version);

    public void Append(string key, TEvent fact, string? traceParent)
    {
        var (state, version) = streams[key];
        streams[key] = (TState.After(state, fact), version + 1);
        facts.Add((key, fact, traceParent));
    }
}
