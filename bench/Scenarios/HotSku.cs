using System.Net;
using System.Text.Json.Nodes;
using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>What everybody wants at once: reservations per second of one SKU, and whether it is ever sold twice.</summary>
internal sealed class HotSku : IScenario
{
    private const int Clients = 64;
    private const int Plenty = 1_000_000;
    private const int Pieces = 1_000;
    private const int BuyersDefault = 1_500;
    private static readonly TimeSpan AtRestMax = TimeSpan.FromMinutes(5);
    /// <summary>In the sequence in which an order goes through them: who has left one does not come back.</summary>
    private static readonly string[] Moving = ["on_hold", "payment_pending", "routing"];
    private static readonly string Where = Shop.Locations[0];

    public string Name => "hot-sku";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        var shop = await run.Open(token);
        if (run.Ground.Broker is { } broker)
            await Reserve(run, shop, broker, token);
        else
            run.Report.Say("With --gateway the broker is not known: (a) is left out.");
        await SellOut(run, shop, token);
    }

    private static async Task Reserve(BenchRun run, Shop shop, Uri broker, CancellationToken token)
    {
        var sku = $"HOT-A-{Guid.CreateVersion7():N}"[..20];
        await shop.Register(sku, token);
        await shop.Receive(Where, [(sku, Plenty)], token);
        await using var reservations = await Reservations.Open(broker, run.Clock, token);
        var clients = run.Options.Clients?[0] ?? Clients;
        run.Report.Say($"{clients} reservations of {sku} outstanding …");
        var loop = new ClosedLoop(clients, run.Options.WarmUp, run.Options.Measured, run.Ground.Processes, run.Clock);
        var result = await loop.Run((_, stop) => reservations.Reserve(sku, Where, stop), token);
        var rss = run.Ground.Processes.MemoryMb();
        var level = await LevelOf(run, sku, token);
        run.Report.Add(result.ToPoint("hot-sku (a) reservations", clients, rss) with
        {
            Oversold = Math.Max(0, -level.Available) + Math.Abs(level.Committed - reservations.Reserved),
            More = new()
            {
                ["reserved"] = reservations.Reserved,
                ["committed"] = level.Committed,
                ["errorQueueMessages"] = await run.Ground.Platform.Servers.CountErrorQueueMessages(token),
            },
        }, result.FirstError);
    }

    private static async Task SellOut(BenchRun run, Shop shop, CancellationToken token)
    {
        var (api, processes, buyers) = (run.Ground.Api, run.Ground.Processes, run.Options.Orders ?? BuyersDefault);
        var channel = $"hot-{Guid.CreateVersion7():N}"[..20];
        var sku = channel.ToUpperInvariant();
        await shop.Register(sku, token);
        await shop.Receive(Where, [(sku, Pieces)], token);
        await run.WaitFor($"{sku} in the shop", async () => (await LevelOf(run, sku, token)).Available == Pieces, token);
        run.Report.Say($"{Clients} clients, {buyers} buyers, {Pieces} pieces …");
        var (latencies, told, gate) = (new Latencies(), new Dictionary<HttpStatusCode, int>(), new Lock());
        var before = processes.Times();
        var begun = run.Clock.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(1, buyers), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = token },
            async (buyer, stop) =>
        {
            var sent = run.Clock.GetTimestamp();
            var status = await api.Status(HttpMethod.Post, "/v1/orders", Shop.OneOf(channel, sku, buyer).Body, stop);
            lock (gate)
            {
                latencies.Add(run.Clock.GetElapsedTime(sent));
                told[status] = told.GetValueOrDefault(status) + 1;
            }
        });
        var accepting = run.Clock.GetElapsedTime(begun);
        foreach (var status in Moving)
            await run.WaitFor($"{channel} without {status}", async () => await IsEmpty(api, $"/v1/orders?channel={channel}&status={status}&limit=1", token),
                token, AtRestMax);
        var atRest = run.Clock.GetElapsedTime(begun);
        var cost = Cost.Between(before, processes.Times());
        var orders = await OrdersOf(api, channel, token);
        var (level, sold) = (await LevelOf(run, sku, token),
            orders.Sum(order => order.Lines!.Sum(line => line.Quantities.Allocated + line.Quantities.Shipped)));
        var wrong = told.Where(it => it.Key != HttpStatusCode.Created).Sum(it => it.Value)
            + Math.Abs(buyers - orders.Count) + orders.Count(order => Moving.Contains(order.Status));
        run.Report.Add(new Point(
            "hot-sku (b) sold out", Clients, Rounded.Of(buyers / accepting.TotalSeconds), Rounded.Of(latencies.Percentile(50)),
                Rounded.Of(latencies.Percentile(95)),
            Rounded.Of(latencies.Percentile(99)), null, null, cost.PerOperation(buyers), cost.PerOperationOf(buyers), processes.MemoryMb(),
            Math.Max(Math.Max(0, sold - Pieces), Math.Max(-level.Available, level.Committed - Pieces)), wrong)
        {
            More = new()
            {
                ["pieces"] = Pieces,
                ["buyers"] = buyers,
                ["secondsUntilAtRest"] = Rounded.Of(atRest.TotalSeconds),
                ["sold"] = sold,
                ["committed"] = level.Committed,
                ["answers"] = Counted(told.Select(it => ($"{(int)it.Key}", it.Value))),
                ["statuses"] = Counted(orders.GroupBy(order => order.Status).Select(it => (it.Key, it.Count()))),
            },
        }, $"{string.Join(", ", told.Select(it => $"{it.Value} × {(int)it.Key}"))}; {orders.Count} orders");
    }

    private static JsonObject Counted(IEnumerable<(string Name, int Count)> counts) =>
        new(counts.Select(it => KeyValuePair.Create<string, JsonNode?>(it.Name, it.Count)));

    private static Task<Level> LevelOf(BenchRun run, string sku, CancellationToken token) =>
        run.Ground.Api.Get($"/v1/inventory/{sku}/levels/{Where}", Wire.Default.Level, token);

    private static async Task<bool> IsEmpty(Api api, string path, CancellationToken token) =>
        (await api.Get(path, Wire.Default.Orders, token)).Items.Count == 0;

    private static async Task<List<OrderView>> OrdersOf(Api api, string channel, CancellationToken token)
    {
        List<OrderView> orders = [];
        for (string? cursor = "", path = $"/v1/orders?channel={channel}&limit=100"; cursor is not null;)
        {
            var page = await api.Get(cursor.Length == 0 ? path : $"{path}&after={Uri.EscapeDataString(cursor)}", Wire.Default.Orders, token);
            orders.AddRange(page.Items);
            cursor = page.Next;
        }
        return orders;
    }
}
