using Oms.Bench.Load;
using Oms.Bench.Measuring;

namespace Oms.Bench.Scenarios;

/// <summary>What a scenario needs.</summary>
internal sealed record BenchRun(BenchOptions Options, Ground Ground, Report Report, TimeProvider Clock)
{
    public string Times => $"{Options.WarmUp.TotalSeconds:0} s to warm up, {Options.Measured.TotalSeconds:0} s measured";
}

internal interface IScenario
{
    string Name { get; }

    /// <summary>Adds its points to the report.</summary>
    Task Run(BenchRun run, CancellationToken token);
}
