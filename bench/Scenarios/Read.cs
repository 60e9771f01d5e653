using System.Net;
using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>What callers read all day, while the store grows.</summary>
internal sealed class Read : IScenario
{
    private const int ClientsDefault = 8;
    private const double BytesPerGigabyte = 1024d * 1024 * 1024;

    public string Name => "read";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        Parts.Demand(run.Ground.IsOwn, "read fills a store of its own: it does not go with --gateway.");
        var shop = await run.Open(token);
        var samples = await run.Samples(shop, token);
        var loader = new OrderStoreLoader(run.Ground, run.Clock);
        var (stored, first) = (0, new Dictionary<string, Point>());
        foreach (var size in run.Options.Sizes.Order())
        {
            var took = await loader.Load(samples, size - stored, token);
            var bytes = await loader.DatabaseBytes(token);
            run.Report.Say($"{size:#,0} orders, {loader.EventsLoaded:#,0} events, {bytes / BytesPerGigabyte:0.0} GB: "
                + $"{size - stored:#,0} orders loaded in {took.TotalSeconds:0.0} s, {(size - stored) / took.TotalSeconds:#,0}/s");
            var perSecond = Rounded.Of((size - stored) / took.TotalSeconds);
            if (stored == 0)
                await WarmUp(run, loader.Loaded, token);
            stored = size;
            foreach (var (query, path) in Queries(loader.Loaded))
            {
                var point = await Measure(run, query, path, token);
                point = point with { Scenario = $"read {query} of {size:#,0}" };
                (point.More["query"], point.More["orders"], point.More["gigabytes"]) = (query, size, Rounded.Of(bytes / BytesPerGigabyte));
                (point.More["loadedPerSecond"], point.More["events"]) = (perSecond, loader.EventsLoaded);
                first.TryAdd(query, point);
                (point.More["p50Ratio"], point.More["p99Ratio"]) = (Rounded.Of(point.P50Ms / first[query].P50Ms), Rounded.Of(point.P99Ms / first[query].P99Ms));
                run.Report.Add(point);
            }
        }
    }

    // Otherwise the smallest store would be the slowest, because it comes first.
    private static async Task WarmUp(BenchRun run, Loaded loaded, CancellationToken token)
    {
        run.Report.Say($"Every query for {run.Options.WarmUp.TotalSeconds:0} s, not measured …");
        foreach (var (_, path) in Queries(loaded))
            await new ClosedLoop(run.Options.Clients?[0] ?? ClientsDefault, run.Options.WarmUp, TimeSpan.Zero, run.Ground.Processes, run.Clock)
                .Run(async (_, stop) => Unexpected(await run.Ground.Api.Get(path(), stop)), token);
    }

    private static (string Query, Func<string> Path)[] Queries(Loaded loaded) =>
    [
        ("order", () => $"/v1/orders/{Any(loaded.Orders)}"),
        ("latest 50", () => "/v1/orders?limit=50"),
        ("filtered list", () => "/v1/orders?channel=marketplace&status=completed&limit=50"),
        ("customer", () => $"/v1/customers/{Any(loaded.Customers)}"),
        ("level", () => $"/v1/inventory/{Any(loaded.Skus)}/levels/{Any(Shop.Locations)}"),
        ("timeline", () => $"/v1/orders/{Any(loaded.Orders)}/timeline"),
    ];

    public static async Task<Point> Measure(BenchRun run, string query, Func<string> path, CancellationToken token)
    {
        var clients = run.Options.Clients?[0] ?? ClientsDefault;
        // Six queries at three sizes: half of the time for each is enough for reads.
        var loop = new ClosedLoop(clients, run.Options.WarmUp / 2, run.Options.Measured / 2, run.Ground.Processes, run.Clock);
        var result = await loop.Run(async (_, stop) => Unexpected(await run.Ground.Api.Get(path(), stop)), token);
        Parts.Demand(result.Errors == 0, $"Reading {query} failed {result.Errors} times: {result.FirstError}");
        return result.ToPoint($"read {query}", clients, run.Ground.Processes.MemoryMb()) with { More = [] };
    }

    public static string? Unexpected(HttpStatusCode status) => status == HttpStatusCode.OK ? null : $"{(int)status}";

    public static T Any<T>(IReadOnlyList<T> those) => those[Random.Shared.Next(those.Count)];
}
