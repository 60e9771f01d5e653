using System.Collections.Immutable;

namespace Oms.Returns.Domain;

/// <summary>A fact about what of an order may come back.</summary>
public interface IReturnableOrderEvent;

public sealed record OrderedLine(int Line, string Sku, int Quantity, decimal Total);

public sealed record DeliveredLine(int Line, string Sku, int Quantity);

public sealed record ClaimedLine(int Line, int Quantity);

public sealed record OrderRecorded(
    Guid OrderId, string Number, string Currency, ImmutableArray<OrderedLine> Lines, DateTimeOffset PlacedAt,
    string? TraceParent = null, string? Channel = null) : IReturnableOrderEvent;

public sealed record DeliveryRecorded(
    Guid OrderId, Guid ShipmentId, ImmutableArray<DeliveredLine> Lines, DateTimeOffset DeliveredAt, string? TraceParent = null) : IReturnableOrderEvent;

/// <summary>A return has taken these pieces: no other return may have them.</summary>
public sealed record PiecesClaimed(Guid OrderId, Guid ReturnId, ImmutableArray<ClaimedLine> Lines, DateTimeOffset ClaimedAt) : IReturnableOrderEvent;

/// <summary>The return does not need these pieces any more: another one may have them.</summary>
public sealed record ClaimReleased(Guid OrderId, Guid ReturnId, ImmutableArray<ClaimedLine> Lines, DateTimeOffset ReleasedAt) : IReturnableOrderEvent;
