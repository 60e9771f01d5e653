using Marten;
using Npgsql;
using NpgsqlTypes;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Stock;

/// <summary>The queues of waiting lines in the database.</summary>
public static class BackorderQueues
{
    /// <summary>Any number that no other advisory lock of this database begins with.</summary>
    private const int LockClass = 20_117;

    /// <summary>
    /// Whoever makes stock available and whoever queues for it take turns per SKU. Without that, two commits that cannot see each other could leave a line
    /// waiting beside the stock it waits for, and nobody would ever look again. SKUs share 256 locks, so that a document of 500 lines fills no lock table.
    /// </summary>
    public static async Task Lock(IDocumentSession session, IReadOnlyCollection<string> skus, CancellationToken token)
    {
        if (skus.Count == 0)
            return;
        await session.BeginTransactionAsync(token);
        await using var command = new NpgsqlCommand(
            """
            select pg_advisory_xact_lock($1, slot)
            from (select distinct hashtext(sku) & 255 as slot from unnest($2) as sku order by slot) as slots
            """)
        {
            Parameters =
            {
                new() { Value = LockClass },
                new() { Value = skus.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await using var reader = await session.ExecuteReaderAsync(command, token);
    }

    /// <summary>What is available of each SKU, over all locations.</summary>
    public static async Task<Dictionary<string, long>> Available(IDocumentSession session, IReadOnlyCollection<string> skus, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select sku, sum((data -> 'counts' ->> 'available')::bigint)::bigint
             from {EventStore.Schema}.mt_doc_inventory_level where sku = any($1) group by sku
             """)
        {
            Parameters = { new() { Value = skus.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
        };
        await using var reader = await session.ExecuteReaderAsync(command, token);
        Dictionary<string, long> available = [];
        while (await reader.ReadAsync(token))
            available[reader.GetString(0)] = reader.GetInt64(1);
        return available;
    }

    /// <summary>The heads of queues: of each SKU as many lines as there may be pieces, because a line waits for one at least.</summary>
    public static async Task<IReadOnlyList<WaitingLine>> Oldest(
        IDocumentSession session, IEnumerable<(string Sku, long Lines)> queues, CancellationToken token)
    {
        var wanted = queues.Where(it => it.Lines > 0).ToList();
        if (wanted.Count == 0)
            return [];
        return await session.AdvancedSql.QueryAsync<WaitingLine>(
            $"""
             select line.id, line.data from unnest(?, ?) as wanted (sku, lines)
             cross join lateral (
                 select d.id, d.data from {EventStore.Schema}.mt_doc_waiting_line d where d.sku = wanted.sku
                 order by d.order_placed_at, d.backorder_id, d.line limit wanted.lines) as line
             """, token, wanted.Select(it => it.Sku).ToArray(), wanted.Select(it => it.Lines).ToArray());
    }
}
