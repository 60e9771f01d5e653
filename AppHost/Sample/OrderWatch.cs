using Oms.Client;

namespace Oms.Sample;

/// <summary>
/// Looks when orders reach their ends: after their last parcel has arrived and the platform has had the time that it takes at present, and at
/// everything that is left when nothing seems to happen any more.
/// </summary>
internal sealed class OrderWatch(PatientClient oms, OrderBook book, CarrierFeed carriers, ReturnsDesk returns)
{
    public const int StuckSecondsMax = 60;
    private const int LooksAtOnce = 6;
    private const int SweepMax = 300;
    private const int FewLeft = 100;
    private const double Inertia = 0.95;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepAfter = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CountWaitingEvery = TimeSpan.FromSeconds(3);
    private readonly Lock gate = new();
    private readonly PriorityQueue<(OrderStory Story, TimeSpan Since), TimeSpan> looks = new();
    private readonly HashSet<OrderStory> queued = [];
    private readonly long begun = Clock.Mark();
    private TimeSpan usual = PauseMin;

    /// <summary>The order may have reached its end, or will in a moment.</summary>
    public void LookSoon(OrderStory story) => Look(story, Clock.Since(begun), usual * 0.9);

    /// <summary>Ends when every order is settled, or nothing has changed in any for <see cref="StuckSecondsMax"/>.</summary>
    public async Task Work(Task placing, CancellationToken token)
    {
        var (returning, swept) = (new List<Task>(), Clock.Mark());
        while (!(placing.IsCompleted && book.IsSettled) && !IsStuck(placing))
        {
            await Parallel.ForEachAsync(Due(), new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = token }, async (look, stop) =>
                await Look(look.Story, look.Since, returning, stop));
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
        await foreach (var backorder in oms.Api.ListAllBackordersAsync(limit: PatientClient.PageSize, cancellationToken: token).Required("The backorders", token))
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

    private void Look(OrderStory story, TimeSpan since, TimeSpan pause)
    {
        // At the end there is time to look often.
        var max = book.Stories.Count - book.Final < FewLeft ? PauseMin : PauseMax;
        lock (gate)
        {
            if (!story.IsSettled && queued.Add(story))
                looks.Enqueue((story, since), Clock.Since(begun) + (pause < PauseMin ? PauseMin : pause > max ? max : pause));
        }
    }

    private List<(OrderStory Story, TimeSpan Since)> Due()
    {
        lock (gate)
        {
            var due = new List<(OrderStory Story, TimeSpan Since)>();
            while (looks.TryPeek(out _, out var at) && at <= Clock.Since(begun))
                due.Add(looks.Dequeue());
            queued.ExceptWith(due.Select(look => look.Story));
            return due;
        }
    }

    private async Task Look(OrderStory story, TimeSpan since, List<Task> returning, CancellationToken token)
    {
        var view = await oms.Api.GetOrderAsync(story.Id, token).Required($"Order {story.Order.Number}");
        if (story.Saw(view))
            book.News();
        if (Ends.IsFinal(story, view))
        {
            book.Settled(story);
            lock (gate)
                usual = Inertia * usual + (1 - Inertia) * (Clock.Since(begun) - since);
        }
        else if (view.Status is OrderStatus.Completed or OrderStatus.PartiallyReturned or OrderStatus.Returned && story.TakeReturn())
            BeginReturn(story, returning, token);
        else
            Look(story, since, usual / 3);
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
            if (story.Latest!.Status is OrderStatus.Shipped or OrderStatus.PartiallyShipped)
            {
                var shipments = await oms.Api.ListShipmentsOfOrderAsync(story.Id, cancellationToken: token).Required("The shipments of an order");
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
        OrderStatus.Canceled => true,
        OrderStatus.Completed => !story.Fate.IsReturned,
        OrderStatus.PartiallyReturned or OrderStatus.Returned => !story.Fate.IsReturned || story.Refunded is { } refunded && view.Payment.Refunded >= refunded,
        _ => false,
    };
}
