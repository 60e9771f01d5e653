using System.Text.Json.Nodes;
using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>Orders from placed to completed, through the public API and the broker, so many in flight at any time.</summary>
internal sealed class Lifecycle : IScenario
{
    private const int TimelinesMax = 100;

    /// <summary>Between which facts of an order's timeline a stage lies.</summary>
    private static readonly (string Stage, string From, string To)[] Stages =
    [
        ("paid", "order_placed", "payment_authorized"), ("routed", "payment_authorized", "order_routed"), ("reserved", "order_routed", "stock_reserved"),
        ("shipped", "stock_reserved", "order_shipped"), ("captured", "order_shipped", "payment_captured"), ("delivered", "order_shipped", "order_delivered"),
    ];

    public string Name => "lifecycle";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        var shop = await run.Open(token);
        foreach (var inFlight in run.Options.Clients ?? [16, 8, 1])
            await Measure(run, shop, inFlight, "lifecycle", token);
    }

    public static async Task Measure(BenchRun run, Shop shop, int inFlight, string name, CancellationToken token)
    {
        var (api, ground, options) = (run.Ground.Api, run.Ground, run.Options);
        run.Report.Say($"{inFlight} orders in flight, warehouse {options.Warehouse}: {run.Times} …");
        await using INews news = ground.Broker is { } broker ? await PartnerFeed.Open(broker, token) : new PollingFeed(api, run.Clock);
        var floor = new WarehouseFloor(api, news, options, run.Clock);
        var loop = new ClosedLoop(inFlight, options.WarmUp, options.Measured, ground.Processes, run.Clock);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(token);
        var working = floor.Work(closing.Token);
        var running = loop.Run((_, stop) => floor.See(shop.Next(), stop), closing.Token);
        if (await Task.WhenAny(working, running) == working)
        {
            await closing.CancelAsync();
            await working;
        }
        var result = await running;
        await closing.CancelAsync();
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var rss = ground.Processes.MemoryMb();
        run.Report.Add(result.ToPoint(name, inFlight, rss) with
        {
            More = new()
            {
                ["warehouse"] = options.Warehouse.ToString().ToLowerInvariant(),
                ["stages"] = await StagesOf(api, [.. floor.Done.Where(flight => flight.Begun >= options.WarmUp)], token),
            },
        }, result.FirstError);
    }

    private static async Task<JsonObject> StagesOf(Api api, Flight[] done, CancellationToken token)
    {
        var sample = done.Where((_, index) => index % Math.Max(1, done.Length / TimelinesMax) == 0).Take(TimelinesMax);
        var latencies = Stages.ToDictionary(it => it.Stage, _ => new Latencies());
        foreach (var flight in sample)
        {
            var timeline = await api.Get($"/v1/orders/{flight.OrderId}/timeline", Wire.Default.TimelineView, token);
            var at = timeline.Items.GroupBy(item => item.Type).ToDictionary(it => it.Key, it => it.First().RecordedAt);
            foreach (var (stage, from, to) in Stages)
            {
                if (at.TryGetValue(from, out var begun) && at.TryGetValue(to, out var ended))
                    latencies[stage].Add(ended - begun);
            }
        }
        var seen = new[]
        {
            ("toFulfillmentOrder", From(done, it => it.Known - it.Begun)), ("toShipped", From(done, it => it.Shipped - it.Known)),
            ("toToldDelivered", From(done, it => it.Told - it.Shipped)), ("toCompleted", From(done, it => it.Ended - it.Told)),
        };
        return new(latencies.Select(it => (it.Key, it.Value)).Concat(seen).Select(it => KeyValuePair.Create<string, JsonNode?>(it.Item1, Of(it.Item2))));
    }

    private static Latencies From(IEnumerable<Flight> flights, Func<Flight, TimeSpan> stage)
    {
        var latencies = new Latencies();
        foreach (var flight in flights)
            latencies.Add(stage(flight));
        return latencies;
    }

    private static JsonObject Of(Latencies latencies) =>
        new() { ["p50Ms"] = Rounded.Of(latencies.Percentile(50)), ["p99Ms"] = Rounded.Of(latencies.Percentile(99)) };
}
