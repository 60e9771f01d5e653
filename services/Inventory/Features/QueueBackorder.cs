using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Lets lines of an order wait for stock, each for itself.</summary>
public sealed record QueueBackorder(
    Guid BackorderId, Guid OrderId, int Attempt, IReadOnlyList<BackorderLine> Lines, DateTimeOffset OrderPlacedAt, DateTimeOffset At, string? TraceParent)
    : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Backorders.Add(Backorder.Key(BackorderId));

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        foreach (var line in Lines)
            needs.Queue(line.Sku, 0);
    }

    public Refusal? Decide(StockBook book)
    {
        QueueBackorderSlice.Decide(this, book);
        return null;
    }
}

public static class QueueBackorderSlice
{
    /// <summary>Later attempts wait for an arrival: routing and inventory may see different stock, and must not play ping-pong with an order.</summary>
    public const int AttemptsCheckedAtOnce = 3;

    /// <summary>Queues once; canceled before, it stays canceled.</summary>
    /// <exception cref="ArgumentException">Nothing, or less than one piece, or two SKUs in one line, wait: the sender's defect.</exception>
    public static void Decide(QueueBackorder command, StockBook book)
    {
        var key = Backorder.Key(command.BackorderId);
        if (book.Backorders[key] is not null)
            return;
        if (command.Lines.Count == 0 || command.Lines.Any(line => line.Quantity < 1))
            throw new ArgumentException($"Backorder {command.BackorderId} waits for nothing, or for less than a piece.", nameof(command));
        var lines = command.Lines.GroupBy(line => (line.Line, line.Sku))
            .Select(it => new BackorderLine(it.Key.Line, it.Key.Sku, it.Sum(line => line.Quantity))).ToList();
        if (lines.DistinctBy(line => line.Line).Count() != lines.Count)
            throw new ArgumentException($"Backorder {command.BackorderId} has two SKUs in one line.", nameof(command));

        var queued = new BackorderQueued(
            command.BackorderId, command.OrderId, command.Attempt, lines, AsStored(command.OrderPlacedAt), command.At, command.TraceParent);
        book.Backorders.Append(key, queued, command.TraceParent);

        var ready = WaitingLine.Of(queued).Where(line => book.Queue.Add(line, checkAtOnce: command.Attempt <= AttemptsCheckedAtOnce))
            .Select(line => new BackorderLine(line.Line, line.Sku, line.Quantity)).ToList();
        if (ready.Count > 0)
            book.Backorders.Append(key, new BackorderLinesReady(command.BackorderId, command.OrderId, ready, command.At), command.TraceParent);
    }

    // PostgreSQL keeps microseconds: a queue must be in the same order in memory and in the database.
    private static DateTimeOffset AsStored(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();
}
