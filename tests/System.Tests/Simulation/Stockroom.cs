using Oms.Contracts.Shipping.V1;
using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using Oms.Inventory.Integration;
using Oms.Kernel;
using V1 = Oms.Contracts.Inventory.V1;

namespace Oms.SystemTests.Simulation;

/// <summary>The Inventory service: its pages over streams in memory, and the queue beside the backorders' streams.</summary>
internal sealed class Stockroom : Service
{
    private readonly HashSet<string> items = [];
    private readonly Dictionary<string, SortedSet<WaitingLine>> waiting = [];

    public Stockroom(World world) : base(world, "inventory", InventoryPublishedLanguage.Translate) => world.Network.Add(
        new Queue("inventory-stock", 8, it => Read(it) is not null, page => Together([.. page.Select(it => Read(it)!)])));

    public Streams<string, InventoryLevel, IInventoryLevelEvent> Levels { get; } = new();

    public Streams<string, Reservation, IReservationEvent> Reservations { get; } = new();

    public Streams<string, Backorder, IBackorderEvent> Backorders { get; } = new();

    public Streams<string, ReturnRestock, IReturnRestockEvent> Restocks { get; } = new();

    public IReadOnlyDictionary<string, SortedSet<WaitingLine>> Waiting => waiting;

    public void Register(string sku) => items.Add(sku);

    public int Available(string location, string sku) => Levels[InventoryLevel.Key(location, sku)]?.Counts.Available ?? 0;

    /// <returns>Whether it was recorded.</returns>
    public bool Record(IMovementDocument document) => Decide([document]) is null;

    private IStockCommand? Read(object message) => message switch
    {
        V1.ReserveStock m => StockConsumer.Read(m, Now, null),
        V1.ReleaseStock m => StockConsumer.Read(m, Now, null),
        ShipmentDispatched m => StockConsumer.Read(m, Now, null),
        V1.RestockReturn m => StockConsumer.Read(m, Now, null),
        V1.QueueBackorder m => StockConsumer.Read(m, Now, null),
        V1.CancelBackorder m => StockConsumer.Read(m, Now, null),
        _ => null,
    };

    private void Together(IReadOnlyList<IStockCommand> page)
    {
        if (Decide(page) is { } refusal)
            throw new InvalidOperationException($"A machine was refused like a person: {refusal.Detail}");
    }

    // As StockPage has it: stories first, then the stock they are about, then the heads of the queues that may be served.
    private Refusal? Decide(IReadOnlyList<IStockCommand> page)
    {
        var (book, needs) = (new StockBook(), new StockNeeds());
        foreach (var command in page)
            command.AskForStories(needs);
        Fill(book.Reservations, Reservations, needs.Reservations);
        Fill(book.Backorders, Backorders, needs.Backorders);
        Fill(book.Restocks, Restocks, needs.Restocks);

        foreach (var command in page)
            command.AskForStock(needs, book);
        Fill(book.Levels, Levels, needs.Levels);
        book.Items.UnionWith(needs.Items.Where(items.Contains));
        FillQueues(book, needs);

        Refusal? refusal = null;
        foreach (var command in page)
            refusal = book.Decide(command) ?? refusal;
        if (refusal is null)
            Append(book);
        return refusal;
    }

    private void FillQueues(StockBook book, StockNeeds needs)
    {
        foreach (var (sku, mayBecomeAvailable) in needs.Queues)
        {
            var available = Levels.All.Where(level => level.Sku == sku).Sum(level => (long)level.Counts.Available);
            WaitingLine[] oldest = waiting.TryGetValue(sku, out var lines) ? [.. lines.Take((int)(available + mayBecomeAvailable))] : [];
            book.Queue.Load(sku, available, oldest);
            var known = book.Backorders.Keys.ToHashSet();
            Fill(book.Backorders, Backorders, oldest.Select(line => Backorder.Key(line.BackorderId)).Where(known.Add).ToList());
        }
    }

    private void Append(StockBook book)
    {
        foreach (var (key, fact, _) in book.Levels.Facts)
            Tell(Levels, key, fact);
        foreach (var (key, fact, _) in book.Reservations.Facts)
            Tell(Reservations, key, fact);
        foreach (var (key, fact, _) in book.Backorders.Facts)
        {
            Tell(Backorders, key, fact);
            Queue(fact);
        }
        foreach (var (key, fact, _) in book.Restocks.Facts)
            Tell(Restocks, key, fact);
        Commit();
    }

    // As WaitingLineProjection has it.
    private void Queue(IBackorderEvent happened)
    {
        if (happened is BackorderQueued queued)
            foreach (var line in WaitingLine.Of(queued))
            {
                if (!waiting.TryGetValue(line.Sku, out var lines))
                    waiting[line.Sku] = lines = new(WaitingLine.Oldest);
                lines.Add(line);
            }
        foreach (var gone in happened switch { BackorderLinesReady e => e.Lines, BackorderCanceled e => e.Lines, _ => [] })
            waiting[gone.Sku].RemoveWhere(line => line.BackorderId == happened.BackorderId && line.Line == gone.Line);
    }

    private static void Fill<TState, TEvent>(Shelf<TState, TEvent> shelf, Streams<string, TState, TEvent> streams, IEnumerable<string> keys)
        where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        foreach (var key in keys)
            shelf.Load(key, streams[key], streams.Version(key));
    }
}
