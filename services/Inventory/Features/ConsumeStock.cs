using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Held pieces have left the building.</summary>
public sealed record ConsumeStock(
    Guid ShipmentId, Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset At, string? TraceParent)
    : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Reservation(ReservationId);

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        foreach (var line in needs.HeldBy(ReservationId, book))
            needs.Level(line.LocationId, line.Sku);
    }

    public Refusal? Decide(StockBook book)
    {
        ConsumeStockSlice.Decide(this, book);
        return null;
    }
}

/// <summary>A parcel is said to have left with pieces that were not held for it.</summary>
public sealed class ShipmentExceedsReservationException(string message) : InvalidOperationException(message);

public static class ConsumeStockSlice
{
    /// <summary>
    /// Takes the pieces out of what is committed and on hand, once per shipment. Neither guessing nor ignoring would keep the counts right when the reservation
    /// is not known (yet) or holds less: the message is tried again, and then waits for people in the error queue while nothing is changed.
    /// </summary>
    /// <exception cref="ShipmentExceedsReservationException">Not known, or not so much is held.</exception>
    public static void Decide(ConsumeStock command, StockBook book)
    {
        var key = Reservation.Key(command.ReservationId);
        var reservation = book.Reservations[key] ?? throw new ShipmentExceedsReservationException(
            $"Shipment {command.ShipmentId} is about reservation {command.ReservationId}, which is not known.");
        if (reservation.Shipments.Contains(command.ShipmentId))
            return;

        var consumed = ReserveStockSlice.Together(command.Lines);
        foreach (var line in consumed)
        {
            var held = reservation.Lines.FirstOrDefault(held => held.IsOf(line))?.Held ?? 0;
            if (line.Quantity < 1 || held < line.Quantity)
                throw new ShipmentExceedsReservationException(
                    $"Shipment {command.ShipmentId} takes {line.Quantity} {line.Sku} of line {line.Line} from {line.LocationId}, where {held} are held.");
        }

        foreach (var (locationId, sku, quantity) in ReleaseStockSlice.Levels(consumed))
        {
            var changes = StockCounts.Of(StockState.Committed, -quantity);
            book.Change(locationId, sku, changes, after => new StockShipped(
                sku, locationId, changes, after, reservation.OrderId, command.ReservationId, command.ShipmentId, command.At), command.TraceParent);
        }
        book.Reservations.Append(
            key, new StockConsumed(command.ReservationId, reservation.OrderId, command.ShipmentId, consumed, command.At), command.TraceParent);
    }
}
