using System.Text.Json;
using Npgsql;

namespace Oms.Bench.Load;

/// <summary>The rows of one real order in all tables, and the copy that is filled in again and again.</summary>
internal sealed record SampleOrder(
    string Status, IReadOnlyList<(BulkTable Table, List<RowTemplate> Rows)> Rows, Copied Copy, int CustomerIndex, string Number, string Channel,
        string Channels,
    string ChannelOrderNumber, string Email);

/// <summary>Real orders of several kinds, read from the databases of a platform that has made them.</summary>
internal sealed class Templates
{
    /// <summary>Whose levels are copied.</summary>
    public const string SampleSku = "BENCH-0001";

    private readonly BulkTable streams;
    private readonly BulkTable orders;
    private readonly BulkTable processes;
    private readonly BulkTable customerOrders;
    private readonly BulkTable items;
    private readonly BulkTable levels;
    private Dictionary<string, SampleOrder[]> samples = [];

    private Templates(Ground ground)
    {
        var (order, customer, inventory) = (ground.Database("orderdb")!, ground.Database("customerdb")!, ground.Database("inventorydb")!);
        (streams, Events, orders, processes) = (new(order, "mt_streams"), new(order, "mt_events"), new(order, "mt_doc_order"),
            new(order, "mt_doc_fulfillmentstate"));
        (Customers, customerOrders) = (new(customer, "mt_doc_customer"), new(customer, "mt_doc_customerorder"));
        (items, levels) = (new(inventory, "mt_doc_item"), new(inventory, "mt_doc_inventory_level"));
    }

    public BulkTable Events { get; }

    public BulkTable Customers { get; }

    public IReadOnlyList<BulkTable> OrderTables => [streams, Events, orders, processes, customerOrders, Customers];

    public IEnumerable<BulkTable> Tables => [.. OrderTables, items, levels];

    public List<(BulkTable Table, List<RowTemplate> Rows)> Stock { get; } = [];

    public Copied StockCopy { get; } = new(0);

    public static async Task<Templates> Read(Ground ground, IEnumerable<Guid> orderIds, DateTimeOffset now, CancellationToken token)
    {
        var templates = new Templates(ground);
        List<SampleOrder> found = [];
        foreach (var id in orderIds)
            found.Add(await templates.ReadOrder(id, token));
        templates.samples = found.GroupBy(it => it.Status).ToDictionary(it => it.Key, it => it.ToArray());
        var stock = new OrderTemplate(now, SampleSku);
        foreach (var (table, condition) in new[] { (templates.items, $"id = 'item/{SampleSku}'"), (templates.levels, $"sku = '{SampleSku}'") })
        {
            var columns = await table.Columns(token);
            templates.Stock.Add((table, [.. (await table.Rows(condition, token)).Select(row => RowTemplate.Of(row, columns, stock))]));
        }
        return templates;
    }

    public SampleOrder Of(string status, int number)
    {
        var those = samples[status];
        return those[number % those.Length];
    }

    public async Task<long> NextSequence(CancellationToken token) => (await Scalar("select coalesce(max(seq_id), 0) from oms.mt_events", token)) + 1;

    public Task SetSequence(long next, CancellationToken token) => Scalar($"select setval('oms.mt_events_sequence', {next}, false)", token);

    private async Task<SampleOrder> ReadOrder(Guid id, CancellationToken token)
    {
        using var view = JsonDocument.Parse(await Text($"select data::text from oms.mt_doc_order where id = '{id}'", token));
        string Member(string name) => view.RootElement.GetProperty(name).GetString()!;
        var (number, channel, channelNumber) = ($"\"{Member("number")}\"", $"\"channel\": \"{Member("channel")}\"", $"\"{Member("channelOrderNumber")}\"");
        var (channels, email) = ($"\"channels\": [\"{Member("channel")}\"]", Member("customerEmail"));
        var order = new OrderTemplate(view.RootElement.GetProperty("placedAt").GetDateTimeOffset(), number, channels, channel, channelNumber, email);
        order.IndexOf(id);
        var customer = view.RootElement.GetProperty("customerId").GetGuid();
        List<(BulkTable, List<RowTemplate>)> rows = [];
        foreach (var (table, condition) in new[]
        {
            (streams, $"id = '{id}'"), (Events, $"stream_id = '{id}' order by version"), (orders, $"id = '{id}'"), (processes, $"id = '{id}'"),
            (customerOrders, $"id = '{id}'"), (Customers, $"id = '{customer}'"),
        })
        {
            var columns = await table.Columns(token);
            var found = await table.Rows(condition, token);
            rows.Add((table, found.Count > 0 ? [.. found.Select(row => RowTemplate.Of(row, columns, order))]
                : throw new BenchException($"{table.Name} has nothing of order {id}.")));
        }
        var status = JsonNamingPolicy.SnakeCaseLower.ConvertName(Member("status"));
        return new(status, rows, new(order.Ids), order.IndexOf(customer), number, channel, channels, channelNumber, email);
    }

    private async Task<long> Scalar(string sql, CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(orders.ConnectionString);
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(token))!;
    }

    private async Task<string> Text(string sql, CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(orders.ConnectionString);
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(token))!;
    }
}
