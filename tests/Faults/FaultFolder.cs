using System.Collections.Concurrent;
using System.Diagnostics;

namespace Oms.Faults;

/// <summary>
/// What the tests want to go wrong, as files: <c>order.after-commit</c> ends a process of the service Order, once, because whoever dies takes the file with
/// it; <c>messages</c>, <c>poison</c> and <c>order.clock</c> hold as long as they are there.
/// </summary>
internal sealed class FaultFolder(string path, string service)
{
    private readonly ConcurrentDictionary<string, int> passes = new();
    private readonly ConcurrentDictionary<string, bool> struck = new();

    public static FaultFolder? OfThisProcess() =>
        Environment.GetEnvironmentVariable("OMS_FAULTS") is { Length: > 0 } path && Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is { Length: > 0 } service
            ? new(path, service)
            : null;

    public bool IsArmed(string point) => File.Exists(FileOf(point));

    /// <summary>Ends this process as SIGKILL does if this point is armed: "2 3 9" strikes at the second pass with three to nine streams.</summary>
    public void CrashAt(string point, int streams = 1)
    {
        if (Read(FileOf(point))?.Split(' ') is not [var wanted, var fewest, var most] || streams < int.Parse(fewest) || streams > int.Parse(most)
            || passes.AddOrUpdate(point, 1, (_, before) => before + 1) < int.Parse(wanted) || !Take(FileOf(point)))
            return;
        using var own = Process.GetCurrentProcess();
        own.Kill();
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    /// <summary>Tells the test that this fault has struck here, so that it does not pass because nothing went wrong.</summary>
    public void Struck(string fault)
    {
        if (struck.TryAdd(fault, true))
            File.WriteAllText(StruckFile(FileOf(fault)), "");
    }

    /// <summary>What all services are told, such as <c>messages</c>.</summary>
    public string? Told(string name) => Read(Path.Combine(path, name));

    public TimeSpan ClockOffset() => Read(FileOf("clock")) is { } text ? TimeSpan.Parse(text) : TimeSpan.Zero;

    private string FileOf(string point) => Path.Combine(path, $"{service}.{point}");

    private static string StruckFile(string file) => $"{file}.struck";

    // Another process or another thread may have been first: then it is its turn to die.
    private static bool Take(string file)
    {
        try
        {
            File.Move(file, StruckFile(file));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string? Read(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
