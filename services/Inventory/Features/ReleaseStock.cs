using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Gives back what a reservation holds; all of it when <paramref name="Lines"/> is null.</summary>
public sealed record ReleaseStock(
    Guid ReleaseId, Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine>? Lines, string Reason, DateTimeOffset At, string? TraceParent) : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Reservation(ReservationId);

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        foreach (var line in needs.HeldBy(ReservationId, book))
        {
            needs.Level(line.LocationId, line.Sku);
            needs.Queue(line.Sku, line.Quantity);
        }
    }

    public Refusal? Decide(StockBook book)
    {
        ReleaseStockSlice.Decide(this, book);
        return null;
    }
}

public static class ReleaseStockSlice
{
    /// <summary>
    /// Acts once per ReleaseId and never gives back more than is still held, so a release that comes after a shipment returns the rest. Before the reservation
    /// it shuts the door. It is always answered, if with nothing, because somebody waits for the answer.
    /// </summary>
    public static void Decide(ReleaseStock command, StockBook book)
    {
        var key = Reservation.Key(command.ReservationId);
        if (book.Reservations[key] is not { } reservation)
        {
            book.Reservations.Append(key, new StockReservationForestalled(
                command.ReservationId, command.OrderId, command.ReleaseId, command.Reason, command.At, command.TraceParent), command.TraceParent);
            return;
        }
        if (reservation.Releases.Contains(command.ReleaseId))
            return;

        var released = command.Lines is null
            ? reservation.Lines.Where(line => line.Held > 0).Select(line => new StockLine(line.Line, line.Sku, line.LocationId, line.Held)).ToList()
            : StillHeld(command.Lines, reservation);
        foreach (var (locationId, sku, quantity) in Levels(released))
        {
            var changes = StockCounts.Between(StockState.Committed, StockState.Available, quantity);
            book.Change(locationId, sku, changes, after => new StockUncommitted(
                sku, locationId, changes, after, reservation.OrderId, command.ReservationId, command.Reason, command.At), command.TraceParent);
        }
        book.Reservations.Append(
            key, new StockReleased(command.ReservationId, reservation.OrderId, command.ReleaseId, released, command.Reason, command.At), command.TraceParent);
    }

    private static List<StockLine> StillHeld(IReadOnlyList<StockLine> wanted, Reservation reservation) =>
        [.. ReserveStockSlice.Together(wanted)
            .Select(line => line with { Quantity = int.Min(line.Quantity, reservation.Lines.FirstOrDefault(held => held.IsOf(line))?.Held ?? 0) })
            .Where(line => line.Quantity > 0)];

    /// <summary>Lines weighed together per level.</summary>
    public static IEnumerable<(string LocationId, string Sku, int Quantity)> Levels(IEnumerable<StockLine> lines) =>
        lines.GroupBy(line => (line.LocationId, line.Sku)).Select(it => (it.Key.LocationId, it.Key.Sku, it.Sum(line => line.Quantity)));
}
