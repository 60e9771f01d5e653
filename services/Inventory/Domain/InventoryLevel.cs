using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>
/// One SKU at one location, in counts only: its snapshot is rewritten with every commit, so who holds what is the reservations' business.
/// </summary>
public sealed record InventoryLevel(string Id, string Sku, string LocationId, StockCounts Counts) : IFold<InventoryLevel, IInventoryLevelEvent>
{
    public const string KeyPrefix = "level/";

    /// <summary>The stream's version.</summary>
    public int Version { get; init; }

    public static string Key(string locationId, string sku) => $"{KeyPrefix}{locationId}/{sku}";

    public static InventoryLevel Empty(string locationId, string sku) => new(Key(locationId, sku), sku, locationId, StockCounts.None);

    /// <summary>The only place where an event changes a level. Counts that do not add up, or fall below zero, are a bug and never stored.</summary>
    public static InventoryLevel After(InventoryLevel? level, IInventoryLevelEvent happened)
    {
        level ??= Empty(happened.LocationId, happened.Sku);
        var counts = level.Counts + happened.Changes;
        return counts.AddsUp() && !counts.IsNegativeSomewhere()
            ? level with { Counts = counts }
            : throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {level.Counts} at {level.Id}.");
    }
}
