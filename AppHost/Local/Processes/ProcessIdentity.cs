using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Oms.AppHost.Local;

/// <summary>A process that cannot be mistaken for a later one with the same number: its start is part of its name.</summary>
public sealed record ProcessIdentity(int Pid, string Started)
{
    private static readonly string Boot = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    public bool IsAlive => Of(Pid) == this;

    public static ProcessIdentity Own => Of(Environment.ProcessId)!;

    /// <summary>Null when there is no such process, or only what its parent has not yet collected of it.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (pid <= 0)
            return null;
        return OperatingSystem.IsLinux() ? OfLinux(pid) : OfAny(pid);
    }

    /// <summary>The whole command line, or nothing when the process is gone or may not be looked at.</summary>
    public static string CommandLine(int pid)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ')
                : Shell.Run("ps", "-o", "command=", "-p", $"{pid}").Output;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static ProcessIdentity? OfLinux(int pid)
    {
        try
        {
            // "pid (name) state ppid … starttime": the name may hold anything, so count from its closing parenthesis.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, $"{Boot}:{fields[19]}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessIdentity? OfAny(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new(pid, $"{process.StartTime.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}");
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>Signals by their number, the same on Linux and macOS.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

internal static partial class Signals
{
    public static void Send(this Signal signal, int pid)
    {
        if (pid <= 1)
            return;
        if (!OperatingSystem.IsWindows())
            _ = kill(pid, (int)signal);
        else
            KillOnWindows(pid);
    }

    /// <summary>Asks, waits, and then does not ask any more.</summary>
    public static async Task<bool> Stop(ProcessIdentity process, Signal signal, TimeSpan within)
    {
        if (!process.IsAlive)
            return true;
        signal.Send(process.Pid);
        if (await Wait.Until(() => !process.IsAlive, within))
            return true;
        Signal.Kill.Send(process.Pid);
        return await Wait.Until(() => !process.IsAlive, TimeSpan.FromSeconds(2));
    }

    // There are no signals to ask with.
    private static void KillOnWindows(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
