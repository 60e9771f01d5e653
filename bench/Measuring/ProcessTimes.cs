using System.Globalization;

namespace Oms.Bench.Measuring;

/// <summary>What /proc tells about processes: the processor time they have used so far, and the memory they hold.</summary>
internal static class ProcessTimes
{
    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double MillisecondsPerTick = 10;

    private const double KilobytesPerMegabyte = 1024;

    /// <summary>One line of /proc/[pid]/stat.</summary>
    /// <param name="Own">Milliseconds of the process itself.</param>
    /// <param name="Ended">Milliseconds of its children that have ended and been waited for.</param>
    public sealed record Stat(int Pid, string Name, int Parent, double Own, double Ended);

    // "pid (name) state ppid …": the name may hold anything, so count from its closing parenthesis.
    public static Stat Parse(string line)
    {
        var (open, close) = (line.IndexOf('(', StringComparison.Ordinal), line.LastIndexOf(')'));
        var fields = line[(close + 2)..].Split(' ');
        return new(
            int.Parse(line.AsSpan(0, open - 1)), line[(open + 1)..close], int.Parse(fields[1]), Ticks(fields[11]) + Ticks(fields[12]),
                Ticks(fields[13]) + Ticks(fields[14]));

        static double Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture) * MillisecondsPerTick;
    }

    public static Stat? Of(int pid) => Read($"/proc/{pid}/stat") is { Length: > 0 } line ? Parse(line) : null;

    /// <summary>Every process of this machine that may be looked at.</summary>
    public static List<Stat> All() => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid) ? Of(pid) : null).OfType<Stat>()];

    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline").TrimEnd('\0').Replace('\0', ' ');

    /// <summary>Milliseconds of a process, of all that descend from it, and of those among them that have ended.</summary>
    public static double WithDescendants(int pid, ILookup<int, Stat> byParent, IReadOnlyDictionary<int, Stat> byPid) =>
        byPid.TryGetValue(pid, out var stat)
            ? stat.Own + stat.Ended + byParent[pid].Sum(child => WithDescendants(child.Pid, byParent, byPid))
            : 0;

    /// <summary>Megabytes. Of a process with children that share memory, each page counts once.</summary>
    public static double MemoryMb(int pid, ILookup<int, Stat> byParent)
    {
        var children = byParent[pid].ToList();
        if (children.Count == 0)
            return Kilobytes($"/proc/{pid}/status", "VmRSS:") / KilobytesPerMegabyte;
        return Kilobytes($"/proc/{pid}/smaps_rollup", "Pss:") / KilobytesPerMegabyte + children.Sum(child => ShareMb(child.Pid, byParent));
    }

    private static double ShareMb(int pid, ILookup<int, Stat> byParent) =>
        Kilobytes($"/proc/{pid}/smaps_rollup", "Pss:") / KilobytesPerMegabyte + byParent[pid].Sum(child => ShareMb(child.Pid, byParent));

    /// <summary>A line such as "VmRSS:     1234 kB".</summary>
    internal static double Kilobytes(string file, string name) => ParseKilobytes(Read(file), name);

    internal static double ParseKilobytes(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    // A process may end while it is being looked at.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
