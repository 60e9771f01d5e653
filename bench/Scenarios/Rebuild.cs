using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Oms.AppHost.Local;
using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>Every read model of Order from its events, while they are being read.</summary>
internal sealed class Rebuild : IScenario
{
    private const int Readers = 4;
    private const int EventsPerOrder = 14;
    private const int EventsWanted = 1_000_000;
    private static readonly TimeSpan RebuildMax = TimeSpan.FromMinutes(10);

    public string Name => "rebuild";

    public async Task Run(BenchRun run, CancellationToken token)
    {
        Parts.Demand(run.Ground.IsOwn, "rebuild fills a store of its own: it does not go with --gateway.");
        var shop = await run.Open(token);
        var samples = await run.Samples(shop, token);
        var loader = new OrderStoreLoader(run.Ground, run.Clock);
        // A little more, because canceled orders and those in fulfillment have fewer.
        var orders = run.Options.Orders ?? EventsWanted / EventsPerOrder * 21 / 20;
        var took = await loader.Load(samples, orders, token);
        run.Report.Say($"{orders:#,0} orders with {loader.EventsLoaded:#,0} events loaded in {took.TotalSeconds:0.0} s.");

        var readers = run.Options.Clients?[0] ?? Readers;
        var alone = await Reading(run, loader, readers, run.Options.Measured).Run(ReadOne(run, loader), token);
        (List<RebuiltLine> Lines, string? Problem, TimeSpan Took, double CpuMs) rebuilt = ([], "It was not started.", TimeSpan.Zero, 0);
        var during = await Reading(run, loader, readers, RebuildMax).Run(ReadOne(run, loader), token, async () => rebuilt = await Start(run, token));
        var events = rebuilt.Lines.Sum(it => it.Events);
        var point = during.ToPoint(Name, readers, run.Ground.Processes.MemoryMb());
        run.Report.Add(point with
        {
            Throughput = Rounded.Of(events / rebuilt.Took.TotalSeconds),
            CpuMsPerOperation = null,
            CpuMsPerOperationOf = null,
            Errors = during.Errors + (rebuilt.Problem is null ? 0 : 1),
            More = new()
            {
                ["events"] = events,
                ["seconds"] = Rounded.Of(rebuilt.Took.TotalSeconds),
                ["cpuMsPerThousandEvents"] = Rounded.Of(events == 0 ? null : rebuilt.CpuMs / events * 1_000),
                ["readsPerSecond"] = Rounded.Of(during.Throughput),
                ["readsPerSecondAlone"] = Rounded.Of(alone.Throughput),
                ["readP99MsAlone"] = Rounded.Of(alone.Latencies.Percentile(99)),
                ["failedReads"] = during.Errors,
                ["readModels"] = new JsonArray([.. rebuilt.Lines.Select(it => JsonSerializer.SerializeToNode(it, Wire.Default.RebuiltLine))]),
            },
        }, rebuilt.Problem ?? during.FirstError);
    }

    private static ClosedLoop Reading(BenchRun run, OrderStoreLoader loader, int readers, TimeSpan measured) =>
        new(readers, run.Options.WarmUp, measured, run.Ground.Processes, run.Clock);

    private static Func<int, CancellationToken, Task<string?>> ReadOne(BenchRun run, OrderStoreLoader loader) =>
        async (_, stop) => Read.Unexpected(await run.Ground.Api.Get($"/v1/orders/{Read.Any(loader.Loaded.Orders)}", stop));

    private static async Task<(List<RebuiltLine> Lines, string? Problem, TimeSpan Took, double CpuMs)> Start(BenchRun run, CancellationToken token)
    {
        var begun = run.Clock.GetTimestamp();
        var before = ProcessTimes.Of(Environment.ProcessId)!.Ended;
        using var process = Process.Start(run.Ground.ServiceCommand("Order", "rebuild", "--force"))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(token);
        bound.CancelAfter(RebuildMax);
        // One that does not end, or whose end nobody waits for any more, would go on beside the platform.
        await process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        token.ThrowIfCancellationRequested();
        var took = run.Clock.GetElapsedTime(begun);
        var cpu = ProcessTimes.Of(Environment.ProcessId)!.Ended - before;
        var lines = (await output).Split('\n').Where(line => line.StartsWith('{') && line.Contains("\"readModel\"", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize(line, Wire.Default.RebuiltLine)!).ToList();
        var problem = process.ExitCode == 0 && lines.Count > 0
            ? null
            : $"The rebuild ended with exit code {process.ExitCode} and {lines.Count} read models: {(await output + await errors).Trim()}";
        return (lines, problem?[..Math.Min(problem.Length, 500)], took, cpu);
    }
}
