using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>Lines of one order that wait for stock, each for itself.</summary>
/// <param name="Lines">All that were queued.</param>
/// <param name="Waiting">The numbers of those that still wait.</param>
public sealed record Backorder(
    string Id, Guid BackorderId, Guid OrderId, ImmutableArray<BackorderLine> Lines, ImmutableArray<int> Waiting, bool Canceled, string? TraceParent)
    : IFold<Backorder, IBackorderEvent>, ITraced
{
    public int Version { get; init; }

    public static string Key(Guid id) => $"backorder/{id:N}";

    /// <summary>The only place where an event changes a backorder.</summary>
    public static Backorder After(Backorder? backorder, IBackorderEvent happened) => (backorder, happened) switch
    {
        (null, BackorderQueued e) =>
            new(Key(e.BackorderId), e.BackorderId, e.OrderId, [.. e.Lines], [.. e.Lines.Select(line => line.Line)], Canceled: false, e.TraceParent),
        (null, BackorderCanceled e) => new(Key(e.BackorderId), e.BackorderId, e.OrderId, [], [], Canceled: true, e.TraceParent),
        ({ Canceled: false } b, BackorderLinesReady e) => b with { Waiting = b.Waiting.RemoveRange(e.Lines.Select(line => line.Line)) },
        ({ Canceled: false } b, BackorderCanceled) => b with { Waiting = [], Canceled = true },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {backorder}."),
    };
}

/// <summary>A line in the backorder queue, as a document of its own: the queue of a SKU is read from its head.</summary>
public sealed record WaitingLine(
    string Id, Guid BackorderId, Guid OrderId, int Line, string Sku, int Quantity, int Attempt, DateTimeOffset OrderPlacedAt, DateTimeOffset QueuedAt)
{
    /// <summary>Oldest order first.</summary>
    public static readonly Comparer<WaitingLine> Oldest = Comparer<WaitingLine>.Create((left, right) =>
        (left.OrderPlacedAt, left.BackorderId, left.Line).CompareTo((right.OrderPlacedAt, right.BackorderId, right.Line)));

    public static string Key(Guid backorderId, int line) => $"{backorderId:N}/{line}";

    public static IEnumerable<WaitingLine> Of(BackorderQueued queued) => queued.Lines.Select(line => new WaitingLine(
        Key(queued.BackorderId, line.Line), queued.BackorderId, queued.OrderId, line.Line, line.Sku, line.Quantity, queued.Attempt,
        queued.OrderPlacedAt, queued.At));
}
