using System.Text.Json.Nodes;
using CsCheck;
using Oms.Bench.Measuring;

namespace Oms.Bench.Tests;

public sealed class Percentiles
{
    [Fact]
    public void are_values_that_were_measured()
    {
        var latencies = new Latencies();
        foreach (var value in new[] { 5.0, 1, 4, 2, 3 })
            latencies.Add(value);
        latencies.Percentile(50).ShouldBe(3);
        latencies.Percentile(95).ShouldBe(5);
        latencies.Percentile(20).ShouldBe(1);
        latencies.Percentile(21).ShouldBe(2);
    }

    [Fact]
    public void of_nothing_are_nothing() => new Latencies().Percentile(99).ShouldBeNull();

    [Fact]
    public void are_the_same_however_they_were_collected() => Gen.Double[0, 1_000].List[1, 50].Sample(values =>
    {
        var (together, half, rest) = (new Latencies(), new Latencies(), new Latencies());
        foreach (var (index, value) in values.Index())
        {
            together.Add(value);
            (index % 2 == 0 ? half : rest).Add(value);
        }
        half.AddAll(rest);
        half.Percentile(99).ShouldBe(together.Percentile(99));
        together.Percentile(100).ShouldBe(values.Max());
    }, iter: 500);
}

public sealed class Processes
{
    [Fact]
    public void are_read_whatever_their_name_is()
    {
        var stat = ProcessTimes.Parse("42 (a (strange) name) S 7 42 42 0 -1 4194304 100 200 0 0 15 5 30 10 20 0 1 0 100 1000 50");
        stat.ShouldBe(new ProcessTimes.Stat(42, "a (strange) name", Parent: 7, Own: 200, Ended: 400));
    }

    [Fact]
    public void count_with_all_that_descends_from_them()
    {
        ProcessTimes.Stat[] all = [new(1, "server", 0, 10, 100), new(2, "worker", 1, 20, 0), new(3, "worker of a worker", 2, 5, 1),
            new(4, "stranger", 0, 1_000, 0)];
        ProcessTimes.WithDescendants(1, all.ToLookup(it => it.Parent), all.ToDictionary(it => it.Pid)).ShouldBe(136);
    }

    [Fact]
    public void that_are_gone_have_used_nothing() =>
        ProcessTimes.WithDescendants(9, Enumerable.Empty<ProcessTimes.Stat>().ToLookup(it => it.Parent), new Dictionary<int, ProcessTimes.Stat>()).ShouldBe(0);

    [Fact]
    public void hold_memory_that_is_told_in_kilobytes() =>
        ProcessTimes.ParseKilobytes("VmPeak:\t  100 kB\nVmRSS:\t   2048 kB\nThreads:\t3\n", "VmRSS:").ShouldBe(2_048);

    [Fact]
    public void of_this_machine_include_this_one_and_its_time_grows()
    {
        var processes = new ProcessSet(() => [("tests", Environment.ProcessId)]);
        var before = processes.Times();
        for (var burnt = 0.0; processes.Times()["tests"] <= before["tests"];)
            burnt += Math.Sqrt(burnt + 1);
        var cost = Cost.Between(before, processes.Times());
        cost.PerOperation(1)!.Value.ShouldBeGreaterThan(0);
        cost.PerOperationOf(2)!.Keys.ShouldBe(["tests", "bench"], ignoreOrder: true);
        processes.MemoryMb()["tests"].ShouldBeGreaterThan(10);
    }

    [Fact]
    public void do_not_count_the_load_generator_as_platform() =>
        new Cost(new Dictionary<string, double> { ["order"] = 30, ["postgres"] = 10, ["bench"] = 1_000 }).PerOperation(10).ShouldBe(4);
}

public sealed class PointFiles
{
    private static readonly Point Some = new(
        "place (a)", 8, 200, 10, 20, 30, 1_000, 0.2, 12.5,
        new Dictionary<string, double> { ["order"] = 12.5 }, new Dictionary<string, double> { ["order"] = 180 }, null, 0)
    {
        More = new() { ["backlog"] = 17 },
    };

    [Fact]
    public void hold_one_object_per_point_with_the_members_that_are_promised()
    {
        var json = JsonNode.Parse(PointFile.ToJson([Some, Some]).ToJsonString())!.AsArray();
        json.Count.ShouldBe(2);
        string[] promised =
        [
            "scenario", "clients", "throughput", "p50Ms", "p95Ms", "p99Ms", "floorThroughput", "ratioToFloor", "cpuMsPerOperation", "rssMb", "oversold",
            "errors",
        ];
        promised.Except(json[0]!.AsObject().Select(it => it.Key)).ShouldBeEmpty();
    }

    [Fact]
    public void say_null_where_something_does_not_apply() => PointFile.ToJson([Some])[0]!.AsObject().ContainsKey("oversold").ShouldBeTrue();

    [Fact]
    public void hold_what_a_scenario_adds_beside_the_rest() => ((int)PointFile.ToJson([Some])[0]!["backlog"]!).ShouldBe(17);
}

public sealed class Options
{
    [Fact]
    public void say_what_to_measure()
    {
        var options = BenchOptions.Parse(["place", "--clients", "1,8", "--seconds", "3", "--consumers", "paused"]);
        options.Scenario.ShouldBe("place");
        options.Clients.ShouldBe([1, 8]);
        options.Measured.ShouldBe(TimeSpan.FromSeconds(3));
        options.Consumers.ShouldBe(Consumers.Paused);
    }

    [Theory]
    [InlineData]
    [InlineData("place", "--seconds", "0")]
    [InlineData("place", "--clients", "1,many")]
    [InlineData("place", "--gateway", "http://example.com", "--api-key", "k")]
    [InlineData("place", "--gateway", "http://localhost:8080")]
    [InlineData("place", "--nonsense", "1")]
    [InlineData("lifecycle", "--tracking", "PU,IT")]
    public void that_make_no_sense_are_refused(params string[] args) => Should.Throw<AppHost.Local.UsageException>(() => BenchOptions.Parse(args));
}
