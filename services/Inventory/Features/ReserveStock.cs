using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Holds pieces for an order, at one or several locations: all lines or none.</summary>
public sealed record ReserveStock(Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset At, string? TraceParent) : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Reservation(ReservationId, Lines);

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        foreach (var line in Lines)
        {
            needs.Level(line.LocationId, line.Sku);
            needs.Items.Add(line.Sku);
        }
    }

    public Refusal? Decide(StockBook book)
    {
        ReserveStockSlice.Decide(this, book);
        return null;
    }
}

public static class ReserveStockSlice
{
    /// <summary>
    /// Lines of one SKU at one location are weighed together. Asked again, or after it was rejected, nothing happens: the answer has been given. "No" is a fact
    /// of the reservation, because the one who asks is a machine.
    /// </summary>
    /// <exception cref="ArgumentException">Nothing, or less than one piece, is asked for: the sender's defect.</exception>
    public static void Decide(ReserveStock command, StockBook book)
    {
        var key = Reservation.Key(command.ReservationId);
        if (book.Reservations[key] is { Status: not ReservationStatus.Forestalled })
            return;
        if (book.Reservations[key] is not null)
        {
            Reject("released", []);
            return;
        }
        if (command.Lines.Count == 0 || command.Lines.Any(line => line.Quantity < 1))
            throw new ArgumentException($"Reservation {command.ReservationId} asks for nothing, or for less than a piece.", nameof(command));

        var wanted = command.Lines.GroupBy(line => (line.LocationId, line.Sku))
            .Select(it => (it.Key.LocationId, it.Key.Sku, Quantity: it.Sum(line => line.Quantity))).ToList();
        var shortages = wanted
            .Select(it => new StockShortage(it.Sku, it.LocationId, it.Quantity, book.CountsAt(it.LocationId, it.Sku).Available))
            .Where(it => it.Requested > it.Available).ToList();
        if (shortages.Count > 0)
        {
            Reject(shortages.Exists(it => !IsKnown(it)) ? "unknown_sku" : "out_of_stock", shortages);
            return;
        }

        foreach (var (locationId, sku, quantity) in wanted)
        {
            var changes = StockCounts.Between(StockState.Available, StockState.Committed, quantity);
            book.Change(locationId, sku, changes,
                after => new StockCommitted(sku, locationId, changes, after, command.OrderId, command.ReservationId, command.At), command.TraceParent);
        }
        book.Reservations.Append(
            key, new StockReserved(command.ReservationId, command.OrderId, Together(command.Lines), command.At, command.TraceParent), command.TraceParent);

        void Reject(string reason, IReadOnlyList<StockShortage> why) => book.Reservations.Append(
            key, new StockReservationRejected(command.ReservationId, command.OrderId, reason, why, command.At, command.TraceParent), command.TraceParent);

        // A return may have put stock on the shelf of an item that nobody has registered.
        bool IsKnown(StockShortage shortage) =>
            book.Items.Contains(shortage.Sku) || book.Levels[InventoryLevel.Key(shortage.LocationId, shortage.Sku)] is not null;
    }

    /// <summary>Each order line once per location, as a reservation knows it.</summary>
    public static IReadOnlyList<StockLine> Together(IEnumerable<StockLine> lines) =>
        [.. lines.GroupBy(line => (line.Line, line.Sku, line.LocationId))
            .Select(it => new StockLine(it.Key.Line, it.Key.Sku, it.Key.LocationId, it.Sum(line => line.Quantity)))];
}
