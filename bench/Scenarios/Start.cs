using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>Seconds until everything is healthy, when it is already built, and the memory of each process.</summary>
internal sealed class Start : IScenario
{
    private const int InFlight = 8;

    public string Name => "start";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        Parts.Demand(run.Ground.IsOwn, "start starts the platform: it does not go with --gateway.");
        Add(run, "start, empty folder", await run.Ground.Start(token: token));
        var shop = await run.OpenShop(token);
        await Lifecycle.Measure(run, shop, run.Options.Clients?[0] ?? InFlight, "lifecycle before the restart", token);
        Add(run, "start, after a lifecycle run", null);
        Add(run, "start, existing data", await run.Ground.Restart(token: token));
    }

    private static void Add(BenchRun run, string name, TimeSpan? took) => run.Report.Add(
        new Point(name, null, null, null, null, null, null, null, null, null, run.Ground.Processes.MemoryMb(), null, 0)
        {
            More = new() { ["seconds"] = Rounded.Of(took?.TotalSeconds) },
        });
}
