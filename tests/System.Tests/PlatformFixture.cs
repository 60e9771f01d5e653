using Oms.AppHost.Local;

[assembly: AssemblyFixture(typeof(Oms.SystemTests.PlatformFixture))]

// They share one platform, and some of them kill parts of it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Oms.SystemTests;

/// <summary>The whole platform as real processes, over an empty data folder of its own. It starts when a test first asks for it.</summary>
public sealed class PlatformFixture : IAsyncDisposable
{
    private readonly string folder = TemporaryFolder.Create("oms-system-tests-");
    private readonly Lazy<Platform> platform;

    public PlatformFixture() => platform = new(() => Platform.Start(new() { Folder = folder, Environment = ShortLife.Environment }).GetAwaiter().GetResult());

    public Platform Platform => platform.Value;

    /// <summary>A merchant with an API key.</summary>
    public Merchant Merchant() => SystemTests.Merchant.Of(Platform);

    public async ValueTask DisposeAsync()
    {
        if (platform.IsValueCreated)
            await platform.Value.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
