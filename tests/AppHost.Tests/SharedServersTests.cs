using System.Diagnostics;
using Npgsql;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

public sealed class SharedServersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("oms-test-");
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_first_starts_them_the_dead_do_not_count_and_the_last_stops_them()
    {
        using var first = StandIn.Start(temporary.FullName, 0, "share");
        using var second = StandIn.Start(temporary.FullName, 0, "share");
        var server = await Line(first);
        (await Line(second)).ShouldBe(server);

        first.Kill();
        await first.WaitForExitAsync(Token);
        using var third = StandIn.Start(temporary.FullName, 0, "share");
        (await Line(third)).ShouldBe(server);
        await Leave(second);
        (await Answers(server)).ShouldBeTrue();

        await Leave(third);
        (await Answers(server)).ShouldBeFalse();
        StandIn.ProcessesOn(temporary.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task one_process_may_ask_twice()
    {
        await using var first = await SharedServers.Acquire(rabbit: false, Token);
        await using var second = await SharedServers.Acquire(rabbit: true, Token);
        var database = $"shared_{Guid.NewGuid():N}";
        second.PostgresConnectionString(database).ShouldBe(first.PostgresConnectionString(database));
        (await AmqpProbe.Answers(second.AmqpUri.Port, Token)).ShouldBeTrue();
        second.DropDatabase(database);
    }

    public void Dispose()
    {
        DataFolder folder = new(Path.Combine(temporary.FullName, "tests"));
        Leftovers.Kill(folder);
        ClusterFolder.Of(folder).Delete();
        temporary.Delete(recursive: true);
    }

    private static async Task<string> Line(Process process) =>
        await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Patience, Token)
        ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Token));

    private static async Task Leave(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token).WaitAsync(Patience, Token);
    }

    private static async Task<bool> Answers(string connectionString)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(Token);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
