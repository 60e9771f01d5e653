using Npgsql;
using Oms.Bench.Measuring;

namespace Oms.Bench.Load;

/// <summary>One row that the placing of an order has written.</summary>
internal sealed record FloorRow(FloorTable Table, object[] Values);

/// <param name="Numbered">Columns that are unique by themselves and hold a number.</param>
internal sealed record FloorTable(string Name, string[] Columns, string[] Types, bool[] Numbered)
{
    public string Insert { get; } =
        $"insert into oms.{Name} ({string.Join(", ", Columns)}) values ({string.Join(", ", Enumerable.Range(1, Columns.Length).Select(index => $"${index}"))})";
}

/// <summary>
/// What the database alone can do: the rows that placing an order really writes, with the same indexes and the same durability, as one batch per order in a
/// database of its own on the same server. Nothing is read, decided or checked.
/// </summary>
internal sealed class Floor(string connectionString, IReadOnlyList<FloorRow[]> orders, TimeProvider clock)
{
    private const int NumbersFrom = 1_000_000;
    private long numbers = NumbersFrom;

    public double RowsPerOrder => orders.Average(rows => rows.Length);

    public async Task<LoopResult> Run(int clients, TimeSpan warmUp, TimeSpan measured, ProcessSet processes, CancellationToken token)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = clients,
        });
        var connections = new NpgsqlConnection[clients];
        for (var client = 0; client < clients; client++)
            connections[client] = await source.OpenConnectionAsync(token);
        var (loop, next) = (new ClosedLoop(clients, warmUp, measured, processes, clock), 0);
        try
        {
            return await loop.Run(async (client, stop) =>
            {
                await using var batch = Batch(connections[client], orders[Interlocked.Increment(ref next) % orders.Count]);
                await batch.ExecuteNonQueryAsync(stop);
                return null;
            }, token);
        }
        finally
        {
            foreach (var connection in connections)
                await connection.DisposeAsync();
        }
    }

    // The same values, except that what must be unique is new.
    private NpgsqlBatch Batch(NpgsqlConnection connection, FloorRow[] rows)
    {
        var renamed = new Dictionary<Guid, Guid>();
        var batch = new NpgsqlBatch(connection);
        foreach (var (table, values) in rows)
        {
            var command = new NpgsqlBatchCommand(table.Insert);
            for (var column = 0; column < values.Length; column++)
            {
                var value = table.Numbered[column] ? Interlocked.Increment(ref numbers) : Fresh(values[column], renamed);
                command.Parameters.Add(new() { DataTypeName = table.Types[column], Value = value });
            }
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    private static object Fresh(object value, Dictionary<Guid, Guid> renamed) => value switch
    {
        Guid id => Fresh(id, renamed),
        Guid[] ids => Array.ConvertAll(ids, id => Fresh(id, renamed)),
        _ => value,
    };

    private static Guid Fresh(Guid id, Dictionary<Guid, Guid> renamed)
    {
        if (!renamed.TryGetValue(id, out var fresh))
            renamed[id] = fresh = id.Version == 7 ? Guid.CreateVersion7() : RandomId();
        return fresh;
    }

    // Ids of orders are derived, so they land anywhere in an index.
    private static Guid RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        return new(bytes);
    }
}
