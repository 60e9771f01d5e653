using Marten;
using Npgsql;
using Oms.Routing.Planning;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Routing.Tables;

/// <summary>
/// Orders assigned by location and local day, counted in the commit of the decision. Another process that decides at the same moment
/// has not seen them, so a capacity is kept to within one page.
/// </summary>
internal static class LocationLoadTable
{
    private const string Name = $"{EventStore.Schema}.location_load";

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "location_load", SchemaUtils.IdentifierUsage.General));
        table.AddColumn("day", "date").AsPrimaryKey();
        table.AddColumn<string>("location_id").AsPrimaryKey();
        table.AddColumn("orders", "int").NotNull();
        return table;
    }

    /// <summary>All zones' today.</summary>
    public static NpgsqlBatchCommand Around(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new($"select location_id, day, orders from {Name} where day between $1 and $2")
        {
            Parameters = { new() { Value = today.AddDays(-1) }, new() { Value = today.AddDays(1) } },
        };
    }

    public static async Task<LocationLoads> Read(NpgsqlDataReader reader, CancellationToken token)
    {
        var loads = new LocationLoads();
        while (await reader.ReadAsync(token))
            loads.Set(reader.GetString(0), await reader.GetFieldValueAsync<DateOnly>(1, token), reader.GetInt32(2));
        return loads;
    }

    /// <summary>Of all days.</summary>
    public static async Task<Dictionary<string, long>> Totals(IQuerySession session, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select location_id, sum(orders)::bigint from {Name} group by location_id");
        await using var reader = await session.ExecuteReaderAsync(command, token);
        Dictionary<string, long> totals = new(StringComparer.Ordinal);
        while (await reader.ReadAsync(token))
            totals[reader.GetString(0)] = reader.GetInt64(1);
        return totals;
    }

    public static void Add(IDocumentSession session, LocationLoads loads)
    {
        if (loads.Added is not { Count: > 0 } added)
            return;
        session.QueueSqlCommand(
            $"""
             insert into {Name} as load (day, location_id, orders)
             select * from unnest(?::date[], ?::text[], ?::int[])
             on conflict (day, location_id) do update set orders = load.orders + excluded.orders
             """,
            added.Select(it => it.Day).ToArray(),
            added.Select(it => it.LocationId).ToArray(),
            added.Select(it => it.Orders).ToArray());
    }
}
