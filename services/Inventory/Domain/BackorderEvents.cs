namespace Oms.Inventory.Domain;

/// <summary>A fact about order lines that wait for stock.</summary>
public interface IBackorderEvent
{
    Guid BackorderId { get; }

    Guid OrderId { get; }
}

public sealed record BackorderLine(int Line, string Sku, int Quantity);

public sealed record BackorderQueued(
    Guid BackorderId, Guid OrderId, int Attempt, IReadOnlyList<BackorderLine> Lines, DateTimeOffset OrderPlacedAt, DateTimeOffset At, string? TraceParent)
    : IBackorderEvent;

/// <summary>Enough is there for these lines. Nothing is reserved yet.</summary>
public sealed record BackorderLinesReady(Guid BackorderId, Guid OrderId, IReadOnlyList<BackorderLine> Lines, DateTimeOffset At) : IBackorderEvent;

/// <param name="Lines">What was still waiting; empty when it was canceled before it was queued.</param>
public sealed record BackorderCanceled(
    Guid BackorderId, Guid OrderId, IReadOnlyList<BackorderLine> Lines, DateTimeOffset At, string? TraceParent) : IBackorderEvent;
