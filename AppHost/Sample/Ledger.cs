using System.Collections.Concurrent;
using Oms.Client;

namespace Oms.Sample;

/// <summary>What the platform says in the end, read anew from its lists and not from what the run remembers.</summary>
internal sealed record Ledger
{
    private const int ReadsAtOnce = 6;

    public required IReadOnlyDictionary<Guid, OrderView> Orders { get; init; }

    public required ILookup<Guid, FulfillmentOrderView> FulfillmentOrders { get; init; }

    public required ILookup<Guid, ReturnView> Returns { get; init; }

    public required IReadOnlyList<LevelView> Levels { get; init; }

    /// <summary>By SKU, in the order in which they happened at each location.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ListMovementsView>> Movements { get; init; }

    public required ReconcileOrdersReport OrderReconciliation { get; init; }

    public required ReconcileStockReport InventoryReconciliation { get; init; }

    public required ReconcileCustomersView CustomerReconciliation { get; init; }

    public static async Task<Ledger> Read(PatientClient oms, OrderBook book, CancellationToken token)
    {
        var skus = book.Stories.SelectMany(story => story.Order.Lines).Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        var movements = new ConcurrentDictionary<string, IReadOnlyList<ListMovementsView>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(skus, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = token }, async (sku, stop) =>
        {
            var list = await oms.Api.ListAllMovementsAsync(sku, limit: PatientClient.PageSize, cancellationToken: stop).Required("The movements", stop).ToListAsync(stop);
            movements[sku] = [.. list.OrderBy(movement => movement.Version)];
        });
        return new()
        {
            Orders = await OrdersOf(oms, book, token),
            FulfillmentOrders = await ToLookup(oms.Api.ListAllFulfillmentOrdersAsync(limit: PatientClient.PageSize, cancellationToken: token), it => it.OrderId, token),
            Returns = await ToLookup(oms.Api.ListAllReturnsAsync(limit: PatientClient.PageSize, cancellationToken: token), it => it.OrderId, token),
            Levels = await oms.Api.ListAllLevelsAsync(limit: PatientClient.PageSize, cancellationToken: token).Required("The levels", token)
                .Where(level => skus.Contains(level.Sku)).ToListAsync(token),
            Movements = movements,
            OrderReconciliation = await oms.Api.ReconcileOrdersAsync(token).Required("The reconciliation of orders"),
            InventoryReconciliation = await oms.Api.ReconcileInventoryAsync(token).Required("The reconciliation of inventory"),
            CustomerReconciliation = await oms.Api.ReconcileCustomersAsync(token).Required("The reconciliation of customers"),
        };
    }

    private static async Task<Dictionary<Guid, OrderView>> OrdersOf(PatientClient oms, OrderBook book, CancellationToken token)
    {
        if (book.Stories.Count == 0)
            return [];
        var (from, to) = (book.Stories.Min(story => story.Order.PlacedAt), book.Stories.Max(story => story.Order.PlacedAt).AddSeconds(1));
        return await oms.Api.ListAllOrdersAsync(placedFrom: from, placedTo: to, limit: PatientClient.PageSize, cancellationToken: token).Required("The orders", token)
            .Where(order => book.Find(order.Id) is not null).ToDictionaryAsync(order => order.Id, cancellationToken: token);
    }

    private static async Task<ILookup<Guid, T>> ToLookup<T>(IAsyncEnumerable<T> items, Func<T, Guid> orderOf, CancellationToken token) =>
        (await items.Required("A list", token).ToListAsync(token)).ToLookup(orderOf);
}
