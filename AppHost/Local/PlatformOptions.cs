using Aspire.Hosting.ApplicationModel;

namespace Oms.AppHost.Local;

public sealed record PlatformOptions
{
    /// <summary>The data folder: OMS_HOME, or .oms in the repository.</summary>
    public string Folder { get; init; } = DataFolder.DefaultPath();

    /// <summary>The gateway's port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What to run; by default what AppHost.cs describes (the caller's project references AppHost).</summary>
    public IReadOnlyList<IResource>? Resources { get; init; }

    /// <summary>Where the build put the services, one folder per project.</summary>
    public string BinFolder { get; init; } = ServiceBinaries.DefaultFolder;

    public IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int>();

    /// <summary>Added to every service's environment, over what the app host says.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What happens, for people.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>The services' log lines, which are in the data folder in any case.</summary>
    public Action<string, string> Line { get; init; } = (_, _) => { };
}

/// <summary>A platform that is up, for whoever wants to use it.</summary>
public sealed record RunningPlatform(
    Uri Gateway,
    string ApiKey,
    string DataFolder,
    IReadOnlyDictionary<string, string> ConnectionStrings,
    Func<CancellationToken, Task<int>> CountErrorQueueMessages);
