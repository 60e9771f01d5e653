using System.Diagnostics;
using Oms.AppHost.Local;
using Oms.Bench.Measuring;

namespace Oms.Bench.Load;

/// <summary>
/// The platform that is measured: one that this process starts over a data folder of its own, which is removed at the end, or one that runs already.
/// </summary>
internal sealed class Ground(BenchOptions options, Action<string> say, TimeProvider clock) : IAsyncDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"oms-bench-{Guid.CreateVersion7():N}");
    private Platform? platform;
    private Api? api;

    /// <summary>False for a platform that somebody else has started: then what needs its inside is left out.</summary>
    public bool IsOwn => options.Gateway is null;

    public Platform Platform => platform ?? throw new BenchException("This needs a platform that the bench has started itself.");

    public Api Api => api ?? throw new InvalidOperationException("The platform has not started.");

    public ProcessSet Processes { get; private set; } = new(() => []);

    /// <summary>Null when it is not known.</summary>
    public Uri? Broker => IsOwn ? Platform.Servers.AmqpUri : null;

    public string? Database(string name) => IsOwn ? Platform.Servers.PostgresConnectionString(name) : null;

    /// <summary>How long the start took, until everything was healthy.</summary>
    public async Task<TimeSpan> Start(
        IReadOnlyDictionary<string, int>? replicas = null, IReadOnlyDictionary<string, string>? environment = null, CancellationToken token = default)
    {
        var begun = clock.GetTimestamp();
        if (IsOwn)
        {
            platform = await Platform.Start(new()
            {
                Folder = folder,
                Port = int.TryParse(Environment.GetEnvironmentVariable("OMS_PORT"), out var port) ? port : 0,
                Replicas = replicas ?? new Dictionary<string, int>(),
                Environment = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["Oms__RequestsPerSecond"] = "1000000" },
            }, token);
            Processes = new(Running);
        }
        else
            Processes = PlatformProcesses.Behind(options.Gateway!);
        var elapsed = clock.GetElapsedTime(begun);
        api = new(options.Gateway ?? Platform.Gateway, options.ApiKey ?? Platform.ApiKey);
        say($"Healthy after {elapsed.TotalSeconds:0.0} s: {string.Join(", ", Processes.Numbers().Select(it => $"{it.Name} {it.Pid}"))}");
        return elapsed;
    }

    /// <summary>A service's program with other arguments, in the environment of the service.</summary>
    public ProcessStartInfo ServiceCommand(string project, params string[] arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, $"{project}.dll"));
        var info = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [program, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Platform.ConnectionStrings)
            info.Environment[$"ConnectionStrings__{name}"] = value;
        info.Environment["Oms__ServiceTokenKey"] = new DataFolder(folder).Secret("service-token-key");
        info.Environment["DOTNET_ENVIRONMENT"] = info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return info;
    }

    /// <summary>Over the same data.</summary>
    public async Task<TimeSpan> Restart(
        IReadOnlyDictionary<string, int>? replicas = null, IReadOnlyDictionary<string, string>? environment = null, CancellationToken token = default)
    {
        await Stop();
        return await Start(replicas, environment, token);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task Stop()
    {
        api?.Dispose();
        api = null;
        if (platform is not null)
            await platform.DisposeAsync();
        platform = null;
        Npgsql.NpgsqlConnection.ClearAllPools();
    }

    private List<(string Name, int Pid)> Running() =>
    [
        .. Platform.Services.Select(it => (it.Process.Name, it.Process.Pid)),
        ("postgres", Platform.Servers.Postgres.Pid),
        ("rabbitmq", Platform.Servers.Rabbit?.Pid ?? 0),
        .. ProcessTimes.All().Where(stat => stat.Name == "epmd" && stat.Parent == Environment.ProcessId).Select(stat => (stat.Name, stat.Pid)),
    ];
}
