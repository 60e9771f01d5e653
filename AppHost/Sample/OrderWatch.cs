namespace Oms.Sample;

/// <summary>
/// Looks when orders reach their ends: soon after their last parcel has arrived, again a little later each time, and everything that is left
/// when nothing seems to happen any more.
/// </summary>
internal sealed class OrderWatch(OmsClient oms, OrderBook book, CarrierFeed carriers, ReturnsDesk returns)
{
    public const int StuckSecondsMax = 60;
    private const int LooksAtOnce = 6;
    private const int SweepMax = 300;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepAfter = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CountWaitingEvery = TimeSpan.FromSeconds(3);
    private readonly Lock gate = new();
    private readonly PriorityQueue<(OrderStory Story, TimeSpan Pause), TimeSpan> looks = new();
    private readonly HashSet<OrderStory> queued = [];
    private readonly long begun = Clock.Mark();

    public void LookSoon(OrderStory story) => Look(story, FirstLook);

    /// <summary>Ends when every order is settled, or nothing has changed in any for <see cref="StuckSecondsMax"/>.</summary>
    public async Task Work(Task placing, CancellationToken token)
    {
        var (returning, swept) = (new List<Task>(), Clock.Mark());
        while (!(placing.IsCompleted && book.IsSettled) && !IsStuck(placing))
        {
            await Parallel.ForEachAsync(Due(), new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = token }, async (look, stop) =>
                await Look(look.Story, look.Pause, returning, stop));
            if (placing.IsCompleted && book.Silence > SweepAfter && Clock.Since(swept) > SweepAfter)
            {
                await Sweep(token);
                swept = Clock.Mark();
            }
            await Task.WhenAll(Ended(returning));
            await Clock.Pause(Beat, token);
        }
        await placing;
        await Task.WhenAll(Ended(returning));
    }

    private List<Task> Ended(List<Task> returning)
    {
        lock (gate)
            return returning.FindAll(task => task.IsCompleted);
    }

    /// <summary>Counts the orders that wait for stock, now and then.</summary>
    public async Task CountWaiting(CancellationToken token)
    {
        while (await Clock.PauseUnlessStopped(CountWaitingEvery, token))
            await CountWaitingOnce(token);
    }

    public async Task<int> CountWaitingOnce(CancellationToken token)
    {
        var waiting = new HashSet<OrderStory>();
        await foreach (var backorder in oms.List("/v1/inventory/backorders?limit=200", Wire.Default.Backorders, token))
        {
            if (book.Find(backorder.OrderId) is not { } story)
                continue;
            story.HasWaited = true;
            waiting.Add(story);
        }
        return book.Waiting = waiting.Count;
    }

    // While the platform cannot be reached, nothing is stuck: it is late.
    private bool IsStuck(Task placing)
    {
        if (oms.IsWaiting)
            book.News();
        return placing.IsCompleted && book.Silence.TotalSeconds > StuckSecondsMax;
    }

    private void Look(OrderStory story, TimeSpan pause)
    {
        lock (gate)
        {
            if (!story.IsSettled && queued.Add(story))
                looks.Enqueue((story, pause), Clock.Since(begun) + pause);
        }
    }

    private List<(OrderStory Story, TimeSpan Pause)> Due()
    {
        lock (gate)
        {
            var due = new List<(OrderStory Story, TimeSpan Pause)>();
            while (looks.TryPeek(out _, out var at) && at <= Clock.Since(begun))
                due.Add(looks.Dequeue());
            queued.ExceptWith(due.Select(look => look.Story));
            return due;
        }
    }

    private async Task Look(OrderStory story, TimeSpan pause, List<Task> returning, CancellationToken token)
    {
        var view = await oms.Get($"/v1/orders/{story.Id}", Wire.Default.OrderView, token).Required($"Order {story.Order.Number}");
        if (story.Saw(view))
            book.News();
        if (Ends.IsFinal(story, view))
            book.Settled(story);
        else if (view.Status is "completed" or "partially_returned" or "returned" && story.TakeReturn())
            BeginReturn(story, returning, token);
        else
            Look(story, TimeSpan.FromTicks(Math.Min(LookMax.Ticks, pause.Ticks * 2)));
    }

    private void BeginReturn(OrderStory story, List<Task> returning, CancellationToken token)
    {
        lock (gate)
            returning.Add(Return());

        async Task Return()
        {
            await returns.Take(story, token);
            LookSoon(story);
        }
    }

    // Whatever was missed: an order of an interrupted run, a parcel whose handing over nobody saw.
    private async Task Sweep(CancellationToken token)
    {
        foreach (var story in book.Stories.Where(story => !story.IsSettled && story.Latest is not null).Take(SweepMax))
        {
            if (story.Latest!.Status is "shipped" or "partially_shipped")
            {
                var shipments = await oms.Get($"/v1/orders/{story.Id}/shipments", Wire.Default.Shipments, token).Required("The shipments of an order");
                foreach (var shipment in shipments.Items)
                    carriers.HandOver(shipment);
            }
            LookSoon(story);
        }
    }
}

internal static class Ends
{
    /// <summary>
    /// Canceled, or completed; when something comes back, only after it is paid back. Returns beyond what this run plays are someone else's story.
    /// </summary>
    public static bool IsFinal(OrderStory story, OrderView view) => view.Status switch
    {
        "canceled" => true,
        "completed" => !story.Fate.IsReturned,
        "partially_returned" or "returned" => !story.Fate.IsReturned || story.Refunded is { } refunded && view.Payment.Refunded >= refunded,
        _ => false,
    };
}
