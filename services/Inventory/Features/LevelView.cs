using Oms.Inventory.Domain;

namespace Oms.Inventory.Features;

/// <summary>A level as the API shows it.</summary>
public sealed record LevelView(
    string Sku, string LocationId, int OnHand, int Available, int Committed, int Reserved, int Damaged, int QualityControl, int SafetyStock, int Incoming,
    long Version)
{
    public static LevelView Of(InventoryLevel level)
    {
        var counts = level.Counts;
        return new(level.Sku, level.LocationId, counts.OnHand, counts.Available, counts.Committed, counts.Reserved, counts.Damaged, counts.QualityControl,
            counts.SafetyStock, counts.Incoming, level.Version);
    }
}
