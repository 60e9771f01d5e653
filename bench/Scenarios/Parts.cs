using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

internal static class Parts
{
    private const int CompletedSamples = 12;
    private const int OtherSamples = 3;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
            $"{run.Times}; {options.Skus} SKUs at {Shop.Locations.Length} locations; warehouse {options.Warehouse}; {string.Join(' ', options.Tracking)}";
        var shop = new Shop(ground.Api, options.Skus);
        var begun = run.Clock.GetTimestamp();
        await shop.SetUp(token);
        await shop.SellOne(run.Clock, token);
        run.Report.Say($"The shop is open after {run.Clock.GetElapsedTime(begun).TotalSeconds:0.0} s.");
        return shop;
    }

    /// <summary>Real orders of several kinds, all the way to where they stay.</summary>
    public static async Task<Templates> Samples(this BenchRun run, Shop shop, CancellationToken token)
    {
        var (ground, api) = (run.Ground, run.Ground.Api);
        await using var news = await PartnerFeed.Open(ground.Broker!, token);
        var floor = new WarehouseFloor(api, news, run.Options, run.Clock);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(token);
        var working = floor.Work(closing.Token);
        ReadyOrder[] completed = [.. Enumerable.Range(0, CompletedSamples).Select(_ => shop.Next())];
        foreach (var problem in await Task.WhenAll(completed.Select(order => floor.See(order, token))))
            Demand(problem is null, problem ?? "");
        await closing.CancelAsync();
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ReadyOrder[] others = [.. Enumerable.Range(0, 2 * OtherSamples).Select(_ => shop.Next())];
        foreach (var order in others)
            await api.Status(HttpMethod.Post, "/v1/orders", order.Body, token);
        foreach (var order in others)
            await run.WaitFor($"order {order.Id}", async () => (await api.Get($"/v1/orders/{order.Id}", Wire.Default.OrderView, token))
                .Status == "in_fulfillment", token);
        foreach (var order in others.Take(OtherSamples))
        {
            await api.Post($"/v1/orders/{order.Id}/cancellation", new("customer"), Wire.Default.ReasonBody, Wire.Default.OrderView, token);
            await run.WaitFor($"order {order.Id}", async () => (await api.Get($"/v1/orders/{order.Id}", Wire.Default.OrderView, token)).Status == "canceled",
                token);
        }
        Guid[] all = [.. completed.Concat(others).Select(order => order.Id)];
        foreach (var id in all)
        {
            var customer = (await api.Get($"/v1/orders/{id}", Wire.Default.OrderView, token)).CustomerId;
            await run.WaitFor($"customer {customer}", async () => await api.Get($"/v1/customers/{customer}", token) == System.Net.HttpStatusCode.OK, token);
        }
        return await Templates.Read(ground, all, run.Clock.GetUtcNow(), token);
    }

    public static async Task WaitFor(this BenchRun run, string what, Func<Task<bool>> condition, CancellationToken token, TimeSpan? within = null)
    {
        for (var begun = run.Clock.GetTimestamp(); !await condition(); await Task.Delay(Beat, run.Clock, token))
            Demand(run.Clock.GetElapsedTime(begun) < (within ?? Patience), $"{what} does not become what is waited for.");
    }

    public static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new BenchException(otherwise);
    }

    public static Point ToPoint(this LoopResult result, string scenario, int clients, IReadOnlyDictionary<string, double> rss) => new(
        scenario, clients, Rounded.Of(result.Throughput), Rounded.Of(result.Latencies.Percentile(50)), Rounded.Of(result.Latencies.Percentile(95)),
        Rounded.Of(result.Latencies.Percentile(99)), null, null, result.Cost.PerOperation(result.Operations), result.Cost.PerOperationOf(result.Operations),
            rss, null, result.Errors);
}
