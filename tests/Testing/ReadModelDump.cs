using System.Text.Json;
using Marten;
using Npgsql;
using Oms.ServiceDefaults;

namespace Oms.Testing;

/// <summary>What a service's read models hold, down to the columns beside the documents, and how to damage and rebuild it.</summary>
public sealed class ReadModelDump(IDocumentStore store)
{
    /// <summary>Every row of these tables as text, without what is new each time it is written: the time, and a version that counts nothing.</summary>
    public async Task<IReadOnlyList<string>> Rows(params string[] tables)
    {
        List<string> rows = [];
        foreach (var table in tables)
            rows.AddRange(await Query(
                $"""
                 select '{table} ' || (to_jsonb(d) - 'mt_last_modified' - case pg_typeof(mt_version)::text when 'uuid' then 'mt_version' else '' end)::text
                 from {EventStore.Schema}.mt_doc_{table} d order by id
                 """));
        return rows;
    }

    /// <summary>Changes so many rows behind everybody's back.</summary>
    public async Task Tamper(int rows, string sql)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        var changed = await command.ExecuteNonQueryAsync();
        if (changed != rows)
            throw new InvalidOperationException($"{changed} rows and not {rows} were changed by: {sql}");
    }

    public async Task<IReadOnlyDictionary<string, JsonElement>> Rebuild(bool force = false)
    {
        List<JsonElement> lines = [];
        await ServiceDefaults.Rebuild.Run(store, force, line =>
        {
            lines.Add(JsonSerializer.Deserialize<JsonElement>(line));
            return Task.CompletedTask;
        }, CancellationToken.None);
        return lines.ToDictionary(it => it.GetProperty("readModel").GetString()!);
    }

    private async Task<IReadOnlyList<string>> Query(string sql)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
