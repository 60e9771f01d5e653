using System.Collections.Concurrent;
using System.Globalization;

namespace Oms.Sample;

/// <summary>What the platform says in the end, read anew from its lists and not from what the run remembers.</summary>
internal sealed record Ledger
{
    private const int ReadsAtOnce = 6;

    public required IReadOnlyDictionary<Guid, OrderView> Orders { get; init; }

    public required ILookup<Guid, FulfillmentOrderView> FulfillmentOrders { get; init; }

    public required ILookup<Guid, ReturnView> Returns { get; init; }

    public required IReadOnlyList<Level> Levels { get; init; }

    /// <summary>By SKU, in the order in which they happened at each location.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Movement>> Movements { get; init; }

    public required OrderReconciliationView OrderReconciliation { get; init; }

    public required ReconciliationView InventoryReconciliation { get; init; }

    public required CustomerReconciliationView CustomerReconciliation { get; init; }

    public static async Task<Ledger> Read(OmsClient oms, OrderBook book, CancellationToken token)
    {
        var skus = book.Stories.SelectMany(story => story.Order.Lines).Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        var movements = new ConcurrentDictionary<string, IReadOnlyList<Movement>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(skus, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = token }, async (sku, stop) =>
        {
            var list = await oms.List($"/v1/inventory/{Uri.EscapeDataString(sku)}/movements?limit=200", Wire.Default.Movements, stop).ToListAsync(stop);
            movements[sku] = [.. list.OrderBy(movement => movement.Version)];
        });
        return new()
        {
            Orders = await OrdersOf(oms, book, token),
            FulfillmentOrders = await ToLookup(oms.List("/v1/fulfillment-orders?limit=200", Wire.Default.FulfillmentOrders, token), it => it.OrderId, token),
            Returns = await ToLookup(oms.List("/v1/returns?limit=200", Wire.Default.Returns, token), it => it.OrderId, token),
            Levels = await oms.List("/v1/inventory?limit=200", Wire.Default.Levels, token).Where(level => skus.Contains(level.Sku)).ToListAsync(token),
            Movements = movements,
            OrderReconciliation = await oms.Get("/v1/orders/reconciliation", Wire.Default.OrderReconciliationView, token).Required("The reconciliation of orders"),
            InventoryReconciliation = await oms.Get("/v1/inventory/reconciliation", Wire.Default.ReconciliationView, token).Required("The reconciliation of inventory"),
            CustomerReconciliation = await oms.Get("/v1/customers/reconciliation", Wire.Default.CustomerReconciliationView, token).Required("The reconciliation of customers"),
        };
    }

    private static async Task<Dictionary<Guid, OrderView>> OrdersOf(OmsClient oms, OrderBook book, CancellationToken token)
    {
        if (book.Stories.Count == 0)
            return [];
        var (from, to) = (book.Stories.Min(story => story.Order.PlacedAt), book.Stories.Max(story => story.Order.PlacedAt).AddSeconds(1));
        var path = $"/v1/orders?placedFrom={Text(from)}&placedTo={Text(to)}&limit=200";
        return await oms.List(path, Wire.Default.Orders, token).Where(order => book.Find(order.Id) is not null).ToDictionaryAsync(order => order.Id, cancellationToken: token);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<ILookup<Guid, T>> ToLookup<T>(IAsyncEnumerable<T> items, Func<T, Guid> orderOf, CancellationToken token) =>
        (await items.ToListAsync(token)).ToLookup(orderOf);
}
