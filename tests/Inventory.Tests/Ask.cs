using Oms.Inventory.Domain;
using Oms.Inventory.Features;

namespace Oms.Inventory.Tests;

/// <summary>Commands in few words. Ids are made from small numbers, so that repeats meet.</summary>
internal static class Ask
{
    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static ReceiveStock Receive(string sku, int quantity, string location = "nyc") =>
        new(location, "received", "ASN-1", [(sku, quantity)], MemoryStock.Noon, "trace");

    public static AdjustStock Adjust(string sku, int delta, StockState state = StockState.Available) => Adjust((sku, state, delta));

    public static AdjustStock Adjust(params (string Sku, StockState State, int Delta)[] lines) => new("nyc", "correction", null, lines, MemoryStock.Noon, "trace");

    public static SetStock Set(string sku, int quantity, int? compare = null, StockState state = StockState.Available, string location = "nyc") =>
        new(location, "cycle_count", null, [(sku, state, quantity, compare)], MemoryStock.Noon, "trace");

    public static MoveStock Move(string sku, StockState from, StockState to, int quantity, string location = "nyc") =>
        new(location, "quality_control", null, [(sku, from, to, quantity)], MemoryStock.Noon, "trace");

    public static ReserveStock Reserve(int id, params (string Sku, int Quantity)[] lines) => ReserveLines(
        id, lines.Select((line, index) => new StockLine(index + 1, line.Sku, "nyc", line.Quantity)));

    public static ReserveStock ReserveLines(int id, IEnumerable<StockLine> lines) => new(Id(id), Id(1_000 + id), [.. lines], MemoryStock.Noon, "order");

    public static ReleaseStock Release(int release, int id, params StockLine[]? lines) =>
        new(Id(release), Id(id), Id(1_000 + id), lines is { Length: 0 } ? null : lines, "canceled", MemoryStock.Noon, "order");

    public static ConsumeStock Ship(int shipment, int id, params (int Line, string Sku, int Quantity)[] lines) => ShipFrom("nyc", shipment, id, lines);

    public static ConsumeStock ShipFrom(string location, int shipment, int id, params (int Line, string Sku, int Quantity)[] lines) =>
        new(Id(shipment), Id(id), Id(1_000 + id), [.. lines.Select(line => new StockLine(line.Line, line.Sku, location, line.Quantity))], MemoryStock.Noon, "order");

    public static RestockReturn Restock(int id, params (string Sku, int Quantity, StockState State)[] lines) =>
        new(Id(id), Id(1_000 + id), "nyc", [.. lines.Select((line, index) => new RestockLine(index + 1, line.Sku, line.Quantity, line.State))], MemoryStock.Noon, "order");

    /// <param name="placed">Minutes after noon at which the order was placed.</param>
    public static QueueBackorder Queue(int id, int placed, int attempt, params (string Sku, int Quantity)[] lines) =>
        new(Id(id), Id(1_000 + id), attempt, [.. lines.Select((line, index) => new BackorderLine(index + 1, line.Sku, line.Quantity))],
            MemoryStock.Noon.AddMinutes(placed), MemoryStock.Noon, $"order {id}");

    public static CancelBackorder Cancel(int id) => new(Id(id), Id(1_000 + id), MemoryStock.Noon, "order");
}
