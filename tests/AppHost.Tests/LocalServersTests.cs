using Npgsql;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>Real servers in a folder of their own.</summary>
public sealed class LocalServersTests : IDisposable
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("oms-test-");
    private static readonly LocalServersOptions WithoutBroker = new() { Rabbit = false };
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task data_survive_a_crash_and_a_restart_the_broker_comes_back_when_it_is_wanted_and_nothing_is_left_behind()
    {
        await using (var servers = await Start())
        {
            servers.CreateDatabase("workdb");
            await Execute(servers, "create table notes(text text); insert into notes values ('kept')");
            var (port, pid) = (servers.Postgres.Port, servers.Postgres.Pid);
            await servers.Postgres.Kill(Token);
            await servers.Postgres.WaitUntilReady(Token);
            servers.Postgres.Pid.ShouldNotBe(pid);
            servers.Postgres.Port.ShouldBe(port);
            (await Execute(servers, "select text from notes")).ShouldBe("kept");

            await servers.Rabbit!.Stop();
            (await AmqpProbe.Answers(servers.Rabbit.Port, Token)).ShouldBeFalse();
            await servers.Rabbit.Start(Token);
            (await AmqpProbe.Answers(servers.Rabbit.Port, Token)).ShouldBeTrue();
            (await servers.CreateVirtualHost("tests", Token)).AbsolutePath.ShouldBe("/tests");
            (await servers.CountErrorQueueMessages(Token)).ShouldBe(0);
        }

        new DataFolder(temporary.FullName).Running.Read().ShouldBeEmpty();
        StandIn.ProcessesOn(temporary.FullName).ShouldBeEmpty();
        await using var again = await Start(WithoutBroker);
        (await Execute(again, "select text from notes")).ShouldBe("kept");
    }

    [Fact]
    public async Task the_database_is_not_killed_while_it_writes_everything_to_disk()
    {
        await using (var servers = await Start(WithoutBroker))
        {
            servers.CreateDatabase("workdb");
            var checkpointer = $"{await Execute(servers, "select pid from pg_stat_activity where backend_type = 'checkpointer'")}";
            Shell.Run("kill", "-STOP", checkpointer);
            try
            {
                var stopping = servers.Postgres.Stop();
                // Longer than processes get that have nothing to write.
                using var moment = new PeriodicTimer(TimeSpan.FromSeconds(7));
                (await Task.WhenAny(stopping, moment.WaitForNextTickAsync(Token).AsTask())).ShouldNotBe(stopping);
                Shell.Run("kill", "-CONT", checkpointer);
                await stopping;
            }
            finally
            {
                Shell.Run("kill", "-CONT", checkpointer);
            }
        }

        await using var again = await Start(WithoutBroker);
        (await Execute(again, "select 'works'")).ShouldBe("works");
    }

    public void Dispose()
    {
        ClusterFolder.Of(new(temporary.FullName)).Delete();
        temporary.Delete(recursive: true);
    }

    private static async Task<object?> Execute(LocalServers servers, string sql)
    {
        await using var connection = new NpgsqlConnection(servers.PostgresConnectionString("workdb") + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }

    private Task<LocalServers> Start(LocalServersOptions? options = null) =>
        LocalServers.Start(temporary.FullName, (options ?? new()) with { Say = text => TestContext.Current.SendDiagnosticMessage(text) }, Token);
}
