using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Tests;

/// <summary>Streams in memory, read and written by pages exactly as the store does: only what a page asked for, and of a queue no more than its head.</summary>
public sealed class MemoryStock
{
    private readonly Dictionary<string, List<IInventoryLevelEvent>> levels = [];
    private readonly Dictionary<string, List<IReservationEvent>> reservations = [];
    private readonly Dictionary<string, List<IBackorderEvent>> backorders = [];
    private readonly Dictionary<string, List<IReturnRestockEvent>> restocks = [];
    private readonly HashSet<string> items;

    public MemoryStock(params string[] items) => this.items = [.. items];

    public static DateTimeOffset Noon { get; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public IEnumerable<InventoryLevel> Levels => levels.Values.Select(facts => Fold.All<InventoryLevel, IInventoryLevelEvent>(facts)!);

    public IEnumerable<Reservation> Reservations => reservations.Values.Select(facts => Fold.All<Reservation, IReservationEvent>(facts)!);

    public IEnumerable<Backorder> Backorders => backorders.Values.Select(facts => Fold.All<Backorder, IBackorderEvent>(facts)!);

    public IEnumerable<IInventoryLevelEvent> Movements => levels.Values.SelectMany(facts => facts);

    /// <summary>Everything that ever happened, stream by stream.</summary>
    public IReadOnlyDictionary<string, object[]> Streams => All(levels).Concat(All(reservations)).Concat(All(backorders)).Concat(All(restocks))
        .ToDictionary(it => it.Key, it => it.Value);

    /// <summary>The queue of all SKUs, oldest first.</summary>
    public IEnumerable<WaitingLine> Waiting => backorders.Values
        .Select(facts => (Facts: facts, State: Fold.All<Backorder, IBackorderEvent>(facts)!)).Where(it => it.Facts[0] is BackorderQueued)
        .SelectMany(it => WaitingLine.Of((BackorderQueued)it.Facts[0]).Where(line => it.State.Waiting.Contains(line.Line)))
        .Order(WaitingLine.Oldest);

    public InventoryLevel? Level(string sku, string location = "nyc") => Fold.All<InventoryLevel, IInventoryLevelEvent>(Of(levels, InventoryLevel.Key(location, sku)));

    public IReadOnlyList<IReservationEvent> Reservation(Guid id) => Of(reservations, Domain.Reservation.Key(id));

    public IReadOnlyList<IBackorderEvent> Backorder(Guid id) => Of(backorders, Domain.Backorder.Key(id));

    /// <summary>One command in a commit of its own; what followed.</summary>
    public IReadOnlyList<object> Decide(IStockCommand command)
    {
        var book = Page([command], out var refusals);
        refusals.ShouldBe([null]);
        return Facts(book);
    }

    public Refusal Refused(IStockCommand command)
    {
        var book = Page([command], out var refusals);
        Facts(book).ShouldBeEmpty();
        return refusals.ShouldHaveSingleItem().ShouldNotBeNull();
    }

    /// <summary>Several commands in one commit, or nothing of them when one throws.</summary>
    public StockBook Page(IReadOnlyList<IStockCommand> commands, out List<Refusal?> refusals)
    {
        var (book, needs) = (new StockBook(), new StockNeeds());
        foreach (var command in commands)
            command.AskForStories(needs);
        Load(needs.Reservations, reservations, book.Reservations);
        Load(needs.Backorders, backorders, book.Backorders);
        Load(needs.Restocks, restocks, book.Restocks);

        foreach (var command in commands)
            command.AskForStock(needs, book);
        Load(needs.Levels, levels, book.Levels);
        book.Items.UnionWith(needs.Items.Select(key => key).Where(items.Contains));
        foreach (var (sku, mayBecomeAvailable) in needs.Queues)
        {
            var available = Levels.Where(level => level.Sku == sku).Sum(level => (long)level.Counts.Available);
            var oldest = Waiting.Where(line => line.Sku == sku).Take((int)(available + mayBecomeAvailable)).ToList();
            book.Queue.Load(sku, available, oldest);
            Load(oldest.Select(line => Domain.Backorder.Key(line.BackorderId)).Except(book.Backorders.Keys).ToList(), backorders, book.Backorders);
        }

        refusals = [.. commands.Select(book.Decide)];
        Save(levels, book.Levels);
        Save(reservations, book.Reservations);
        Save(backorders, book.Backorders);
        Save(restocks, book.Restocks);
        return book;
    }

    public static IReadOnlyList<object> Facts(StockBook book) =>
        [.. book.Levels.Facts.Select(it => (object)it.Fact), .. book.Reservations.Facts.Select(it => it.Fact), .. book.Backorders.Facts.Select(it => it.Fact),
            .. book.Restocks.Facts.Select(it => it.Fact)];

    private static IEnumerable<KeyValuePair<string, object[]>> All<TEvent>(Dictionary<string, List<TEvent>> streams) where TEvent : class =>
        streams.Select(it => KeyValuePair.Create(it.Key, it.Value.ToArray<object>()));

    private static List<TEvent> Of<TEvent>(Dictionary<string, List<TEvent>> streams, string key) => streams.GetValueOrDefault(key) ?? [];

    private static void Load<TState, TEvent>(IEnumerable<string> keys, Dictionary<string, List<TEvent>> streams, Shelf<TState, TEvent> shelf)
        where TState : class, IFold<TState, TEvent>
    {
        foreach (var key in keys)
            shelf.Load(key, Fold.All<TState, TEvent>(Of(streams, key)), Of(streams, key).Count);
    }

    private static void Save<TState, TEvent>(Dictionary<string, List<TEvent>> streams, Shelf<TState, TEvent> shelf) where TState : class, IFold<TState, TEvent>
    {
        foreach (var (key, fact, _) in shelf.Facts)
        {
            if (!streams.TryGetValue(key, out var facts))
                streams[key] = facts = [];
            facts.Add(fact);
        }
    }
}
