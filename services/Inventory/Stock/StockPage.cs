using JasperFx.Events;
using Marten;
using Marten.Events;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Stock;

/// <summary>
/// Fills a <see cref="StockBook"/> with all that a page of commands needs, in a few round trips however many they are, and puts the facts back into the session.
/// The versions read are the versions expected, so somebody else's write in between costs a repetition and never a piece.
/// </summary>
public sealed class StockPage
{
    private readonly Dictionary<string, IEventStream<InventoryLevel>> levels = [];
    private readonly Dictionary<string, IEventStream<Reservation>> reservations = [];
    private readonly Dictionary<string, IEventStream<Backorder>> backorders = [];
    private readonly Dictionary<string, IEventStream<ReturnRestock>> restocks = [];

    private StockPage()
    {
    }

    public StockBook Book { get; } = new();

    public static async Task<StockPage> Read(IDocumentSession session, IReadOnlyList<IStockCommand> commands, CancellationToken token)
    {
        var (page, needs) = (new StockPage(), new StockNeeds());
        foreach (var command in commands)
            command.AskForStories(needs);
        await page.ReadStories(session, needs, token);

        foreach (var command in commands)
            command.AskForStock(needs, page.Book);
        await BackorderQueues.Lock(session, needs.Queues.Keys, token);
        await page.ReadStock(session, needs, token);
        await page.ReadQueues(session, needs, token);
        return page;
    }

    /// <summary>Appends every fact under the trace of its own story; the caller commits.</summary>
    public void AppendTo(IDocumentSession session)
    {
        Append(session, levels, Book.Levels);
        Append(session, reservations, Book.Reservations);
        Append(session, backorders, Book.Backorders);
        Append(session, restocks, Book.Restocks);
    }

    private async Task ReadStories(IDocumentSession session, StockNeeds needs, CancellationToken token)
    {
        if (needs.Reservations.Count + needs.Backorders.Count + needs.Restocks.Count == 0)
            return;
        var batch = session.CreateBatchQuery();
        var read = new List<Func<Task>>
        {
            Fetch(needs.Reservations, key => batch.Events.FetchForWriting<Reservation>(key), reservations, Book.Reservations),
            Fetch(needs.Backorders, key => batch.Events.FetchForWriting<Backorder>(key), backorders, Book.Backorders),
            Fetch(needs.Restocks, key => batch.Events.FetchForWriting<ReturnRestock>(key), restocks, Book.Restocks),
        };
        await batch.Execute(token);
        foreach (var finish in read)
            await finish();
    }

    private async Task ReadStock(IDocumentSession session, StockNeeds needs, CancellationToken token)
    {
        if (needs.Levels.Count + needs.Items.Count == 0)
            return;
        // Levels are locked as they are read: whoever wants the same hot SKU waits for a commit, instead of deciding in vain and losing the race.
        await session.BeginTransactionAsync(token);
        var batch = session.CreateBatchQuery();
        var finish = Fetch(needs.Levels, key => batch.Events.FetchForExclusiveWriting<InventoryLevel>(key), levels, Book.Levels);
        var items = batch.LoadMany<Item>().ById([.. needs.Items.Select(Item.Key)]);
        await batch.Execute(token);
        await finish();
        Book.Items.UnionWith((await items).Select(item => item.Sku));
    }

    private async Task ReadQueues(IDocumentSession session, StockNeeds needs, CancellationToken token)
    {
        if (needs.Queues.Count == 0)
            return;
        var available = await BackorderQueues.Available(session, needs.Queues.Keys, token);
        var waiting = (await BackorderQueues.Oldest(session, needs.Queues.Select(it => (it.Key, available.GetValueOrDefault(it.Key) + it.Value)), token))
            .ToLookup(line => line.Sku);
        foreach (var sku in needs.Queues.Keys)
            Book.Queue.Load(sku, available.GetValueOrDefault(sku), waiting[sku]);

        var keys = waiting.SelectMany(it => it).Select(line => Backorder.Key(line.BackorderId)).Where(key => !backorders.ContainsKey(key)).ToHashSet();
        if (keys.Count == 0)
            return;
        var batch = session.CreateBatchQuery();
        var finish = Fetch(keys, key => batch.Events.FetchForWriting<Backorder>(key), backorders, Book.Backorders);
        await batch.Execute(token);
        await finish();
    }

    // In the order of their keys: two processes that lock several streams cannot wait for each other in a circle.
    private static Func<Task> Fetch<TState, TEvent>(
        IEnumerable<string> keys, Func<string, Task<IEventStream<TState>>> fetch, Dictionary<string, IEventStream<TState>> streams, Shelf<TState, TEvent> shelf)
        where TState : class, IFold<TState, TEvent>
    {
        var fetching = keys.Order(StringComparer.Ordinal).Select(key => (Key: key, Stream: fetch(key))).ToList();
        return async () =>
        {
            foreach (var (key, task) in fetching)
            {
                var stream = streams[key] = await task;
                shelf.Load(key, stream.Aggregate, stream.CurrentVersion ?? 0);
            }
        };
    }

    private static void Append<TState, TEvent>(IDocumentSession session, Dictionary<string, IEventStream<TState>> streams, Shelf<TState, TEvent> shelf)
        where TState : class, IFold<TState, TEvent>
    {
        foreach (var (key, fact, traceParent) in shelf.Facts)
            streams[key].AppendOne(session.Fact(fact!, traceParent));
    }
}
