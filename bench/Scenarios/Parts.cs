using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

internal static class Parts
{
    /// <summary>The platform, and a shop in it that sells.</summary>
    public static async Task<Shop> Open(this BenchRun run, CancellationToken token)
    {
        await run.Ground.Start(token: token);
        return await run.OpenShop(token);
    }

    public static async Task<Shop> OpenShop(this BenchRun run, CancellationToken token)
    {
        var (ground, options) = (run.Ground, run.Options);
        run.Report.Machine = await Machine.Describe(ground.Database("orderdb"), ground.Broker, token);
        run.Report.Settings =
            $"{options.Measured.TotalSeconds:0} s measured after {options.WarmUp.TotalSeconds:0} s, {options.Skus} SKUs × {Shop.Locations.Length} locations, warehouse {options.Warehouse}, tracking {string.Join(' ', options.Tracking)}";
        var shop = new Shop(ground.Api, options.Skus);
        var begun = run.Clock.GetTimestamp();
        await shop.SetUp(token);
        await shop.SellOne(run.Clock, token);
        run.Report.Say($"The shop is open after {run.Clock.GetElapsedTime(begun).TotalSeconds:0.0} s.");
        return shop;
    }

    public static Point ToPoint(this LoopResult result, string scenario, int clients, IReadOnlyDictionary<string, double> rss) => new(
        scenario, clients, Rounded.Of(result.Throughput), Rounded.Of(result.Latencies.Percentile(50)), Rounded.Of(result.Latencies.Percentile(95)),
        Rounded.Of(result.Latencies.Percentile(99)), null, null, result.Cost.PerOperation(result.Operations), result.Cost.PerOperationOf(result.Operations), rss, null, result.Errors);
}
