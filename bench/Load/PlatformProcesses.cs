using System.Globalization;
using Oms.Bench.Measuring;

namespace Oms.Bench.Load;

/// <summary>
/// Finds the processes of a platform that somebody else has started: whoever listens on the gateway's port, and what its launcher has started besides.
/// </summary>
internal static class PlatformProcesses
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly string[] Services = ["Order", "Inventory", "Routing", "Shipping", "Returns", "Customer", "Gateway"];

    public static ProcessSet Behind(Uri gateway)
    {
        var listener = Listener(gateway.Port);
        var launcher = listener is null ? null : ProcessTimes.Of(listener.Value)?.Parent;
        if (launcher is null or <= 1)
            return new(() => []);
        var byParent = ProcessTimes.All().ToLookup(stat => stat.Parent);
        List<(string, int)> found = [.. Below(launcher.Value, byParent).Select(stat => (NameOf(stat)!, stat.Pid))];
        return new(() => found);
    }

    // A server is taken with all that it has started, so nothing below it is looked at.
    private static IEnumerable<ProcessTimes.Stat> Below(int pid, ILookup<int, ProcessTimes.Stat> byParent) =>
        byParent[pid].SelectMany(child => NameOf(child) is null ? Below(child.Pid, byParent) : [child]);

    private static string? NameOf(ProcessTimes.Stat stat) => stat.Name switch
    {
        "postgres" or "epmd" => stat.Name,
        "beam.smp" => "rabbitmq",
        _ => Array.Find(Services, service => ProcessTimes.CommandLine(stat.Pid).EndsWith($"/{service}.dll", StringComparison.Ordinal))?.ToLowerInvariant(),
    };

    private static int? Listener(int port)
    {
        var address = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        var inodes = SocketTables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(address, StringComparison.Ordinal) && fields[3] == "0A")
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        return ProcessTimes.All().Where(stat => Sockets(stat.Pid).Any(inodes.Contains)).Select(stat => (int?)stat.Pid).FirstOrDefault();
    }

    private static List<string> Sockets(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{pid}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
