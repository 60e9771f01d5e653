using Npgsql;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests.Deploy;

/// <summary>As a container is started in production: its settings are files, and its database is brought up to date by a step of its own.</summary>
[Collection(typeof(FaultCollection))]
public sealed class DatabaseStepTests(FaultPlatform platform) : IDisposable
{
    private const string Database = "step_customerdb";
    private const string VirtualHost = "step";
    private readonly string secrets = TemporaryFolder.Create("oms-secrets-");

    [Fact]
    public async Task A_database_is_made_and_brought_up_to_date_from_secrets_in_files()
    {
        platform.Servers.CreateDatabase(Database);
        await Secret("ConnectionStrings__customerdb", platform.Servers.PostgresConnectionString(Database));
        var broker = await platform.Servers.CreateVirtualHost(VirtualHost, TestContext.Current.CancellationToken);
        await Secret("ConnectionStrings__messaging", $"{broker}");
        await Secret("Oms__ServiceTokenKey", Convert.ToBase64String(new byte[32]) + "\n");

        // Nothing else makes it, however the service is used.
        (await Programs.Run("Customer", Production, "rebuild")).ExitCode.ShouldNotBe(0);
        (await Tables()).ShouldBeEmpty();

        (await Step()).ShouldBe(0);
        var tables = await Tables();
        tables.ShouldContain("mt_events");
        tables.ShouldContain("mt_doc_customer");
        (await Queues("-p", VirtualHost)).ShouldContainKey("customer-orders");

        (await Step()).ShouldBe(0);
        (await Tables()).ShouldBe(tables);
    }

    /// <summary>The step of the next version comes while today's processes work: what waits in the queues is theirs.</summary>
    [Fact]
    public async Task Beside_a_working_platform_the_step_takes_nothing_from_the_queues_and_ends()
    {
        const string Queue = "inventory-stock";
        using var load = await Load.Prepare(platform, orders: 12);
        var away = platform.Platform.Services.Where(process => process.Service == "inventory").Select(process => process.Process).ToArray();
        await Task.WhenAll(away.Select(process => process.KillForGood()));
        try
        {
            await load.Caller.Import("/v1/orders/import", load.Orders.Select(order => order.Body));
            var wanted = load.Orders.Count(order => order.Fate is Fate.Delivered);
            var before = await PatientCaller.Until("The reservations", async () => (await Waiting() is var count && count >= wanted ? (object)count : null, $"{count} wait"));

            var (exitCode, output) = await Programs.RunService(platform.Platform, "Inventory", "db-apply");
            exitCode.ShouldBe(0, output);
            (await Waiting()).ShouldBeGreaterThanOrEqualTo((int)before);
        }
        finally
        {
            await Task.WhenAll(away.Select(process => process.Start()));
        }
        await load.While(() => Task.CompletedTask);
        await Invariants.Hold(platform, load);

        async Task<int> Waiting() => (await Queues())[Queue];
    }

    [Fact]
    public async Task Without_its_secrets_a_service_says_what_is_missing_and_ends()
    {
        var (exitCode, output) = await Programs.Run("Customer", Production, "db-apply");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("Oms__ServiceTokenKey is not set.");
    }

    public void Dispose() => Directory.Delete(secrets, recursive: true);

    private async Task<Dictionary<string, int>> Queues(params string[] where)
    {
        var listed = await platform.Servers.Demand(["-q", "list_queues", "--no-table-headers", .. where, "name", "messages"], TestContext.Current.CancellationToken);
        return listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(line => line[0], line => int.Parse(line[1]));
    }

    private Dictionary<string, string?> Production => new() { ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production", ["OMS_SECRETS"] = secrets };

    private Task Secret(string name, string value) => File.WriteAllTextAsync(Path.Combine(secrets, name), value);

    private async Task<int> Step()
    {
        var (exitCode, output) = await Programs.Run("Customer", Production, "db-apply");
        if (exitCode != 0)
            TestContext.Current.TestOutputHelper?.WriteLine(output);
        return exitCode;
    }

    private async Task<List<string>> Tables()
    {
        await using var database = NpgsqlDataSource.Create(platform.Servers.PostgresConnectionString(Database) + ";Pooling=false");
        await using var command = database.CreateCommand("select table_name from information_schema.tables where table_schema = 'oms' order by 1");
        await using var reader = await command.ExecuteReaderAsync();
        List<string> tables = [];
        while (await reader.ReadAsync())
            tables.Add(reader.GetString(0));
        return tables;
    }
}
