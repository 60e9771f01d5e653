using Marten;
using Npgsql;
using Oms.Contracts.Inventory.V1;
using Oms.Routing.Planning;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Routing.Tables;

/// <summary>
/// What Inventory said last about each level. Another service's facts, kept to plan by: a plain table, because nothing is decided
/// about them here and the newest is all that counts.
/// </summary>
internal static class AvailabilityTable
{
    private const string Name = $"{EventStore.Schema}.availability";

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "availability", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("sku").AsPrimaryKey();
        table.AddColumn<string>("location_id").AsPrimaryKey();
        table.AddColumn("available", "int").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        return table;
    }

    /// <summary>One statement for a page of messages, whatever their order: an older version never replaces a newer one.</summary>
    public static async Task Put(IDocumentStore store, IReadOnlyList<InventoryLevelChanged> changes, CancellationToken token)
    {
        // In the order of the key, so that two processes cannot wait for each other in a circle.
        var newest = changes.GroupBy(it => (it.Sku, it.LocationId)).Select(same => same.MaxBy(it => it.Version)!)
            .OrderBy(it => it.Sku, StringComparer.Ordinal).ThenBy(it => it.LocationId, StringComparer.Ordinal).ToArray();
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(
            $"""
             insert into {Name} as seen (sku, location_id, available, version)
             select * from unnest($1::text[], $2::text[], $3::int[], $4::bigint[])
             on conflict (sku, location_id) do update set available = excluded.available, version = excluded.version
             where excluded.version > seen.version
             """, connection)
        {
            Parameters =
            {
                new() { Value = newest.Select(it => it.Sku).ToArray() },
                new() { Value = newest.Select(it => it.LocationId).ToArray() },
                new() { Value = newest.Select(it => it.Available).ToArray() },
                new() { Value = newest.Select(it => it.Version).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>What is available, for <see cref="ServiceDefaults.Statements"/>; nothing is as good as no row.</summary>
    public static string Stated =>
        $"""select (sku || ' at ' || location_id) collate "C" as key, null::timestamptz as changed, 'available' as kind, available::text as data from {Name} where available <> 0""";

    public static NpgsqlBatchCommand Of(string[] skus) =>
        new($"select sku, location_id, available, version from {Name} where sku = any($1) and available > 0") { Parameters = { new() { Value = skus } } };

    public static async Task<StockView> Read(NpgsqlDataReader reader, RecentPlans recent, DateTimeOffset now, CancellationToken token)
    {
        var view = new StockView();
        while (await reader.ReadAsync(token))
        {
            var (sku, locationId, version) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(3));
            view.Add(sku, locationId, reader.GetInt32(2), version, recent.Promised(sku, locationId, version, now));
        }
        return view;
    }
}
