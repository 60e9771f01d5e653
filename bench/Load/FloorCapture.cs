using Npgsql;

namespace Oms.Bench.Load;

/// <summary>
/// Finds out what placing an order writes by watching it: triggers copy every row that is inserted while some orders are placed, and are gone afterwards.
/// </summary>
internal static class FloorCapture
{
    private const string Watched = "oms";
    private const string Schema = "bench_capture";
    private const string OrderTable = "mt_doc_order";

    /// <param name="place">Places some orders.</param>
    /// <param name="floorDatabase">Where the tables are created.</param>
    public static async Task<Floor> Watch(string orderDatabase, string floorDatabase, Func<Task> place, TimeProvider clock, CancellationToken token)
    {
        await using var orders = new NpgsqlConnection(orderDatabase);
        await orders.OpenAsync(token);
        var tables = await Texts(
            orders, $"select relname from pg_class where relnamespace = '{Watched}'::regnamespace and relkind in ('r', 'p') and not relispartition", token);
        await Run(orders, $"drop schema if exists {Schema} cascade; create schema {Schema}", token);
        // One table at a time: whoever locks several waits in a circle with those that work.
        foreach (var table in tables)
            await Run(orders, TriggerOf(table), token);
        List<FloorRow[]> rows;
        List<FloorTable> written = [];
        try
        {
            await place();
            var captured = new List<(long Commit, FloorRow Row)>();
            foreach (var name in tables)
            {
                var found = await Read(orders, name, token);
                captured.AddRange(found);
                if (found.Count > 0)
                    written.Add(found[0].Row.Table);
            }
            rows = [.. captured.GroupBy(it => it.Commit).Select(it => it.Select(one => one.Row).ToArray())];
        }
        finally
        {
            foreach (var table in tables)
                await Run(orders, $"drop trigger if exists {Schema} on {Watched}.{table}", CancellationToken.None);
            await Run(orders, $"drop schema {Schema} cascade", CancellationToken.None);
        }
        if (rows.Count == 0)
            throw new BenchException("No order was seen being placed.");
        await Build(orders, floorDatabase, written, token);
        return new(floorDatabase, rows, clock);
    }

    private static string TriggerOf(string table) => $"""
        create table {Schema}.{table} as select 0::bigint as bench_commit, t.* from {Watched}.{table} t limit 0;
        create function {Schema}.on_{table}() returns trigger language plpgsql as
          $$ begin insert into {Schema}.{table} select pg_current_xact_id()::text::bigint, (new).*; return null; end $$;
        create trigger {Schema} after insert on {Watched}.{table} for each row execute function {Schema}.on_{table}();
        """;

    /// <summary>Only of commits in which an order began.</summary>
    private static async Task<List<(long Commit, FloorRow Row)>> Read(NpgsqlConnection connection, string name, CancellationToken token)
    {
        var numbered = (await Texts(connection, $"""
            select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where i.indrelid = '{Watched}.{name}'::regclass and i.indisunique and i.indnkeyatts = 1 and a.atttypid in ('int4'::regtype, 'int8'::regtype)
            """, token)).ToHashSet();
        await using var command = new NpgsqlCommand($"select * from {Schema}.{name} where bench_commit in (select bench_commit from {Schema}.{OrderTable})",
            connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        int[] columns = [.. Enumerable.Range(1, reader.FieldCount - 1)];
        var table = new FloorTable(
            name, [.. columns.Select(reader.GetName)], [.. columns.Select(reader.GetDataTypeName)],
            [.. columns.Select(column => numbered.Contains(reader.GetName(column)))]);
        List<(long, FloorRow)> rows = [];
        while (await reader.ReadAsync(token))
            rows.Add((reader.GetInt64(0), new(table, [.. columns.Select(reader.GetValue)])));
        return rows;
    }

    private static async Task Build(NpgsqlConnection orders, string floorDatabase, List<FloorTable> tables, CancellationToken token)
    {
        await using var floor = new NpgsqlConnection(floorDatabase);
        await floor.OpenAsync(token);
        await Run(floor, $"drop schema if exists {Watched} cascade; create schema {Watched}", token);
        foreach (var table in tables)
        {
            var columns = await Texts(orders, $"""
                select quote_ident(attname) || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
                from pg_attribute where attrelid = '{Watched}.{table.Name}'::regclass and attnum > 0 and not attisdropped order by attnum
                """, token);
            await Run(floor, $"create table {Watched}.{table.Name} ({string.Join(", ", columns)})", token);
            foreach (var index in await Texts(orders, $"select pg_get_indexdef(indexrelid) from pg_index where indrelid = '{Watched}.{table.Name}'::regclass",
                token))
                await Run(floor, index, token);
        }
    }

    private static async Task<List<string>> Texts(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        List<string> texts = [];
        while (await reader.ReadAsync(token))
            texts.Add(reader.GetString(0));
        return texts;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(token);
    }
}
