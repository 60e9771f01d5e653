using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

/// <summary>The whole system as processes on this machine: servers, services, gateway.</summary>
public sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan RetellWithin = TimeSpan.FromMinutes(10);

    private readonly PlatformOptions options;
    private readonly IReadOnlyList<IResource> resources;
    private readonly DataFolder folder;
    private readonly IDisposable held;
    private readonly ServiceFleet fleet;
    private LocalServers? servers;

    private Platform(PlatformOptions options)
    {
        this.options = options;
        resources = options.Resources ?? AppHostModel.Load();
        folder = new(options.Folder);
        held = folder.Lock();
        fleet = new(options, folder, [.. resources.OfType<ProjectResource>()]);
    }

    public Uri Gateway => fleet.Gateway;

    public string ApiKey => folder.Secret("api-key");

    public string DataFolder => folder.FullPath;

    public LocalServers Servers => servers ?? throw new InvalidOperationException("The platform has not started.");

    /// <summary>All processes of all services, with their addresses.</summary>
    public IReadOnlyList<ServiceProcess> Services => fleet.Processes;

    /// <summary>By the name under which the app host knows them: orderdb …, messaging.</summary>
    public IReadOnlyDictionary<string, string> ConnectionStrings => resources
        .OfType<IResourceWithConnectionString>()
        .Where(resource => resource is not PostgresServerResource)
        .ToDictionary(resource => resource.Name, ConnectionStringOf);

    /// <summary>Completes when everything is healthy; if anything cannot be started, everything is stopped again.</summary>
    public static async Task<Platform> Start(PlatformOptions? options = null, CancellationToken token = default)
    {
        var platform = new Platform(options ?? new());
        try
        {
            platform.folder.Announce(null);
            await platform.StartAll(token);
            platform.folder.Announce(platform.Gateway);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public SupervisedProcess Process(string name, int replica = 0) => fleet.Find(name, replica).Process;

    public Uri Address(string name, int replica = 0) => fleet.Find(name, replica).Address;

    /// <summary>One more process of a service, not started, under these settings.</summary>
    public ServiceProcess Beside(string service, Uri address, IReadOnlyDictionary<string, string> environment) => fleet.Beside(service, address, environment);

    /// <summary>SIGKILL; it is started again by itself.</summary>
    public Task Kill(string name, int replica = 0) => Process(name, replica).Kill();

    public Task Restart(string name, int replica = 0) => Process(name, replica).Restart();

    /// <summary>Has every service tell the others once more what has happened to it since then.</summary>
    internal Task Retell(DateTimeOffset since, CancellationToken token) => Task.WhenAll(resources.OfType<ProjectResource>()
        .Where(project => project.Connections.Exists(connection => connection.Source is RabbitMQServerResource))
        .Select(async project => options.Say($"{project.Name}: {await fleet.Run(project, RetellWithin, token, "retell", "--since", $"{since:O}")}")));

    public RunningPlatform Describe() => new(Gateway, ApiKey, DataFolder, ConnectionStrings, Servers.CountErrorQueueMessages);

    public async ValueTask DisposeAsync()
    {
        folder.Announce(null);
        await fleet.DisposeAsync();
        if (servers is not null)
            await servers.DisposeAsync();
        held.Dispose();
    }

    private async Task StartAll(CancellationToken token)
    {
        await Leftovers.Stop(folder, options.Say);
        fleet.Check();
        var serverOptions = new LocalServersOptions { Rabbit = resources.OfType<RabbitMQServerResource>().Any(), Say = options.Say };
        servers = await LocalServers.Prepare(folder, serverOptions, ServerPorts.Free().KeepIn(folder), token);
        fleet.Prepare(new(ConnectionStringOf, fleet.Addresses, folder.Secret));
        await new StartOrder(resources, StartOne).Run(token);
    }

    private Task StartOne(IResource resource, CancellationToken token) => resource switch
    {
        PostgresServerResource => Servers.StartPostgres(token),
        PostgresDatabaseResource database => Task.Run(() => Servers.CreateDatabase(database.DatabaseName), token),
        RabbitMQServerResource => Servers.StartRabbit(token),
        ProjectResource project => fleet.Start(project, token),
        _ => Task.CompletedTask,
    };

    private string ConnectionStringOf(IResourceWithConnectionString resource) => resource switch
    {
        PostgresServerResource => Servers.PostgresConnectionString("postgres"),
        PostgresDatabaseResource database => Servers.PostgresConnectionString(database.DatabaseName),
        _ => Servers.AmqpAddress,
    };
}
