namespace Oms.AppHost.Local;

/// <summary>Stops what a launcher that was killed could not: only what is provably its own, by pid and start, or by its data folder.</summary>
internal static class Leftovers
{
    public static async Task Stop(DataFolder folder, Action<string> say)
    {
        var recorded = folder.Running.Read();
        var servers = recorded.Where(entry => entry.Key is "postgres" or "rabbitmq" or "epmd").Select(entry => entry.Key).ToHashSet();
        await Task.WhenAll(recorded.Where(entry => !servers.Contains(entry.Key)).Select(entry => Stop(entry.Key, entry.Value, Signal.Kill, say)));
        await Task.WhenAll(
            StopAll("postgres", ClusterFolder.Of(folder).RunningPid(), Signal.Interrupt),
            StopAll("rabbitmq", InstalledRabbit.RunningPid(folder), Signal.Terminate));
        await StopAll("epmd", 0, Signal.Kill);
        foreach (var name in recorded.Keys)
            folder.Running.Remove(name);

        async Task StopAll(string name, int foundPid, Signal signal)
        {
            var found = ProcessIdentity.Of(foundPid);
            if (found is not null)
                await Stop(name, found, signal, say);
            if (recorded.TryGetValue(name, out var known) && known != found)
                await Stop(name, known, signal, say);
        }
    }

    /// <summary>Everything, at once, without asking: for somebody who pressed Ctrl-C twice.</summary>
    public static void Kill(DataFolder folder)
    {
        foreach (var (name, process) in folder.Running.Read().Where(entry => entry.Value.IsAlive))
        {
            // Killing the client would leave the container.
            if (ProcessIdentity.CommandLine(process.Pid).Contains("docker run ", StringComparison.Ordinal))
                Docker.Remove(folder, name).GetAwaiter().GetResult();
            Signal.Kill.Send(process.Pid);
        }

        Signal.Kill.Send(ClusterFolder.Of(folder).RunningPid());
        Signal.Kill.Send(InstalledRabbit.RunningPid(folder));
    }

    private static async Task Stop(string name, ProcessIdentity process, Signal signal, Action<string> say)
    {
        if (!process.IsAlive)
            return;
        say($"Stopping {name} (process {process.Pid}), left over from an earlier run");
        if (!await Signals.Stop(process, signal, TimeSpan.FromSeconds(8)))
            throw new PlatformException($"{name} (process {process.Pid}) was left over from an earlier run and does not stop.");
    }
}
