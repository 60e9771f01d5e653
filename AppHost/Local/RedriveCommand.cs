namespace Oms.AppHost.Local;

/// <summary>Tries failed messages again, in the platform that another launcher runs on the same data folder.</summary>
internal static class RedriveCommand
{
    public static async Task Run(DataFolder folder, string? queue, TextWriter output, CancellationToken token)
    {
        var ports = ServerPorts.InUse(folder) ?? throw new PlatformException($"Nothing runs on {folder.FullPath}: start the platform first.");
        // Looked at, not started: they belong to the launcher that runs them.
        var servers = await LocalServers.Prepare(folder, new(), ports, token);
        var redriven = await servers.Redrive(queue, token);
        foreach (var (name, messages) in redriven)
            await output.WriteLineAsync($"{name}: {messages} {(messages == 1 ? "message is" : "messages are")} tried again");
        if (redriven.Count == 0)
            await output.WriteLineAsync(queue is null ? "There are no failed messages." : $"There are no failed messages of '{queue}'.");
    }
}
