using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Oms.SystemTests.Faults;

/// <summary>
/// Orders on their way while a fault happens: placed one after the other, each paid, routed and reserved by the platform, then picked, packed, shipped and tracked
/// to the door, or canceled, by callers that repeat what got no answer.
/// </summary>
internal sealed class Load : IDisposable
{
    private readonly FaultPlatform platform;
    private readonly SemaphoreSlim open;
    private readonly List<LoadOrder> orders;
    private readonly List<(string Sku, int Quantity)> shippedBesides = [];
    private int steps;
    private int accepted;

    private Load(FaultPlatform platform, Shelves shelves, List<LoadOrder> orders, int openMax, HttpClient http)
    {
        (this.platform, Caller, Shelves, this.orders, open) = (platform, new(http), shelves, orders, new(openMax));
        Say($"seed {FaultSettings.Seed} (OMS_FAULTS_SEED), {orders.Count} orders: "
            + string.Join(", ", orders.GroupBy(order => order.Fate).Select(fate => $"{fate.Count()} {fate.Key}")));
    }

    public PatientCaller Caller { get; }

    public Shelves Shelves { get; }

    public IReadOnlyList<LoadOrder> Orders => orders;

    public int Accepted => accepted;

    /// <param name="openMax">How many orders are on their way at the same time; the next one is placed when one has arrived.</param>
    /// <param name="http">The way in; the platform's gateway if not given.</param>
    public static async Task<Load> Prepare(FaultPlatform platform, int? orders = null, int openMax = 12, HttpClient? http = null)
    {
        platform.Calm();
        var shelves = await platform.FilledShelves();
        var (random, name) = (new Random(FaultSettings.Seed), Merchant.Unique("f"));
        List<LoadOrder> placed =
            [.. Enumerable.Range(0, orders ?? FaultSettings.Orders).Select(index => LoadOrder.Random(random, $"{name}-{index}", [.. shelves.Pieces.Keys]))];
        return new(platform, shelves, placed, openMax, http ?? Merchant.Of(platform.Platform).Http);
    }

    /// <summary>Runs all orders to their ends while <paramref name="fault"/> happens.</summary>
    public async Task While(Func<Task> fault)
    {
        var started = Stopwatch.GetTimestamp();
        var ends = new List<Task> { Task.Run(fault) };
        foreach (var order in orders)
            ends.Add(await Begin(order));

        await Task.WhenAll(ends);
        Say($"{accepted} accepted and at their ends after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s; {Caller.Unanswered} calls were said again");
    }

    /// <summary>
    /// Brings order after order on its way, the given ones and more like them, until <paramref name="change"/> is done, and all of them to their ends: a few a
    /// second, because what changes needs the processor as well.
    /// </summary>
    public async Task Throughout(Func<Task> change)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var started = Stopwatch.GetTimestamp();
        var changing = Task.Run(change);
        var (random, ends) = (new Random(FaultSettings.Seed), new List<Task> { changing });
        for (var index = 0; index < orders.Count || !changing.IsCompleted; index++)
        {
            if (index == orders.Count)
                orders.Add(LoadOrder.Random(random, $"{orders[0].Number}-{index}", [.. Shelves.Pieces.Keys]));
            ends.Add(await Begin(orders[index]));
            await pace.WaitForNextTickAsync();
        }

        await Task.WhenAll(ends);
        Say($"{accepted} accepted and at their ends after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s; {Caller.Unanswered} calls were said again");
    }

    /// <summary>When so much of all that is to be said has been said: a moment that does not depend on the machine.</summary>
    public Task Reached(double part) => When(() => steps >= part * orders.Sum(StepsOf));

    public Task AllAccepted() => When(() => accepted == orders.Count);

    /// <summary>What the shelves must hold at the end.</summary>
    public int Left(string sku) => Shelves.Pieces[sku] - orders.Where(order => order.Fate == Fate.Delivered).SelectMany(order => order.Lines).Concat(shippedBesides)
        .Where(line => line.Sku == sku).Sum(line => line.Quantity);

    /// <summary>What the test itself has shipped of the load's items.</summary>
    public void Also(params (string Sku, int Quantity)[] shipped) => shippedBesides.AddRange(shipped);

    public static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>A fault that has not happened by now must not happen to somebody else.</summary>
    public void Dispose()
    {
        platform.Calm();
        Caller.Dispose();
        open.Dispose();
    }

    private static Task<object> When(Func<bool> moment) =>
        PatientCaller.Until("The load", () => Task.FromResult(((object?)(moment() ? "" : null), "not there yet")));

    private static int StepsOf(LoadOrder order) => order.Fate switch
    {
        Fate.Delivered => 6,
        Fate.Declined => 1,
        _ => 2,
    };

    /// <summary>When there is room for it, and it is accepted.</summary>
    /// <returns>Its way to the end.</returns>
    private async Task<Task> Begin(LoadOrder order)
    {
        await open.WaitAsync();
        await Place(order);
        return ToTheEnd(order);
    }

    private async Task Place(LoadOrder order)
    {
        var placed = await Step("/v1/orders", order.Body, order.Number);
        order.Id = placed["id"]!.GetValue<Guid>();
        Interlocked.Increment(ref accepted);
    }

    private async Task ToTheEnd(LoadOrder order)
    {
        try
        {
            if (order.Fate is Fate.CanceledAtOnce)
                await Step($"/v1/orders/{order.Id}/cancellation", new { reason = "changed my mind" }, $"{order.Number}-cancel");
            if (order.Fate is Fate.Delivered or Fate.CanceledInFulfillment)
            {
                var fulfillmentOrder = await FulfillmentOrder(order);
                if (order.Fate is Fate.Delivered)
                    await Deliver(order, fulfillmentOrder);
                else
                    await Step($"/v1/orders/{order.Id}/cancellation", new { reason = "changed my mind" }, $"{order.Number}-cancel");
            }

            await Caller.Look($"/v1/orders/{order.Id}", it => it["status"]!.GetValue<string>() == order.FinalStatus);
        }
        finally
        {
            open.Release();
        }
    }

    private async Task<Guid> FulfillmentOrder(LoadOrder order)
    {
        var page = await Caller.Look($"/v1/orders/{order.Id}/fulfillment-orders", it => it["items"]!.AsArray().Count > 0);
        return page["items"]![0]!["id"]!.GetValue<Guid>();
    }

    /// <summary>The carrier says everything twice, and the end first.</summary>
    private async Task Deliver(LoadOrder order, Guid fulfillmentOrder)
    {
        foreach (var verb in (string[])["accept", "pick", "pack"])
            await Step($"/v1/fulfillment-orders/{fulfillmentOrder}/{verb}", new { }, $"{order.Number}-{verb}");
        var parcel = await Step($"/v1/fulfillment-orders/{fulfillmentOrder}/ship", new { }, $"{order.Number}-ship");
        var codes = (string[])["PU", "IT", "OD", "DV"];
        await Step("/v1/tracking-events", Tracking(parcel, [.. codes.Reverse(), .. codes], codes), $"{order.Number}-track");
        await Caller.Say("/v1/tracking-events", Tracking(parcel, codes, codes), $"{order.Number}-track-again");
    }

    private static object Tracking(JsonNode parcel, string[] said, string[] happened)
    {
        var (carrier, number) = (parcel["carrier"]!.GetValue<string>(), parcel["trackingNumber"]!.GetValue<string>());
        var picked = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
        return new
        {
            events = said.Select(code => new
            {
                carrier,
                trackingNumber = number,
                eventId = $"{number}-{code}",
                code,
                occurredAt = picked.AddHours(Array.IndexOf(happened, code)),
            }).ToArray(),
        };
    }

    private async Task<JsonNode> Step(string path, object body, string key)
    {
        var answer = await Caller.Say(path, body, key);
        Interlocked.Increment(ref steps);
        return answer;
    }
}
