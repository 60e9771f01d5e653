using System.Collections.Concurrent;
using Oms.Client;

namespace Oms.Sample;

/// <summary>All orders of the file, shared by everybody who plays a part.</summary>
internal sealed class OrderBook(IReadOnlyList<OrderStory> stories)
{
    private readonly ConcurrentDictionary<Guid, OrderStory> byId = new();
    private readonly ConcurrentQueue<string> notes = new();
    private readonly Dictionary<string, OrderStory> byNumber = stories.ToDictionary(story => story.Order.Number, StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long lastNews = Clock.Mark();
    private long firstSent;
    private long lastFinal;

    public IReadOnlyList<OrderStory> Stories => stories;

    public IReadOnlyCollection<string> Notes => notes;

    /// <summary>Orders that wait for stock, as of the last look.</summary>
    public int Waiting { get; set; }

    public int Placed => byId.Count;

    public int Shipped => stories.Count(story => story.IsShipped);

    public int Delivered => stories.Count(story => story.IsDelivered);

    public int Final => stories.Count(story => story.IsFinal);

    public int Duplicates => stories.Count(story => story.IsDuplicate);

    public bool IsSettled => stories.All(story => story.IsSettled);

    /// <summary>How long nothing has changed in any order.</summary>
    public TimeSpan Silence => Clock.Since(Interlocked.Read(ref lastNews));

    /// <summary>From the first order sent to the last one that became final.</summary>
    public TimeSpan Duration => TimeProvider.System.GetElapsedTime(firstSent, lastFinal == 0 ? firstSent : lastFinal);

    public OrderStory? Find(Guid orderId) => byId.GetValueOrDefault(orderId);

    public OrderStory? Find(string number) => byNumber.GetValueOrDefault(number);

    public void Sending()
    {
        lock (gate)
            firstSent = firstSent == 0 ? Clock.Mark() : firstSent;
    }

    public void PlacedAs(OrderStory story, OrderView view)
    {
        story.Saw(view);
        byId[view.Id] = story;
        News();
    }

    public void Settled(OrderStory story)
    {
        story.IsFinal = true;
        lock (gate)
            lastFinal = Clock.Mark();
        News();
    }

    public void News() => Interlocked.Exchange(ref lastNews, Clock.Mark());

    /// <summary>Something that the one who reads the report should know.</summary>
    public void Note(string text) => notes.Enqueue(text);
}
