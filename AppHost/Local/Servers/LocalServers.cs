namespace Oms.AppHost.Local;

public sealed record LocalServersOptions
{
    public bool Rabbit { get; init; } = true;

    /// <summary>For servers that several processes share: they are not tied to the one that started them.</summary>
    public bool OutliveThisProcess { get; init; }

    public Action<string> Say { get; init; } = _ => { };
}

/// <summary>PostgreSQL and RabbitMQ with private data on loopback, supervised: what dies comes back on the same port.</summary>
public sealed class LocalServers : IAsyncDisposable
{
    private const string User = "oms";
    private static readonly TimeSpan CopyWithin = TimeSpan.FromHours(6);

    private readonly DataFolder folder;
    private readonly ServerPrograms programs;
    private readonly LocalServersOptions options;
    private readonly ServerContext postgresContext;
    private readonly ServerContext rabbitContext;
    private readonly ServerContext mapperContext;
    private readonly SupervisedProcess? mapper;
    private readonly InstalledRabbit? installedRabbit;

    internal LocalServers(DataFolder folder, ServerPrograms programs, LocalServersOptions options, ServerPorts ports)
    {
        this.folder = folder;
        this.programs = programs;
        this.options = options;
        Ports = ports;
        postgresContext = new(folder, ports.Postgres, User, folder.Secret("postgres-password"), !options.OutliveThisProcess);
        rabbitContext = postgresContext with { Port = ports.Rabbit, Password = folder.Secret("rabbitmq-password") };
        mapperContext = rabbitContext with { Port = ports.Mapper };
        Postgres = Supervise(
            programs.PostgresBin is { } bin ? InstalledPostgres.Plan(postgresContext, bin) : Docker.Postgres(postgresContext, options.Say), ports.Postgres);
        if (!options.Rabbit)
            return;
        installedRabbit = programs.RabbitServer is { } server ? new(rabbitContext, server, ports.Mapper) : null;
        Rabbit = Supervise(installedRabbit?.Plan() ?? Docker.Rabbit(rabbitContext, options.Say), ports.Rabbit);
        if (installedRabbit is not null && InstalledRabbit.PlanMapper(mapperContext) is { } plan)
            mapper = Supervise(plan, ports.Mapper);
    }

    public SupervisedProcess Postgres { get; }

    /// <summary>Null when it was not asked for.</summary>
    public SupervisedProcess? Rabbit { get; }

    public Uri AmqpUri => new(AmqpAddress);

    internal string AmqpAddress => $"amqp://{User}:{rabbitContext.Password}@127.0.0.1:{rabbitContext.Port}";

    internal ServerPorts Ports { get; }

    internal IEnumerable<SupervisedProcess> Processes => new[] { Postgres, Rabbit, mapper }.OfType<SupervisedProcess>();

    /// <summary>Stops what an earlier start left behind in the folder, then starts both and waits until they answer.</summary>
    public static async Task<LocalServers> Start(string folder, LocalServersOptions? options = null, CancellationToken token = default)
    {
        options ??= new();
        var data = new DataFolder(folder);
        await Leftovers.Stop(data, options.Say);
        var servers = await Prepare(data, options, ServerPorts.Free(), token);
        try
        {
            await Task.WhenAll(servers.StartPostgres(token), servers.StartRabbit(token));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Without creating the database.</summary>
    public string PostgresConnectionString(string database) => PostgresDatabases.ConnectionString(postgresContext, database);

    /// <summary>Does nothing when it exists.</summary>
    public void CreateDatabase(string database) => PostgresDatabases.Create(postgresContext, database);

    public void DropDatabase(string database) => PostgresDatabases.Drop(postgresContext, database);

    /// <summary>A broker of one's own within the broker, empty: what was in a former one of that name is gone.</summary>
    public async Task<Uri> CreateVirtualHost(string name, CancellationToken token = default)
    {
        await Control(["-q", "delete_vhost", name], token);
        await Demand(["-q", "add_vhost", name], token);
        await Demand(["-q", "set_permissions", "-p", name, User, ".*", ".*", ".*"], token);
        return new($"{AmqpAddress}/{name}");
    }

    public async Task DropVirtualHost(string name, CancellationToken token = default) => await Control(["-q", "delete_vhost", name], token);

    /// <summary>Messages that no consumer could handle: the sum over all queues whose name ends with _error.</summary>
    public async Task<int> CountErrorQueueMessages(CancellationToken token = default) => ErrorQueues.Count(await ListQueues(token));

    /// <summary>
    /// Brings what no consumer could handle back to where it failed: everything that lies in <c>_error</c> queues now, or in the one of this queue. What fails
    /// again lands there again.
    /// </summary>
    /// <returns>How many messages of which queue.</returns>
    public async Task<IReadOnlyList<(string Queue, int Messages)>> Redrive(string? queue = null, CancellationToken token = default)
    {
        List<(string, int)> redriven = [];
        foreach (var (error, messages) in ErrorQueues.Read(await ListQueues(token)).Where(it => it.Messages > 0))
        {
            if (queue is null || error == queue + ErrorQueues.Suffix || error == queue)
                redriven.Add((ErrorQueues.Origin(error), await ErrorQueues.Redrive(AmqpUri, error, messages, token)));
        }

        return redriven;
    }

    /// <summary>All databases as they are at one moment, with the checksums to find out whether the copy is still whole.</summary>
    public async Task CopyCluster(string target, CancellationToken token = default)
    {
        var bin = programs.PostgresBin ?? throw new PlatformException("Only the data of an installed PostgreSQL can be copied from here; for containers see docs/deploy.md.");
        var copy = new Command(
            Path.Combine(bin, "pg_basebackup"),
            ["-h", "127.0.0.1", "-p", $"{postgresContext.Port}", "-U", User, "--no-password", "-D", target, "--wal-method=stream", "--checkpoint=fast"])
        {
            Environment = new Dictionary<string, string> { ["PGPASSWORD"] = postgresContext.Password },
        };
        var copied = await Shell.Run(copy, CopyWithin, token);
        if (!copied.Succeeded)
            throw new PlatformException($"pg_basebackup failed: {copied.Output}{copied.Errors}");
    }

    /// <summary>Messages that somebody has yet to consume.</summary>
    public async Task<int> CountWaitingMessages(CancellationToken token = default) => ErrorQueues.CountOthers(await ListQueues(token));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Postgres.Stop(), Rabbit?.Stop() ?? Task.CompletedTask);
        if (mapper is not null)
            await mapper.DisposeAsync();
        else if (installedRabbit is not null)
            await Epmd.End(mapperContext.Port);
    }

    internal static async Task<LocalServers> Prepare(DataFolder folder, LocalServersOptions options, ServerPorts ports, CancellationToken token) =>
        new(folder, await ServerPrograms.Find(folder, options.Rabbit, options.Say, token), options, ports);

    internal Task StartPostgres(CancellationToken token) => Start(Postgres, "PostgreSQL", token);

    internal async Task StartRabbit(CancellationToken token)
    {
        if (Rabbit is null)
            return;
        if (mapper is not null)
            await mapper.Start(token);
        await Start(Rabbit, "RabbitMQ", token);
    }

    /// <summary>Lines "name count", ready and unacknowledged messages together.</summary>
    internal async Task<string> ListQueues(CancellationToken token) => (await Demand(["-q", "list_queues", "name", "messages"], token)).Output;

    /// <summary>What rabbitmqctl answers; throws when it refuses.</summary>
    internal async Task<ShellResult> Demand(string[] arguments, CancellationToken token)
    {
        var result = await Control(arguments, token);
        return result.Succeeded ? result : throw new PlatformException($"rabbitmqctl {string.Join(' ', arguments)} failed: {result.Output}{result.Errors}");
    }

    private async Task Start(SupervisedProcess server, string name, CancellationToken token)
    {
        LogTail.KeepPrevious(folder.Log(server.Name));
        var begun = TimeProvider.System.GetTimestamp();
        options.Say($"Starting {name} on 127.0.0.1:{server.Port} …");
        await server.Start(token);
        options.Say($"{name} is ready ({TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s)");
    }

    private SupervisedProcess Supervise(ProcessPlan plan, int port) => new(plan, folder.Running, port, options.Say);

    private Task<ShellResult> Control(string[] arguments, CancellationToken token) =>
        Shell.Run(installedRabbit?.Control(arguments) ?? Docker.RabbitControl(folder, arguments), TimeSpan.FromSeconds(30), token);
}
