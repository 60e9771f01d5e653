using Npgsql;

namespace Oms.Bench.Load;

/// <summary>A table that is about to receive many rows: its indexes are built afterwards, which takes a fraction of the time.</summary>
internal sealed class BulkTable(string connectionString, string name)
{
    private readonly List<string> indexes = [];

    public string ConnectionString => connectionString;

    public string Name => $"oms.{name}";

    public async Task<IReadOnlyList<(string Name, string Type)>> Columns(CancellationToken token)
    {
        await using var connection = await Open(token);
        await using var command = new NpgsqlCommand(
            $"""
             select attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid
             where attrelid = '{Name}'::regclass and attnum > 0 and not attisdropped order by attnum
             """, connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        List<(string, string)> columns = [];
        while (await reader.ReadAsync(token))
            columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns;
    }

    public async Task<List<byte[]?[]>> Rows(string condition, CancellationToken token)
    {
        await using var connection = await Open(token);
        return await PgCopy.Read(connection, $"select * from {Name} where {condition}", token);
    }

    /// <summary>Those that are no constraints.</summary>
    public async Task DropIndexes(CancellationToken token)
    {
        await using var connection = await Open(token);
        await using (var command = new NpgsqlCommand(
            $"""
             select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index i
             where indrelid = '{Name}'::regclass and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
             """, connection))
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token))
                indexes.AddRange($"drop index {reader.GetString(0)}", reader.GetString(1));
        }
        foreach (var drop in indexes.Where(it => it.StartsWith("drop ", StringComparison.Ordinal)))
            await Execute(connection, drop, token);
        indexes.RemoveAll(it => it.StartsWith("drop ", StringComparison.Ordinal));
    }

    /// <summary>Indexes, statistics and the visibility map, as autovacuum would leave them behind.</summary>
    public async Task Settle(CancellationToken token)
    {
        await using var connection = await Open(token);
        await Execute(connection, "set maintenance_work_mem = '512MB'", token);
        foreach (var create in indexes)
            await Execute(connection, create, token);
        indexes.Clear();
        await Execute(connection, $"vacuum (analyze) {Name}", token);
    }

    private async Task<NpgsqlConnection> Open(CancellationToken token)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(token);
        return connection;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(token);
    }
}
