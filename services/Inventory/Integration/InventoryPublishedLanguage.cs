using JasperFx.Events;
using Oms.Inventory.Domain;
using V1 = Oms.Contracts.Inventory.V1;

namespace Oms.Inventory.Integration;

public static class InventoryPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        IItemEvent { Details: var d } e => new V1.ItemRegistered(
            e.Sku, d.Name, d.Gtin, d.WeightGrams, d.LengthMm, d.WidthMm, d.HeightMm, d.HsCode, d.CountryOfOrigin, e.At),

        // Only what others can act upon: pieces that are damaged today were not available yesterday.
        IInventoryLevelEvent { Changes: { OnHand: not 0 } or { Available: not 0 } } e =>
            new V1.InventoryLevelChanged(e.Sku, e.LocationId, e.After.OnHand, e.After.Available, happened.Version, e.At),

        StockReserved e => new V1.StockReserved(e.ReservationId, e.OrderId, Lines(e.Lines), e.At),
        StockReservationRejected e => new V1.StockReservationRejected(
            e.ReservationId, e.OrderId, e.Reason, [.. e.Shortages.Select(it => new V1.StockShortage(it.Sku, it.LocationId, it.Requested, it.Available))], e.At),
        // Who releases waits for an answer, also when there was nothing to give back.
        StockReservationForestalled e => new V1.StockReleased(e.ReservationId, e.OrderId, e.ReleaseId, [], e.At),
        StockReleased e => new V1.StockReleased(e.ReservationId, e.OrderId, e.ReleaseId, Lines(e.Lines), e.At),
        StockConsumed e => new V1.StockConsumed(e.ReservationId, e.OrderId, e.ShipmentId, Lines(e.Lines), e.At),

        BackorderLinesReady e => new V1.BackorderReady(
            e.BackorderId, e.OrderId, [.. e.Lines.Select(line => new Contracts.LineQuantity(line.Line, line.Sku, line.Quantity))], e.At),
        ReturnRestocked e => new V1.ReturnRestocked(
            e.ReturnId, e.OrderId, e.LocationId,
            [.. e.Lines.Select(line => new V1.RestockLine(line.Line, line.Sku, line.Quantity, line.State.Word()))], e.At),
        _ => null,
    };

    private static List<V1.StockLine> Lines(IReadOnlyList<StockLine> lines) =>
        [.. lines.Select(line => new V1.StockLine(line.Line, line.Sku, line.LocationId, line.Quantity))];
}
