using System.Diagnostics;

namespace Oms.AppHost.Local;

/// <summary>What to run: a program, its arguments, and what it finds in its environment beyond the launcher's own.</summary>
internal sealed record Command(string File, IReadOnlyList<string> Arguments)
{
    private static readonly Lazy<bool> CanDieWithParent = new(() => OperatingSystem.IsLinux() && Shell.Run("setpriv", "--pdeathsig", "KILL", "true").Succeeded);
    private static readonly Lazy<bool> HasSetsid = new(() => !OperatingSystem.IsWindows() && Shell.Exists("setsid"));

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? Folder { get; init; }

    /// <summary>The user to run it as, when that is not the launcher's.</summary>
    public string? User { get; init; }

    /// <summary>In a session of its own, so that a Ctrl-C at the terminal reaches the launcher only and the order of stopping stays ours.</summary>
    public Command Detached() => HasSetsid.Value ? Behind("setsid") : this;

    /// <summary>As <see cref="User"/>. Before this, say what else is to be set: a change of user takes the parent-death signal away.</summary>
    public Command AsItsUser()
    {
        if (User is null)
            return this;
        if (Shell.Exists("setpriv"))
            return Behind("setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups");
        if (Shell.Exists("runuser"))
            return Behind("runuser", "-u", User, "--");
        return Behind("su", User, "-s", "/bin/sh", "-c", "exec \"$@\"", "--", "sh");
    }

    /// <summary>Receives the signal when the launcher is gone, however it went (where the system can do that).</summary>
    public Command DyingWithLauncher(Signal signal) => CanDieWithParent.Value ? Behind("setpriv", "--pdeathsig", NameOf(signal)) : this;

    /// <summary>Writes to a file by itself: no pipe to the launcher, so that it can outlive it.</summary>
    public Command LoggingTo(string log) =>
        OperatingSystem.IsWindows() ? this : Behind("/bin/sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log);

    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(File, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Folder ?? "",
        };
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        return info;
    }

    private static string NameOf(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Terminate => "TERM",
        _ => "KILL",
    };

    private Command Behind(string file, params string[] arguments) => this with { File = file, Arguments = [.. arguments, File, .. Arguments] };
}
