namespace Oms.AppHost.Local;

/// <summary>Where this machine has the servers; null means Docker runs that one.</summary>
internal sealed record ServerPrograms(string? PostgresBin, string? RabbitServer)
{
    public static async Task<ServerPrograms> Find(DataFolder folder, bool rabbit, Action<string> say, CancellationToken token)
    {
        var found = Installed(folder);
        if (found.IsComplete(rabbit) || await Docker.Answers(token))
            return found;
        if (!Installer.IsPossible)
            throw new PlatformException(Installer.Advice);
        string[] missing = [.. found.PostgresBin is null ? (string[])["postgresql"] : [], .. rabbit && found.RabbitServer is null ? (string[])["rabbitmq-server"] : []];
        await Installer.Install(missing, Installer.Advice, say, token);
        found = Installed(folder);
        return found.IsComplete(rabbit) ? found : throw new PlatformException(Installer.Advice);
    }

    /// <summary>Where the programs of this version of PostgreSQL are; null when it is not installed.</summary>
    public static string? PostgresOf(string version) => FindPostgres(version) is { } bin && VersionOf(bin) == version ? bin : null;

    private static ServerPrograms Installed(DataFolder folder) => new(FindPostgres(ClusterFolder.VersionIn(folder)), FindRabbit());

    private bool IsComplete(bool rabbit) => PostgresBin is not null && (!rabbit || RabbitServer is not null);

    /// <summary>The version that wrote the data, if it is installed; otherwise the newest.</summary>
    private static string? FindPostgres(string? version)
    {
        IEnumerable<string> versioned =
        [
            .. Folders("/usr/lib/postgresql", "*", "bin"),
            .. Folders("/usr", "pgsql-*", "bin"),
            .. Folders("/opt/homebrew/opt", "postgresql*", "bin"),
            .. Folders("/usr/local/opt", "postgresql*", "bin"),
        ];
        return versioned
            .OrderByDescending(bin => VersionOf(bin) == version)
            .ThenByDescending(bin => int.TryParse(VersionOf(bin), out var number) ? number : 0)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(bin => Has(bin, "postgres") && Has(bin, "initdb"));
    }

    private static string VersionOf(string bin) => string.Concat(Path.GetFileName(Path.GetDirectoryName(bin)!).SkipWhile(letter => !char.IsDigit(letter)));

    /// <summary>Never the wrapper on PATH: Debian's changes user and folders.</summary>
    private static string? FindRabbit()
    {
        IEnumerable<string> folders =
        [
            "/usr/lib/rabbitmq/bin", "/usr/local/lib/rabbitmq/bin", "/opt/rabbitmq/sbin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin",
            .. Folders("/usr/lib/rabbitmq/lib", "rabbitmq_server-*", "sbin"),
        ];
        return folders.Where(folder => Has(folder, "rabbitmq-server")).Select(folder => Path.Combine(folder, "rabbitmq-server")).FirstOrDefault();
    }

    private static bool Has(string folder, string program) => folder.Length > 0 && File.Exists(Path.Combine(folder, program));

    private static IEnumerable<string> Folders(string parent, string pattern, string child) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern).Select(folder => Path.Combine(folder, child)) : [];
}
