using Marten;
using Microsoft.Extensions.Options;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace Oms.ServiceDefaults;

internal sealed record RelayPointer(Guid Id, Guid[] EventIds, int Attempts);

/// <summary>The table, and every statement that touches it.</summary>
internal sealed class RelayPointers(Func<IDocumentStore> store, IOptions<RelayOptions> options)
{
    private const string Name = $"{EventStore.Schema}.relay";

    /// <summary>As many facts as a page commits.</summary>
    private const int RetoldTogether = 100;

    public static Table Table()
    {
        var table = new Table(new Weasel.Postgresql.PostgresqlObjectName(EventStore.Schema, "relay", Weasel.Postgresql.SchemaUtils.IdentifierUsage.General));
        table.AddColumn<Guid>("id").AsPrimaryKey();             // version 7: the order of commits
        table.AddColumn("event_ids", "uuid[]").NotNull();
        table.AddColumn("created", "timestamptz").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("attempts", "int").NotNull().DefaultValueByExpression("0");
        table.AddColumn("due", "timestamptz").NotNull().DefaultValueByExpression("now()");
        table.AddColumn<string>("error");
        return table;
    }

    public void Remember(IDocumentSession session, Guid id, Guid[] eventIds) =>
        session.QueueSqlCommand(
            $"insert into {Name} (id, event_ids) values (?, ?)", id, eventIds);

    /// <summary>
    /// Has everything told once more that has happened since this moment: after a restore the broker is empty, and what had been published and not consumed is
    /// nowhere else. The pointers look like those of that time, so that this is told first, and in order.
    /// </summary>
    /// <returns>How many facts; those that are private are counted, and not told.</returns>
    public async Task<long> Retell(DateTimeOffset since, CancellationToken token)
    {
        await using var connection = store().Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var retell = new NpgsqlCommand(
            $"""
             with again as (
                 insert into {Name} (id, event_ids)
                 select (lpad(to_hex($2 + page), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
                        array_agg(id order by seq_id)
                 from (select id, seq_id, (row_number() over (order by seq_id) - 1) / {RetoldTogether} as page
                       from {EventStore.Schema}.mt_events where timestamp >= $1) happened
                 group by page
                 returning event_ids)
             select coalesce(sum(cardinality(event_ids)), 0)::bigint from again
             """, connection)
        {
            Parameters = { new() { Value = since.ToUniversalTime() }, new() { Value = since.ToUnixTimeMilliseconds() } },
        };
        return (long)(await retell.ExecuteScalarAsync(token))!;
    }

    // A lost deletion only means a repeat, so nobody waits for the disk.
    public async Task Forget(IReadOnlyList<Guid> ids, CancellationToken token)
    {
        await using var connection = store().Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var delete = new NpgsqlCommand(
            $"""
             with unhurried as (select set_config('synchronous_commit', 'off', true))
             delete from {Name} using unhurried where id = any($1)
             """, connection)
        {
            Parameters = { new() { Value = ids.ToArray() } },
        };
        await delete.ExecuteNonQueryAsync(token);
    }

    /// <summary>Locks the oldest page; null when another process is sweeping.</summary>
    public async Task<IReadOnlyList<RelayPointer>?> Take(NpgsqlConnection connection, TimeSpan age, CancellationToken token)
    {
        await using var turn = new NpgsqlCommand("select pg_try_advisory_xact_lock(hashtext($1))", connection)
        {
            Parameters = { new() { Value = Name } },
        };
        if (await turn.ExecuteScalarAsync(token) is not true)
            return null;

        await using var select = new NpgsqlCommand(
            $"""
             select id, event_ids, attempts from {Name}
             where created <= now() - $1 and due <= now() and attempts < $2
             order by id limit $3 for update skip locked
             """, connection)
        {
            Parameters =
            {
                new() { Value = age }, new() { Value = options.Value.AttemptsMax }, new() { Value = options.Value.PointersPerSweepMax },
            },
        };
        List<RelayPointer> page = [];
        await using var reader = await select.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            page.Add(new(reader.GetGuid(0), await reader.GetFieldValueAsync<Guid[]>(1, token), reader.GetInt32(2)));
        return page;
    }

    public async Task Settle(
        NpgsqlConnection connection, Guid[] heard, Guid[] unheard, IReadOnlyList<(Guid Id, string Error)> poisoned, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new($"delete from {Name} where id = any($1)") { Parameters = { new() { Value = heard } } });
        if (unheard.Length > 0)
            batch.BatchCommands.Add(new($"update {Name} set due = now() + $2 where id = any($1)")
            {
                Parameters = { new() { Value = unheard }, new() { Value = options.Value.UnheardAfter } },
            });
        foreach (var (id, error) in poisoned)
            batch.BatchCommands.Add(new($"update {Name} set attempts = attempts + 1, due = now() + interval '1 second' * power(2, attempts), error = $2 where id = $1")
            {
                Parameters = { new() { Value = id }, new() { Value = error } },
            });
        await batch.ExecuteNonQueryAsync(token);
    }
}
