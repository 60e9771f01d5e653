using Oms.AppHost.Local;
using Oms.Testing;

// They share one platform, and some of them kill parts of it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Oms.SystemTests.Faults;

/// <summary>One platform for all that breaks it, and for the journeys, which find it whole again: two processes of Order and of Inventory, and <c>tests/Faults</c> loaded into every service.</summary>
[CollectionDefinition]
public sealed class FaultCollection : ICollectionFixture<FaultPlatform>;

public sealed class FaultPlatform : IAsyncLifetime
{
    public static readonly string[] Services = ["order", "inventory", "routing", "shipping", "returns", "customer"];

    private readonly string folder = TemporaryFolder.Create("oms-fault-tests-");
    private Platform? platform;
    private Shelves? shelves;

    public Platform Platform => platform ?? throw new InvalidOperationException("The platform has not started.");

    /// <summary>Loads the faults into a process of a service.</summary>
    public Dictionary<string, string> Hook => new() { ["DOTNET_STARTUP_HOOKS"] = Library(), ["OMS_FAULTS"] = FaultsFolder };

    public LocalServers Servers => Platform.Servers;

    public int Replicas(string service) => Platform.Services.Count(process => process.Service == service);

    public int Starts(string service) => Platform.Services.Where(process => process.Service == service).Sum(process => process.Process.Starts);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(FaultsFolder);
        platform = await Platform.Start(new()
        {
            Folder = folder,
            Replicas = new Dictionary<string, int> { ["order"] = 2, ["inventory"] = 2 },
            Environment = ShortLife.Environment.Concat(Hook).Append(new("Oms__DrainSeconds", "4")).Append(new("Oms__Identity__RedirectUris", Browser.Application)).ToDictionary(),
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
        {
            // Nobody is left whom they would have to part from in order.
            await Task.WhenAll(platform.Services.Select(process => process.Process.KillForGood()));
            await platform.DisposeAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What the last test has left, unless it has left something reserved; then other items.</summary>
    internal async Task<Shelves> FilledShelves()
    {
        var merchant = Merchant.Of(Platform);
        if (shelves is null || await shelves.AsTheyAre(merchant) is not { } clean)
            return shelves = await Shelves.Fill(merchant);
        return shelves = clean;
    }

    /// <summary>One process of the service dies when it comes to this point for the so-manieth time, with a commit of so many streams (any number if not given).</summary>
    public void CrashAt(string service, string point, int pass = 1, Range? streams = null)
    {
        var (fewest, most) = streams is { } range ? (range.Start.Value, range.End.IsFromEnd ? int.MaxValue : range.End.Value) : (1, int.MaxValue);
        Tell($"{service}.{point}", $"{pass} {Math.Max(fewest, 1)} {most}");
    }

    public bool HasStruck(string service, string point) => File.Exists(Path.Combine(FaultsFolder, $"{service}.{point}.struck"));

    public void MoveClock(string service, TimeSpan by) => Tell($"{service}.clock", $"{by}");

    /// <summary>Says something to all services: <c>messages</c>, <c>poison</c>.</summary>
    public void Tell(string name, string text)
    {
        var draft = Path.Combine(FaultsFolder, $"{name}.draft");
        File.WriteAllText(draft, text);
        File.Move(draft, Path.Combine(FaultsFolder, name), overwrite: true);
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Calm()
    {
        foreach (var file in Directory.GetFiles(FaultsFolder))
            File.Delete(file);
    }

    /// <summary>Until every process answers.</summary>
    public Task WholeAgain(CancellationToken token) => Task.WhenAll(Platform.Services.Select(process => process.Process.WaitUntilReady(token)));

    private string FaultsFolder => Path.Combine(folder, "faults");

    // artifacts/bin/System.Tests/debug → artifacts/bin/Faults/debug
    private static string Library()
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, "Faults", own.Name, "Faults.dll");
    }
}
