using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

/// <summary>One process of a service.</summary>
public sealed record ServiceProcess(string Service, int Replica, Uri Address, SupervisedProcess Process);

/// <summary>All processes of all services of one platform.</summary>
internal sealed class ServiceFleet(PlatformOptions options, DataFolder folder, IReadOnlyList<ProjectResource> projects) : IAsyncDisposable
{
    private static readonly HttpClient Health = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Dictionary<string, Uri[]> addresses = projects.ToDictionary(project => project.Name, project => AddressesOf(project, options));
    private readonly List<LineLog> logs = [];
    private readonly List<ServiceProcess> processes = [];
    private readonly List<ServiceProcess> beside = [];
    private PlatformAddresses? platform;

    public IReadOnlyList<ServiceProcess> Processes => processes;

    public Uri Gateway => addresses[projects.First(project => project.IsExternal).Name][0];

    public IReadOnlyList<Uri> Addresses(string service) => addresses[service];

    public ServiceProcess Find(string name, int replica) =>
        processes.Find(process => process.Service == name && process.Replica == replica)
        ?? throw new ArgumentException($"There is no process {replica} of '{name}'.", nameof(name));

    /// <summary>What can be known to fail is said before anything starts.</summary>
    public void Check()
    {
        if (options.Port != 0 && !Ports.IsFree(options.Port))
            throw new PlatformException($"Port {options.Port} is in use. Choose another one for the gateway: OMS_PORT=<port>.");
        foreach (var project in projects)
            ServiceBinaries.Find(options.BinFolder, project.Project);
    }

    public void Prepare(PlatformAddresses all)
    {
        platform = all;
        foreach (var project in projects)
        {
            foreach (var (replica, address) in addresses[project.Name].Index())
                processes.Add(new(project.Name, replica, address, Supervise(project, replica, address, options.Environment)));
        }
    }

    /// <summary>One more process of a service, beside those of the fleet and not started; who shall know of it has to be told its address.</summary>
    public ServiceProcess Beside(string service, Uri address, IReadOnlyDictionary<string, string> environment)
    {
        var project = projects.First(known => known.Name == service);
        var replica = addresses[service].Length + beside.Count(process => process.Service == service);
        var process = new ServiceProcess(service, replica, address, Supervise(project, replica, address, options.Environment.Concat(environment)));
        beside.Add(process);
        return process;
    }

    /// <summary>Runs the program of a service to its end, with what its first process finds in its environment.</summary>
    public async Task<string> Run(ProjectResource project, TimeSpan within, CancellationToken token, params string[] arguments)
    {
        var program = ServiceBinaries.Find(options.BinFolder, project.Project);
        var environment = Settings(project, addresses[project.Name][0], options.Environment);
        var result = await Shell.Run(new Command(ServiceBinaries.Dotnet(), [program, .. arguments]) { Environment = environment }, within, token);
        return result.Succeeded ? result.Output.Trim() : throw new PlatformException($"{project.Name} {string.Join(' ', arguments)} failed: {result.Output}{result.Errors}");
    }

    public async Task Start(ProjectResource project, CancellationToken token)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var own = processes.Where(process => process.Service == project.Name).ToList();
        await Task.WhenAll(own.Select(process => process.Process.Start(token)));
        var where = string.Join(", ", own.Select(process => process.Address.Authority));
        options.Say($"{project.Name} is healthy on {where} ({TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s)");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(processes.Concat(beside).Select(process => process.Process.DisposeAsync().AsTask()));
        logs.ForEach(log => log.Dispose());
    }

    private SupervisedProcess Supervise(ProjectResource project, int replica, Uri address, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var name = replica == 0 ? project.Name : $"{project.Name}-{replica + 1}";
        var environment = Settings(project, address, settings);
        var program = ServiceBinaries.Find(options.BinFolder, project.Project);
        var log = new LineLog(folder.Log(name));
        logs.Add(log);
        var command = new Command(ServiceBinaries.Dotnet(), [program]) { Environment = environment, Folder = Path.GetDirectoryName(program) };
        var plan = new ProcessPlan(name, command)
        {
            IsReady = token => IsHealthy(new(address, project.HealthPath), token),
            LogFile = folder.Log(name),
            OnLine = line =>
            {
                log.Write(line);
                options.Line(name, line);
            },
            Attempts = 3,
            // Otherwise a stranger on the port would answer the health check in the service's place.
            BeforeStart = _ => Ports.IsFree(address.Port)
                ? Task.CompletedTask
                : throw new PlatformException($"cannot have port {address.Port}: another process listens on it"),
        };
        return new(plan, folder.Running, address.Port, options.Say);
    }

    private Dictionary<string, string> Settings(ProjectResource project, Uri address, IEnumerable<KeyValuePair<string, string>> more)
    {
        var environment = ServiceEnvironment.Of(project, address, $"{Guid.CreateVersion7()}", platform!, Environment.GetEnvironmentVariable);
        foreach (var (key, value) in more)
            environment[key] = value;
        return environment;
    }

    private static Uri[] AddressesOf(ProjectResource project, PlatformOptions options) =>
        [.. Enumerable.Range(0, options.Replicas.GetValueOrDefault(project.Name, project.Replicas)).Select(_ => new Uri($"http://127.0.0.1:{PortOf(project, options)}"))];

    private static int PortOf(ProjectResource project, PlatformOptions options) => project.IsExternal && options.Port != 0 ? options.Port : Ports.Free();

    private static async Task<bool> IsHealthy(Uri address, CancellationToken token)
    {
        try
        {
            using var response = await Health.GetAsync(address, token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException && !token.IsCancellationRequested)
        {
            return false;
        }
    }
}
