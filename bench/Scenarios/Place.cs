using System.Net;
using System.Text.Json.Nodes;
using Oms.Bench.Load;
using Oms.Bench.Measuring;
using RabbitMQ.Client;

namespace Oms.Bench.Scenarios;

/// <summary>Orders of two lines until they are accepted, beside what the database alone could do.</summary>
internal sealed class Place : IScenario
{
    private const int OrdersWatched = 64;
    private const string FloorDatabase = "benchfloor";
    private static readonly TimeSpan FloorWarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FloorMeasured = TimeSpan.FromSeconds(5);
    private static readonly IReadOnlyDictionary<string, string> ConsumersPaused = new Dictionary<string, string> { ["Oms__Consume"] = "false" };

    public string Name => "place";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        var shop = await run.Open(token);
        IReadOnlyList<int> clients = run.Options.Clients ?? [1, 8, 16];
        var floors = run.Ground.IsOwn ? await Floors(run, shop, clients, token) : [];
        if (run.Options.Consumers != Consumers.Paused)
        {
            foreach (var count in clients)
                await Measure(run, shop, count, floors.GetValueOrDefault(count), isPaused: false, token);
        }
        if (run.Options.Consumers == Consumers.Running)
            return;
        if (!run.Ground.IsOwn)
        {
            run.Report.Say("With --gateway the consumers are not paused: that takes a restart.");
            return;
        }
        await run.Ground.Restart(environment: ConsumersPaused, token: token);
        await DemandPaused(run.Ground.Broker!, token);
        shop = shop.At(run.Ground.Api);
        foreach (var count in clients)
            await Measure(run, shop, count, floors.GetValueOrDefault(count), isPaused: true, token);
    }

    private static async Task<Dictionary<int, (LoopResult Result, double Rows)>> Floors(
        BenchRun run, Shop shop, IReadOnlyList<int> clients, CancellationToken token)
    {
        run.Ground.Platform.Servers.CreateDatabase(FloorDatabase);
        var floor = await FloorCapture.Watch(run.Ground.Database("orderdb")!, run.Ground.Database(FloorDatabase)!, async () =>
        {
            for (var order = 0; order < OrdersWatched; order++)
                await run.Ground.Api.Status(HttpMethod.Post, "/v1/orders", shop.Next().Body, token);
        }, run.Clock, token);
        await new Backlog(run.Ground.Database("orderdb")!, run.Clock).Drain(run.Options.DrainMax, token);
        Dictionary<int, (LoopResult, double)> floors = [];
        foreach (var count in clients)
            floors[count] = (await floor.Run(count, FloorWarmUp, FloorMeasured, run.Ground.Processes, token), floor.RowsPerOrder);
        var found = floors.Select(it => $"× {it.Key} {it.Value.Item1.Throughput:0}/s");
        run.Report.Say($"Floor: {floor.RowsPerOrder:0.#} rows per order; {string.Join(", ", found)}");
        return floors;
    }

    public static async Task Measure(
        BenchRun run, Shop shop, int clients, (LoopResult Result, double Rows) floor, bool isPaused, CancellationToken token, string? name = null)
    {
        var (api, ground, options) = (run.Ground.Api, run.Ground, run.Options);
        run.Report.Say($"Placing with {clients} clients, consumers {(isPaused ? "paused" : "running")}: {run.Times} …");
        var loop = new ClosedLoop(clients, options.WarmUp, options.Measured, ground.Processes, run.Clock);
        var result = await loop.Run(async (_, stop) =>
        {
            var status = await api.Status(HttpMethod.Post, "/v1/orders", shop.Next().Body, stop);
            return status == HttpStatusCode.Created ? null : $"{(int)status}";
        }, token);
        var more = new JsonObject { ["consumers"] = isPaused ? "paused" : "running" };
        if (floor.Result is not null)
        {
            more["floorP99Ms"] = Rounded.Of(floor.Result.Latencies.Percentile(99));
            more["floorRowsPerOrder"] = Rounded.Of(floor.Rows);
            more["floorCpuMs"] = floor.Result.Cost.PerOperation(floor.Result.Operations);
        }
        var rss = ground.Processes.MemoryMb();
        if (ground.Database("orderdb") is { } database && !isPaused)
        {
            var backlog = new Backlog(database, run.Clock);
            more["backlog"] = await backlog.Count(token);
            var (took, left) = await backlog.Drain(options.DrainMax, token);
            (more["drainSeconds"], more["backlogLeft"]) = (Rounded.Of(took.TotalSeconds), left);
        }
        run.Report.Add(result.ToPoint(name ?? (isPaused ? "place (b) consumers paused" : "place (a)"), clients, rss) with
        {
            FloorThroughput = Rounded.Of(floor.Result?.Throughput),
            RatioToFloor = Rounded.Of(result.Throughput / floor.Result?.Throughput),
            More = more,
        }, result.FirstError);
    }

    private static async Task DemandPaused(Uri broker, CancellationToken token)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
        if (await channel.ConsumerCountAsync("order-fulfillment", token) > 0)
            throw new BenchException("The services consume although Oms__Consume is false: placing with paused consumers was not measured.");
    }
}
