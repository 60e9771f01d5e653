using System.Globalization;

namespace Oms.AppHost.Local;

/// <summary>
/// A copy of everything that a platform cannot do without: its databases at one moment, and its secrets. What is on its way in the broker is not in it; the
/// services tell it once more (docs/adr/0019).
/// </summary>
internal static class Backup
{
    /// <summary>What was published longer before the copy had been consumed by then, or lay in an error queue.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>From the platform that another launcher runs on the data folder.</summary>
    public static async Task Take(DataFolder folder, string target, TextWriter output, CancellationToken token)
    {
        var ports = ServerPorts.InUse(folder) ?? throw new PlatformException($"Nothing runs on {folder.FullPath}: start the platform first.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new PlatformException($"{target} is not empty.");
        var begun = TimeProvider.System.GetUtcNow();
        var servers = await LocalServers.Prepare(folder, new(), ports, token);
        // It holds secrets, and what customers have entrusted to the merchant.
        DataFolder.CreatePrivate(target);
        await servers.CopyCluster(ClusterIn(target), token);
        folder.CopySecretsTo(SecretsIn(target));
        // Last: without it the copy is not whole.
        await File.WriteAllTextAsync(TimeIn(target), $"{begun:O}", token);
        await output.WriteLineAsync($"Copied to {Path.GetFullPath(target)} in {(TimeProvider.System.GetUtcNow() - begun).TotalSeconds:0.0} s. It holds personal data and secrets.");
    }

    /// <summary>Into a data folder that has no data; the broker begins empty.</summary>
    /// <returns>When the copy was begun.</returns>
    public static async Task<DateTimeOffset> Place(string source, DataFolder folder, Action<string> say)
    {
        if (!File.Exists(TimeIn(source)))
            throw new PlatformException($"There is no whole backup in {source}.");
        using var alone = folder.Lock();
        await Leftovers.Stop(folder, say);
        if (ClusterFolder.VersionIn(folder) is not null)
            throw new PlatformException($"There are data in {folder.FullPath}, and nothing is overwritten: move them away first, or restore beside them with OMS_HOME=<another folder>.");

        var version = (await File.ReadAllTextAsync(Path.Combine(ClusterIn(source), "PG_VERSION"))).Trim();
        var bin = ServerPrograms.PostgresOf(version) ?? throw new PlatformException($"The backup is of PostgreSQL {version}, which is not installed here.");
        var cluster = ClusterFolder.Of(folder);
        Directory.CreateDirectory(cluster.Parent);
        await cluster.Place(ClusterIn(source), async draft =>
        {
            var verified = await Shell.Run(new Command(Path.Combine(bin, "pg_verifybackup"), ["--exit-on-error", draft]), TimeSpan.FromHours(1));
            if (!verified.Succeeded)
                throw new PlatformException($"The backup is damaged: {verified.Output}{verified.Errors}");
        });
        folder.TakeSecretsFrom(SecretsIn(source));
        if (Directory.Exists(InstalledRabbit.HomeIn(folder)))
            Directory.Delete(InstalledRabbit.HomeIn(folder), recursive: true);
        var taken = DateTimeOffset.Parse(await File.ReadAllTextAsync(TimeIn(source)), CultureInfo.InvariantCulture);
        say($"Brought back everything as it was at {taken:u}");
        return taken;
    }

    private static string ClusterIn(string backup) => Path.Combine(backup, "postgres");

    private static string SecretsIn(string backup) => Path.Combine(backup, "secrets");

    private static string TimeIn(string backup) => Path.Combine(backup, "taken");
}
