using System.Text.Json.Nodes;
using Oms.Bench.Measuring;
using Oms.Bench.Routing;
using Oms.Routing.Planning;

namespace Oms.Bench.Scenarios;

/// <summary>The planner alone, in this process: how many decisions per second, and how far they are from the best there is.</summary>
internal sealed class Route : IScenario
{
    private const int OrdersDefault = 400;
    private const int LocationsPerPlanMax = 4;

    public string Name => "route";

    public Task Run(BenchRun run, CancellationToken token)
    {
        run.Report.Machine = Machine.Name;
        run.Report.Settings = "default strategy: minimize_splits, stay_in_market, ranked_locations, closest; one thread";
        foreach (var locations in run.Options.Locations)
        {
            var cases = RoutingNetwork.Cases(locations, run.Options.Orders ?? OrdersDefault);
            run.Report.Say($"{locations} locations, {cases.Count} orders: {run.Times} …");
            Decide(run, cases, run.Options.WarmUp, token);
            var (latencies, took, cpu) = Decide(run, cases, run.Options.Measured, token);
            var quality = QualityOf(cases, token);
            run.Report.Add(new(
                $"route, {locations} locations", 1, Rounded.Of(latencies.Count / took.TotalSeconds), Rounded.Of(latencies.Percentile(50)),
                    Rounded.Of(latencies.Percentile(95)),
                Rounded.Of(latencies.Percentile(99)), null, null, Rounded.Of(cpu / latencies.Count),
                new Dictionary<string, double> { [ProcessSet.Bench] = Math.Round(cpu / latencies.Count, 4) }, null, null, 0) { More = quality });
        }
        return Task.CompletedTask;
    }

    private static (Latencies Latencies, TimeSpan Took, double CpuMs) Decide(BenchRun run, List<RoutingCase> cases, TimeSpan within, CancellationToken token)
    {
        var latencies = new Latencies();
        var (cpu, begun) = (ProcessTimes.Of(Environment.ProcessId)!.Own, run.Clock.GetTimestamp());
        for (var next = 0; run.Clock.GetElapsedTime(begun) < within; next = (next + 1) % cases.Count)
        {
            token.ThrowIfCancellationRequested();
            var asked = run.Clock.GetTimestamp();
            Router.Route(cases[next].Request, cases[next].Around);
            latencies.Add(run.Clock.GetElapsedTime(asked));
        }
        return (latencies, run.Clock.GetElapsedTime(begun), ProcessTimes.Of(Environment.ProcessId)!.Own - cpu);
    }

    private static JsonObject QualityOf(List<RoutingCase> cases, CancellationToken token)
    {
        var (compared, optimal, split, worst) = (0, 0, 0, new Dictionary<string, double>());
        foreach (var it in cases)
        {
            token.ThrowIfCancellationRequested();
            if (ExactOptimum.Find(it.Sources(), it.Wanted, LocationsPerPlanMax) is not { } best ||
                it.CostsOf(Router.Route(it.Request, it.Around)) is not { } found)
                continue;
            compared++;
            split += best.Locations > 1 ? 1 : 0;
            if (Gap(best, found) is not var (rule, gap))
                optimal++;
            else
                worst[rule] = Math.Max(worst.GetValueOrDefault(rule), gap);
        }
        return new()
        {
            ["compared"] = compared,
            ["splitShare"] = Rounded.Of((double)split / compared),
            ["optimalShare"] = Rounded.Of((double)optimal / compared),
            ["worstGap"] = new JsonObject(worst.Select(it => KeyValuePair.Create<string, JsonNode?>(it.Key, Rounded.Of(it.Value)))),
        };
    }

    /// <summary>By the first rule that tells them apart, how much more the decision costs, as a share of the best; null when they are equal.</summary>
    private static (string Rule, double Gap)? Gap((int Locations, long[] Costs) best, (int Locations, long[] Costs) found)
    {
        if (found.Locations != best.Locations)
            return ("minimize_splits", (double)(found.Locations - best.Locations) / best.Locations);
        for (var rule = 0; rule < best.Costs.Length; rule++)
        {
            if (found.Costs[rule] != best.Costs[rule])
                return (RoutingCase.RuleNames[rule], (double)(found.Costs[rule] - best.Costs[rule]) / Math.Max(1, best.Costs[rule]));
        }
        return null;
    }
}
