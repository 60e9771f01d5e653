using Marten;
using Npgsql;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Routing.Tables;

/// <summary>
/// Where postal codes are. A plain table and no events: it is reference data that others publish, replaced in bulk, and nobody decides
/// anything about it. Every routing decision keeps the coordinates that it used.
/// </summary>
internal static class PostalCodeTable
{
    private const string Name = $"{EventStore.Schema}.postal_code";

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "postal_code", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("country").AsPrimaryKey();
        table.AddColumn<string>("postal_code").AsPrimaryKey();
        table.AddColumn("prefix", "text").NotNull();
        table.AddColumn("latitude", "double precision").NotNull();
        table.AddColumn("longitude", "double precision").NotNull();
        table.Indexes.Add(new IndexDefinition("postal_code_prefix") { Columns = ["country", "prefix"] });
        return table;
    }

    /// <summary>Inserts or replaces; the last of equal codes counts.</summary>
    public static void Put(IDocumentSession session, IEnumerable<(string Country, string PostalCode, GeoPoint Point)> rows)
    {
        var distinct = rows.GroupBy(row => (row.Country, row.PostalCode)).Select(same => same.Last())
            .OrderBy(row => row.Country, StringComparer.Ordinal).ThenBy(row => row.PostalCode, StringComparer.Ordinal).ToArray();
        session.QueueSqlCommand(
            $"""
             insert into {Name} (country, postal_code, prefix, latitude, longitude)
             select * from unnest(?::text[], ?::text[], ?::text[], ?::float8[], ?::float8[])
             on conflict (country, postal_code) do update set latitude = excluded.latitude, longitude = excluded.longitude
             """,
            distinct.Select(row => row.Country).ToArray(),
            distinct.Select(row => row.PostalCode).ToArray(),
            distinct.Select(row => PostalCode.Prefix(row.PostalCode)).ToArray(),
            distinct.Select(row => row.Point.Latitude).ToArray(),
            distinct.Select(row => row.Point.Longitude).ToArray());
    }

    public static async Task<GeoPoint?> Find(IDocumentStore store, string country, string postalCode, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand($"select latitude, longitude from {Name} where country = $1 and postal_code = $2", connection)
        {
            Parameters = { new() { Value = country }, new() { Value = postalCode } },
        };
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token) ? new(reader.GetDouble(0), reader.GetDouble(1)) : null;
    }

    /// <summary>
    /// Where these destinations are; for an unknown code the middle of the known ones with its first three characters. Averaged as
    /// numeric: a sum of doubles would depend on the order of the rows.
    /// </summary>
    public static NpgsqlBatchCommand Locate(IReadOnlyList<ShipTo> destinations) => new(
        $"""
         select asked.country, asked.code, coalesce(exact.latitude, near.latitude), coalesce(exact.longitude, near.longitude)
         from unnest($1::text[], $2::text[], $3::text[]) as asked(country, code, prefix)
         left join {Name} exact on exact.country = asked.country and exact.postal_code = asked.code
         left join lateral (
             select round(avg(latitude::numeric), 5)::float8 as latitude, round(avg(longitude::numeric), 5)::float8 as longitude from {Name} p
             where exact.country is null and p.country = asked.country and p.prefix = asked.prefix) near on true
         where coalesce(exact.latitude, near.latitude) is not null
         """)
    {
        Parameters =
        {
            new() { Value = destinations.Select(it => it.Country).ToArray() },
            new() { Value = destinations.Select(it => it.PostalCode!).ToArray() },
            new() { Value = destinations.Select(it => PostalCode.Prefix(it.PostalCode!)).ToArray() },
        },
    };

    public static async Task<Dictionary<(string Country, string PostalCode), GeoPoint>> ReadLocated(NpgsqlDataReader reader, CancellationToken token)
    {
        Dictionary<(string, string), GeoPoint> located = [];
        while (await reader.ReadAsync(token))
            located[(reader.GetString(0), reader.GetString(1))] = new(reader.GetDouble(2), reader.GetDouble(3));
        return located;
    }
}
