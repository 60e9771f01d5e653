namespace Oms.AppHost.Local;

internal static class PostgresSettings
{
    /// <summary>For one developer's machine, with nothing given up in durability.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_connections=300", "wal_compression=on",
        "max_wal_size=2GB", "checkpoint_timeout=15min", "checkpoint_completion_target=0.9",
    ];

    public static IEnumerable<string> AsArguments(params IEnumerable<string> more) => All.Concat(more).SelectMany(setting => (string[])["-c", setting]);
}

/// <summary>The machine's own PostgreSQL with a private cluster.</summary>
internal static class InstalledPostgres
{
    public static ProcessPlan Plan(ServerContext context, string bin)
    {
        var cluster = ClusterFolder.Of(context.Folder);
        Directory.CreateDirectory(cluster.Parent);
        var settings = PostgresSettings.AsArguments($"port={context.Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=");
        return new("postgres", new Command(Path.Combine(bin, "postgres"), ["-D", cluster.Data, .. settings]) { User = cluster.User })
        {
            IsReady = token => PostgresDatabases.Answers(context, token),
            LogFile = context.Folder.Log("postgres"),
            StopSignal = Signal.Interrupt,
            // It writes everything to disk first. Killed in the middle it recovers, but its orphans keep the next start away for a while.
            StopWithin = TimeSpan.FromMinutes(1),
            DeathSignal = context.DeathSignal(Signal.Interrupt),
            MainPid = child => cluster.RunningPid() is > 0 and var pid ? pid : child,
            BeforeStart = async token =>
            {
                await cluster.Initialize(bin, context.User, context.Password, token);
                cluster.ForgetForeignPid();
            },
        };
    }
}
