using System.Net.Http.Headers;
using Npgsql;
using Oms.AppHost.Local;

namespace Oms.SystemTests.Reconciliation;

/// <summary>A platform of its own, because its stores are damaged on purpose; and what its operators have at hand: SQL and the command line.</summary>
public sealed class StoresFixture : IAsyncLifetime
{
    private readonly string folder = TemporaryFolder.Create("oms-reconciliation-");
    private Platform? platform;

    public Merchant Merchant { get; private set; } = null!;

    private Platform Platform => platform ?? throw new InvalidOperationException("The platform has not started.");

    public async ValueTask InitializeAsync()
    {
        platform = await Platform.Start(new() { Folder = folder, Environment = ShortLife.Environment });
        var client = new HttpClient { BaseAddress = platform.Gateway, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.ApiKey);
        Merchant = new(client);
    }

    public Task Kill(string service) => Platform.Kill(service);

    /// <summary>Changes so many rows behind everybody's back.</summary>
    public async Task Change(string database, int rows, string sql)
    {
        await using var connection = new NpgsqlConnection(Platform.ConnectionStrings[$"{database}db"]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        (await command.ExecuteNonQueryAsync()).ShouldBe(rows, sql);
    }

    /// <summary>The one value that a query finds.</summary>
    public async Task<T> Read<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Platform.ConnectionStrings[$"{database}db"]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync()).ShouldNotBeNull(sql);
    }

    /// <summary>The launcher in a process of its own, on the same data folder.</summary>
    public Task<(int ExitCode, string Output)> Launch(params string[] options) =>
        Programs.Run("AppHost", new Dictionary<string, string?> { ["OMS_HOME"] = folder }, options);

    /// <summary>A service's program beside the running service, as an operator starts it.</summary>
    public Task<(int ExitCode, string Output)> RunService(string project, params string[] arguments) => Programs.RunService(Platform, project, arguments);

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
        {
            // Nobody is left whom they would have to part from in order.
            await Task.WhenAll(platform.Services.Select(process => process.Process.KillForGood()));
            await platform.DisposeAsync();
        }
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
