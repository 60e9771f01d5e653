using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Oms.Bench.Measuring;
using Oms.Bench.Micro;

namespace Oms.Bench.Scenarios;

/// <summary>The inner parts, by BenchmarkDotNet in this process: short runs, to see what is worth looking at.</summary>
internal sealed class MicroParts : IScenario
{
    private const double NanosecondsPerSecond = 1e9;
    private const double NanosecondsPerMillisecond = 1e6;

    public string Name => "micro";

    public Task Run(BenchRun run, CancellationToken token)
    {
        run.Report.Machine = Machine.Name;
        run.Report.Settings = "BenchmarkDotNet, short run in this process";
        run.Report.Say("Some ten seconds for each part …");
        var folder = Directory.CreateTempSubdirectory("oms-bench-micro-").FullName;
        var summary = BenchmarkRunner.Run<InnerParts>(ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .AddFilter(new GlobFilter([run.Options.Filter]))
            .WithArtifactsPath(folder)
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator));
        Directory.Delete(folder, recursive: true);
        foreach (var report in summary.Reports)
        {
            var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
            var statistics = report.ResultStatistics;
            run.Report.Add(new(
                $"micro {name}", null, Rounded.Of(NanosecondsPerSecond / statistics?.Mean), Rounded.Of(statistics?.Percentiles.P50 / NanosecondsPerMillisecond),
                Rounded.Of(statistics?.Percentiles.P95 / NanosecondsPerMillisecond), null, null, null, null, null, null, null, report.Success ? 0 : 1)
            {
                More = new()
                {
                    ["meanNs"] = Rounded.Of(statistics?.Mean),
                    ["errorNs"] = Rounded.Of(statistics?.StandardError),
                    ["allocatedBytes"] = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase),
                },
            }, $"{name} did not run");
        }
        return Task.CompletedTask;
    }
}
