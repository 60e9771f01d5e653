namespace Oms.Contracts.Inventory.V1;

/// <summary>Weight in grams, dimensions in millimeters, GTIN in its 14-digit form, origin as ISO 3166-1 alpha-2.</summary>
public sealed record ItemRegistered(
    string Sku, string Name, string? Gtin, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm, string? HsCode, string? CountryOfOrigin,
    DateTimeOffset RegisteredAt);

/// <summary>Pieces of an order line at a location.</summary>
public sealed record StockLine(int Line, string Sku, string LocationId, int Quantity);

/// <summary>Reserves all lines or none. Answered by <see cref="StockReserved"/> or <see cref="StockReservationRejected"/>, once per ReservationId.</summary>
[Command]
public sealed record ReserveStock(Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset RequestedAt);

public sealed record StockReserved(Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset ReservedAt);

public sealed record StockShortage(string Sku, string LocationId, int Requested, int Available);

public sealed record StockReservationRejected(
    Guid ReservationId, Guid OrderId, string Reason, IReadOnlyList<StockShortage> Shortages, DateTimeOffset RejectedAt);

/// <summary>
/// Gives reserved pieces back. Safe to repeat: a ReleaseId acts once, and never gives back more than is still held.
/// Released before it was reserved, a reservation can never be made any more.
/// </summary>
/// <param name="ReleaseId">What is released for: a fulfillment order, or the reservation itself for all of it.</param>
/// <param name="Lines">Null for everything that is still held.</param>
[Command]
public sealed record ReleaseStock(
    Guid ReleaseId, Guid ReservationId, Guid OrderId, IReadOnlyList<StockLine>? Lines, string Reason, DateTimeOffset RequestedAt);

public sealed record StockReleased(Guid ReservationId, Guid OrderId, Guid ReleaseId, IReadOnlyList<StockLine> Lines, DateTimeOffset ReleasedAt);

/// <summary>Reserved pieces have left the building.</summary>
public sealed record StockConsumed(Guid ReservationId, Guid OrderId, Guid ShipmentId, IReadOnlyList<StockLine> Lines, DateTimeOffset ConsumedAt);

/// <summary>The level after a change. Versions only grow; an older one than already seen is old news.</summary>
public sealed record InventoryLevelChanged(string Sku, string LocationId, int OnHand, int Available, long Version, DateTimeOffset ChangedAt);

/// <summary>
/// Puts pieces that nobody has into the backorder queue, oldest order first. Answered by <see cref="BackorderReady"/> for each
/// line when enough has arrived for it.
/// </summary>
/// <param name="Attempt">
/// How often this order has queued. The first three are also checked against what is there already, for stock that
/// arrived while the order was being routed; later ones wait for a new arrival, so that two services with different views cannot
/// send an order around in circles.
/// </param>
[Command]
public sealed record QueueBackorder(
    Guid BackorderId, Guid OrderId, int Attempt, IReadOnlyList<LineQuantity> Lines, DateTimeOffset OrderPlacedAt, DateTimeOffset RequestedAt);

[Command]
public sealed record CancelBackorder(Guid BackorderId, Guid OrderId, DateTimeOffset RequestedAt);

/// <summary>Enough has arrived for these lines: route them again. Nothing is reserved yet.</summary>
public sealed record BackorderReady(Guid BackorderId, Guid OrderId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset ReadyAt);

/// <summary>Puts returned pieces on the shelf, or where they can do no harm. Safe to repeat: a ReturnId acts once.</summary>
[Command]
public sealed record RestockReturn(Guid ReturnId, Guid OrderId, string LocationId, IReadOnlyList<RestockLine> Lines, DateTimeOffset RequestedAt);

/// <param name="State">available, damaged or quality_control.</param>
public sealed record RestockLine(int Line, string Sku, int Quantity, string State);

public sealed record ReturnRestocked(Guid ReturnId, Guid OrderId, string LocationId, IReadOnlyList<RestockLine> Lines, DateTimeOffset RestockedAt);
