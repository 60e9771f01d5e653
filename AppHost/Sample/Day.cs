using Spectre.Console;

namespace Oms.Sample;

/// <summary>A day of the sample merchant: opening, selling and fulfilling at the same time, closing, and the books.</summary>
internal sealed class Day : IDisposable
{
    public const int ReconciliationSecondsMax = 20;
    private const int DocksMax = 4;
    private const int ReturnDesksMax = 4;
    private const int WaitingSecondsMax = 30;
    private const double ReplenishedAfter = 0.6;
    private const int TimelinesAtOnce = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly PatientClient oms;
    private readonly SampleFile file;
    private readonly IAnsiConsole console;
    private readonly OrderBook book;
    private readonly StockPlan plan;
    private readonly Merchant merchant;
    private readonly CarrierFeed carriers;
    private readonly OrderWatch watch;
    private readonly Storefront storefront;
    private readonly Latencies placing = new();
    private readonly int reconciliationSecondsMax;
    private readonly SemaphoreSlim docks = new(DocksMax);
    private readonly SemaphoreSlim returnDesks = new(ReturnDesksMax);

    /// <param name="reconciliationSecondsMax">How long a difference may take to go away.</param>
    public Day(PatientClient oms, SampleFile file, PostalCodes postalCodes, IAnsiConsole console, int reconciliationSecondsMax = ReconciliationSecondsMax)
    {
        (this.oms, this.file, this.console, this.reconciliationSecondsMax) = (oms, file, console, reconciliationSecondsMax);
        book = new([.. file.Orders.Select(order => new OrderStory(order))]);
        plan = StockPlan.For(file.Orders, new(SampleLocation.All, postalCodes));
        merchant = new(oms, file, postalCodes, plan);
        carriers = new(oms, book);
        watch = new(oms, book, carriers, new(oms, book, returnDesks));
        carriers.Delivered = watch.LookSoon;
        storefront = new(oms, book, watch, placing);
    }

    public async Task<Outcome> Play(Func<CancellationToken, Task<int>> countErrorQueueMessages, CancellationToken token)
    {
        var begun = Clock.Mark();
        await merchant.SetUp(token);
        console.WriteLine(
            $"{SampleLocation.All.Length} locations, {plan.Opening.Sum(receipt => receipt.Quantity)} pieces on the shelves, {plan.ShortSkus.Count} SKUs short, " +
            $"after {Clock.Since(begun).TotalSeconds:0.0} s. Orders go one by one, up to {Storefront.InFlightMax} at once.");
        var (ledger, findings) = await SellAndCount(token);
        var report = Report.Of(book, ledger, findings, await countErrorQueueMessages(token));
        return new(report, findings.Differences, book, placing, oms.Retries);
    }

    public void Dispose()
    {
        docks.Dispose();
        returnDesks.Dispose();
    }

    private async Task<(Ledger? Ledger, Findings Findings)> SellAndCount(CancellationToken token)
    {
        try
        {
            await new Progress(console, book).While(SellAndFulfill(token));
            await LookBack(token);
            return await Reconcile(token);
        }
        catch (SampleException problem)
        {
            var findings = new Findings();
            findings.Expect("the day", "sample", "ends", problem.Message);
            return (null, findings);
        }
    }

    private async Task SellAndFulfill(CancellationToken token)
    {
        var closing = CancellationTokenSource.CreateLinkedTokenSource(token);
        var floor = new WarehouseFloor(oms, book, carriers, docks);
        var selling = Sell(closing.Token);
        var watching = watch.Work(selling, closing.Token);
        List<Task> others =
        [
            .. SampleLocation.All.Select(location => floor.Work(location.Id, closing.Token)),
            carriers.Work(closing.Token), watch.CountWaiting(closing.Token), selling,
        ];
        try
        {
            await EndOf(watching, others);
        }
        finally
        {
            await closing.CancelAsync();
            await Task.WhenAll([watching, .. others]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            closing.Dispose();
        }
    }

    /// <summary>The day ends when nothing is left to watch, or with the first failure of anybody.</summary>
    private static async Task EndOf(Task watching, List<Task> others)
    {
        List<Task> running = [watching, .. others];
        Task ended;
        do
        {
            ended = await Task.WhenAny(running);
            running.Remove(ended);
            await ended;
        }
        while (ended != watching);
    }

    private async Task Sell(CancellationToken token)
    {
        List<OrderStory> sequence = [.. book.Stories.OrderBy(story => story.Order.PlacedAt)];
        var (sent, due) = (0, (int)Math.Ceiling(sequence.Count * ReplenishedAfter));
        var replenishing = Task.CompletedTask;
        await storefront.Place(sequence, () =>
        {
            if (Interlocked.Increment(ref sent) == due)
                replenishing = Replenish(plan.WaitingAmong(sequence.Take(due).Select(story => story.Order)), token);
        }, token);
        await storefront.ReviewHolds(token);
        await replenishing;
    }

    // The platform routes what was placed a little later: the delivery comes when most of those wait for it that should.
    private async Task Replenish(int waiting, CancellationToken token)
    {
        if (!await merchant.IsReplenished(token))
        {
            for (var begun = Clock.Mark(); await watch.CountWaitingOnce(token) <= waiting / 2 && Clock.Since(begun).TotalSeconds < WaitingSecondsMax;)
                await Clock.Pause(Pause, token);
        }
        await merchant.Replenish(token);
    }

    /// <summary>Whether an order waited is in its timeline, even when it was for too short to be seen waiting.</summary>
    private async Task LookBack(CancellationToken token)
    {
        var candidates = book.Stories.Where(story =>
            story is { HasWaited: false, Latest: not null } && story.Order.Lines.Any(line => plan.ShortSkus.Contains(line.Sku)));
        await Parallel.ForEachAsync(candidates, new ParallelOptions { MaxDegreeOfParallelism = TimelinesAtOnce, CancellationToken = token }, async (story, stop) =>
        {
            var timeline = await oms.Api.GetOrderTimelineAsync(story.Id, stop).Required($"The timeline of {story.Order.Number}");
            story.HasWaited = timeline.Items.Any(item => item.Type == "order_backordered");
        });
    }

    // Services read each other's news a moment later: a difference is one only if it stays.
    private async Task<(Ledger Ledger, Findings Findings)> Reconcile(CancellationToken token)
    {
        console.WriteLine("Reconciling …");
        for (var begun = Clock.Mark(); ; await Clock.Pause(Pause, token))
        {
            var ledger = await Ledger.Read(oms, book, token);
            var findings = Reconciliation.Of(file, book, plan, ledger);
            if (!findings.MayPass || Clock.Since(begun).TotalSeconds > reconciliationSecondsMax)
                return (ledger, findings);
        }
    }
}
