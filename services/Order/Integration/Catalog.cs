using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using MassTransit;
using Npgsql;
using Oms.Contracts.Inventory.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Orders.Integration;

/// <summary>
/// The items that exist, as Inventory has told. Items never vanish, so what is known is known; only for one that nobody has heard of here is Inventory
/// asked directly, because its news may still be on its way.
/// </summary>
public sealed class Catalog(NpgsqlDataSource database, IHttpClientFactory http, IConfiguration configuration, TimeProvider clock)
{
    public const string Client = "inventory";
    private const string TableName = $"{EventStore.Schema}.known_item";

    private readonly ConcurrentDictionary<string, string?> known = new(StringComparer.Ordinal);

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "known_item", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<string>("sku").AsPrimaryKey();
        table.AddColumn<string>("name");
        return table;
    }

    /// <summary>What a known item is called.</summary>
    public string? Name(string sku) => known.GetValueOrDefault(sku);

    public async Task Learn(IReadOnlyList<(string Sku, string? Name)> items, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            $"insert into {TableName} (sku, name) select * from unnest($1, $2) on conflict (sku) do update set name = excluded.name");
        var latest = items.GroupBy(item => item.Sku).Select(group => group.Last()).ToArray();
        command.Parameters.Add(new() { Value = latest.Select(item => item.Sku).ToArray() });
        command.Parameters.Add(new() { Value = latest.Select(item => item.Name).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(token);
        foreach (var (sku, name) in latest)
            known[sku] = name;
    }

    /// <summary>A refusal that names every item that does not exist, or null. Paths say where each was asked for.</summary>
    /// <exception cref="BadHttpRequestException">503: an item is not known here, and Inventory cannot be asked.</exception>
    public async Task<Refusal?> Unknown(IReadOnlyList<(string Path, string Sku)> asked, CancellationToken token)
    {
        var missing = Missing(asked);
        if (missing.Count == 0)
            return null;
        await Recall(missing, token);
        missing = Missing(asked);
        if (missing.Count > 0)
            await AskInventory(missing, token);
        return Missing(asked).Count == 0 ? null : OrderRefusals.UnknownSkus(asked.Where(it => !known.ContainsKey(it.Sku)));
    }

    private List<string> Missing(IReadOnlyList<(string Path, string Sku)> asked) =>
        [.. asked.Select(it => it.Sku).Where(sku => !known.ContainsKey(sku)).Distinct()];

    private async Task Recall(List<string> skus, CancellationToken token)
    {
        await using var command = database.CreateCommand($"select sku, name from {TableName} where sku = any($1)");
        command.Parameters.Add(new() { Value = skus.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            known[reader.GetString(0)] = await reader.IsDBNullAsync(1, token) ? null : reader.GetString(1);
    }

    private async Task AskInventory(List<string> skus, CancellationToken token)
    {
        using var client = http.CreateClient(Client);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", ServiceTokens.Create(ServiceTokens.Key(configuration), Caller.Service("order", Scopes.ItemsRead), clock.GetUtcNow()));
        try
        {
            foreach (var sku in skus)
            {
                using var response = await client.GetAsync(new Uri($"/v1/items/{Uri.EscapeDataString(sku)}", UriKind.Relative), token);
                if (response.StatusCode == HttpStatusCode.NotFound)
                    continue;
                response.EnsureSuccessStatusCode();
                var item = await response.Content.ReadFromJsonAsync<Item>(token);
                await Learn([(sku, item?.Name)], token);
            }
        }
        catch (Exception error) when (error is HttpRequestException or Polly.ExecutionRejectedException)
        {
            throw new BadHttpRequestException(
                "An item of this order is not known here yet, and Inventory cannot be asked right now. Try again.", StatusCodes.Status503ServiceUnavailable, error);
        }
    }

    private sealed record Item(string? Name);
}

public sealed class ItemRegisteredConsumer(Catalog catalog) : IConsumer<ItemRegistered>
{
    public Task Consume(ConsumeContext<ItemRegistered> context) =>
        catalog.Learn([(context.Message.Sku, context.Message.Name)], context.CancellationToken);
}
