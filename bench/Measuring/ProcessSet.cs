namespace Oms.Bench.Measuring;

/// <summary>The processes of a platform by name. A process that was started again has another number, so numbers are asked for each time.</summary>
internal sealed class ProcessSet(Func<IReadOnlyList<(string Name, int Pid)>> processes)
{
    public const string Bench = "bench";

    public IReadOnlyList<(string Name, int Pid)> Numbers() => processes();

    /// <summary>Milliseconds of processor time that each has used so far.</summary>
    public IReadOnlyDictionary<string, double> Times()
    {
        var (all, byParent) = Look();
        var byPid = all.ToDictionary(stat => stat.Pid);
        var times = processes().GroupBy(it => it.Name).ToDictionary(it => it.Key, it => it.Sum(one => ProcessTimes.WithDescendants(one.Pid, byParent, byPid)));
        // The platform's processes are children of this one: only its own time is its own.
        times[Bench] = byPid[Environment.ProcessId].Own;
        return times;
    }

    public IReadOnlyDictionary<string, double> MemoryMb()
    {
        var (_, byParent) = Look();
        return processes().GroupBy(it => it.Name).ToDictionary(it => it.Key, it => Math.Round(it.Sum(one => ProcessTimes.MemoryMb(one.Pid, byParent)), 1));
    }

    private static (List<ProcessTimes.Stat> All, ILookup<int, ProcessTimes.Stat> ByParent) Look()
    {
        var all = ProcessTimes.All();
        return (all, all.ToLookup(stat => stat.Parent));
    }
}

/// <summary>What a window of time has cost.</summary>
internal sealed record Cost(IReadOnlyDictionary<string, double> Milliseconds)
{
    public static Cost Between(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) =>
        new(after.ToDictionary(it => it.Key, it => Math.Max(0, it.Value - before.GetValueOrDefault(it.Key))));

    /// <summary>Of the platform, without this process.</summary>
    public double? PerOperation(long operations) =>
        operations == 0 || Milliseconds.Count <= 1 ? null : Round(Milliseconds.Where(it => it.Key != ProcessSet.Bench).Sum(it => it.Value) / operations);

    public IReadOnlyDictionary<string, double>? PerOperationOf(long operations) =>
        operations == 0 ? null : Milliseconds.ToDictionary(it => it.Key, it => Round(it.Value / operations));

    private static double Round(double value) => Math.Round(value, 3);
}
