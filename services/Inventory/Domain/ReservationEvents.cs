namespace Oms.Inventory.Domain;

/// <summary>A fact about pieces held for an order.</summary>
public interface IReservationEvent
{
    Guid ReservationId { get; }

    Guid OrderId { get; }
}

/// <summary>Pieces of an order line at a location.</summary>
public sealed record StockLine(int Line, string Sku, string LocationId, int Quantity);

/// <summary>What was missing at a location, over all lines of the reservation.</summary>
public sealed record StockShortage(string Sku, string LocationId, int Requested, int Available);

public sealed record StockReserved(
    Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset At, string? TraceParent) : IReservationEvent;

/// <param name="Reason">out_of_stock, unknown_sku or released.</param>
public sealed record StockReservationRejected(
    Guid ReservationId, Guid OrderId, string Reason, IReadOnlyList<StockShortage> Shortages, DateTimeOffset At, string? TraceParent) : IReservationEvent;

/// <summary>Released before it was made: messages overtake each other. It can never be made any more.</summary>
public sealed record StockReservationForestalled(
    Guid ReservationId, Guid OrderId, Guid ReleaseId, string Reason, DateTimeOffset At, string? TraceParent) : IReservationEvent;

/// <param name="Lines">What was really given back; empty when nothing was held any more.</param>
public sealed record StockReleased(
    Guid ReservationId, Guid OrderId, Guid ReleaseId, IReadOnlyList<StockLine> Lines, string Reason, DateTimeOffset At) : IReservationEvent;

public sealed record StockConsumed(
    Guid ReservationId, Guid OrderId, Guid ShipmentId, IReadOnlyList<StockLine> Lines, DateTimeOffset At) : IReservationEvent;
