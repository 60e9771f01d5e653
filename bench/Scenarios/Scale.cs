using Oms.Bench.Load;

namespace Oms.Bench.Scenarios;

/// <summary>Placing and lifecycle with several replicas of Order and Inventory.</summary>
internal sealed class Scale : IScenario
{
    private const int Placing = 8;
    private const int InFlight = 16;

    public string Name => "scale";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        Parts.Demand(run.Ground.IsOwn, "scale starts the platform with several replicas: it does not go with --gateway.");
        Shop? shop = null;
        foreach (var count in run.Options.Replicas)
        {
            var replicas = new Dictionary<string, int> { ["order"] = count, ["inventory"] = count };
            if (shop is null)
            {
                await run.Ground.Start(replicas, token: token);
                shop = await run.OpenShop(token);
            }
            else
            {
                await run.Ground.Restart(replicas, token: token);
                shop = shop.At(run.Ground.Api);
            }
            await Lifecycle.Measure(run, shop, run.Options.Clients?[^1] ?? InFlight, $"lifecycle, {count} replicas", token);
            await Place.Measure(run, shop, run.Options.Clients?[0] ?? Placing, default, isPaused: false, token, $"place, {count} replicas");
        }
    }
}
