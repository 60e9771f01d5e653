namespace Oms.AppHost.Local;

/// <summary>
/// One PostgreSQL and one RabbitMQ for all test processes that run at the same time: the first starts them, the others join,
/// the last one to leave stops them. They begin empty, with the same durability as the platform's.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static int holders;

    private readonly LocalServers servers;
    private bool released;

    private SharedServers(LocalServers servers) => this.servers = servers;

    public Uri AmqpUri => servers.AmqpUri;

    public static async Task<SharedServers> Acquire(bool rabbit, CancellationToken token = default)
    {
        await Gate.WaitAsync(token);
        try
        {
            var guests = new GuestBook(new(Path.Combine(DataFolder.DefaultPath(), "tests")));
            using var locked = await guests.Lock(token);
            var shared = new SharedServers(await Join(guests, rabbit, token));
            guests.Enter();
            if (holders++ == 0)
                AppDomain.CurrentDomain.ProcessExit += LeaveAtExit;
            return shared;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Creates the database if it is missing.</summary>
    public string PostgresConnectionString(string database)
    {
        servers.CreateDatabase(database);
        return servers.PostgresConnectionString(database);
    }

    public void DropDatabase(string database) => servers.DropDatabase(database);

    /// <summary>A broker of one's own within the broker, empty.</summary>
    public Task<Uri> CreateVirtualHost(string name, CancellationToken token = default) => servers.CreateVirtualHost(name, token);

    public Task DropVirtualHost(string name, CancellationToken token = default) => servers.DropVirtualHost(name, token);

    public Task<int> CountErrorQueueMessages(CancellationToken token = default) => servers.CountErrorQueueMessages(token);

    public async ValueTask DisposeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (released)
                return;
            released = true;
            if (--holders == 0)
                await Leave();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<LocalServers> Join(GuestBook guests, bool rabbit, CancellationToken token)
    {
        var folder = guests.Folder;
        if (!guests.AnyoneElse && holders == 0)
            await Clear(folder);
        var options = new LocalServersOptions { Rabbit = rabbit, OutliveThisProcess = true };
        var joined = await LocalServers.Prepare(folder, options, guests.Ports(), token);
        await Task.WhenAll(StartUnlessAlive("postgres", joined.StartPostgres), rabbit ? StartUnlessAlive("rabbitmq", joined.StartRabbit) : Task.CompletedTask);
        // From here on they belong to everybody: whoever started them must not bring them back when another one stops them.
        foreach (var process in joined.Processes)
            await process.Detach();
        return joined;

        Task StartUnlessAlive(string name, Func<CancellationToken, Task> start) =>
            folder.Running.Read().TryGetValue(name, out var known) && known.IsAlive ? Task.CompletedTask : start(token);
    }

    /// <summary>Nobody is here: what still runs was left behind by processes that died, and so were the data.</summary>
    private static async Task Clear(DataFolder folder)
    {
        await Leftovers.Stop(folder, _ => { });
        ClusterFolder.Of(folder).Delete();
        if (Directory.Exists(InstalledRabbit.HomeIn(folder)))
            Directory.Delete(InstalledRabbit.HomeIn(folder), recursive: true);
        if (Shell.Exists("docker"))
            await Docker.RemoveData(folder);
    }

    private static async Task Leave()
    {
        AppDomain.CurrentDomain.ProcessExit -= LeaveAtExit;
        var guests = new GuestBook(new(Path.Combine(DataFolder.DefaultPath(), "tests")));
        using var locked = await guests.Lock(CancellationToken.None);
        guests.Leave();
        if (!guests.AnyoneElse)
            await Leftovers.Stop(guests.Folder, _ => { });
    }

    /// <summary>For a test run that ends without disposing of its fixtures.</summary>
    private static void LeaveAtExit(object? sender, EventArgs e) => Leave().GetAwaiter().GetResult();
}

/// <summary>Which processes use the shared servers, and on which ports these are.</summary>
internal sealed class GuestBook(DataFolder folder)
{
    private readonly string guestsFile = Path.Combine(folder.FullPath, "guests");

    public DataFolder Folder => folder;

    /// <summary>Processes that died without leaving are not counted.</summary>
    public bool AnyoneElse => Others().Any();

    public async Task<IDisposable> Lock(CancellationToken token)
    {
        IDisposable? held = null;
        // The first one may have to install the servers.
        var got = await Wait.Until(() => (held = folder.TryLock()) is not null, TimeSpan.FromMinutes(15), token);
        return got ? held! : throw new PlatformException($"The shared servers in {folder.FullPath} stayed locked.");
    }

    public void Enter() => File.WriteAllLines(guestsFile, Others().Append(Line(ProcessIdentity.Own)));

    public void Leave() => File.WriteAllLines(guestsFile, Others());

    /// <summary>The ports in use; new ones when nobody uses them.</summary>
    public ServerPorts Ports() => ServerPorts.InUse(folder) ?? ServerPorts.Free().KeepIn(folder);

    private static string Line(ProcessIdentity process) => $"{process.Pid} {process.Started}";

    private IEnumerable<string> Others()
    {
        var lines = File.Exists(guestsFile) ? File.ReadAllLines(guestsFile) : [];
        return [.. lines.Where(line => line.Split(' ') is [var pid, var started] && new ProcessIdentity(int.Parse(pid), started) is { IsAlive: true } guest && guest != ProcessIdentity.Own)];
    }
}
