using Npgsql;

namespace Oms.Testing;

/// <summary>A database that lives as long as its test class.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly string server;
    private readonly string name;

    private TestDatabase(string server, string name) => (this.server, this.name) = (server, name);

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;

    public static TestDatabase Create(string service)
    {
        var database = new TestDatabase(TestServers.Postgres, $"test_{service}_{Guid.CreateVersion7():N}");
        database.Execute($"create database {database.name}");
        return database;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        Execute($"drop database if exists {name} with (force)");
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
