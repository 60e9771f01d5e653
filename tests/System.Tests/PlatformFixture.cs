using System.Net.Http.Headers;
using Oms.AppHost.Local;

[assembly: AssemblyFixture(typeof(Oms.SystemTests.PlatformFixture))]

// They share one platform, and some of them kill parts of it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Oms.SystemTests;

/// <summary>The whole platform as real processes, over an empty data folder of its own.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("oms-system-tests-").FullName;
    private Platform? platform;

    public Platform Platform => platform ?? throw new InvalidOperationException("The platform has not started.");

    public async ValueTask InitializeAsync() => platform = await Platform.Start(new() { Folder = folder });

    /// <summary>A merchant with an API key.</summary>
    public Merchant Merchant()
    {
        var client = new HttpClient { BaseAddress = Platform.Gateway, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Platform.ApiKey);
        return new(client);
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
            await platform.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
