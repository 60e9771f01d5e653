namespace Oms.Inventory.Domain;

/// <summary>A movement of stock. The level's stream is the movement ledger, so each fact also says what the counts were after it.</summary>
public interface IInventoryLevelEvent
{
    string Sku { get; }

    string LocationId { get; }

    StockCounts Changes { get; }

    StockCounts After { get; }

    DateTimeOffset At { get; }
}

/// <summary>A movement that somebody recorded, with why and with which paper.</summary>
public interface IRecordedMovement : IInventoryLevelEvent
{
    string Reason { get; }

    string? Document { get; }
}

/// <summary>A movement for an order.</summary>
public interface IOrderMovement : IInventoryLevelEvent
{
    Guid OrderId { get; }

    Guid? ReservationId { get; }
}

public sealed record StockReceived(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, string Reason, string? Document, DateTimeOffset At) : IRecordedMovement;

public sealed record StockAdjusted(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, string Reason, string? Document, DateTimeOffset At) : IRecordedMovement;

/// <summary>Somebody counted, or another system knows better.</summary>
public sealed record StockCounted(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, string Reason, string? Document, DateTimeOffset At) : IRecordedMovement;

public sealed record StockMoved(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, string Reason, string? Document, DateTimeOffset At) : IRecordedMovement;

/// <summary>Held for an order: from available to committed.</summary>
public sealed record StockCommitted(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, Guid OrderId, Guid? ReservationId, DateTimeOffset At) : IOrderMovement;

/// <summary>Not held any more: from committed to available.</summary>
public sealed record StockUncommitted(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, Guid OrderId, Guid? ReservationId, string Reason, DateTimeOffset At)
    : IOrderMovement;

/// <summary>Committed pieces have left the building.</summary>
public sealed record StockShipped(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, Guid OrderId, Guid? ReservationId, Guid ShipmentId, DateTimeOffset At)
    : IOrderMovement;

/// <summary>Returned pieces are back. No reservation is involved.</summary>
public sealed record StockRestocked(
    string Sku, string LocationId, StockCounts Changes, StockCounts After, Guid OrderId, Guid ReturnId, DateTimeOffset At) : IOrderMovement
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Guid? ReservationId => null;
}
