using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Nobody waits for these lines any more.</summary>
public sealed record CancelBackorder(Guid BackorderId, Guid OrderId, DateTimeOffset At, string? TraceParent) : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Backorders.Add(Backorder.Key(BackorderId));

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        // Each line that goes lets one more line of the queue come into view.
        foreach (var line in book.Backorders[Backorder.Key(BackorderId)]?.Lines ?? [])
            needs.Queue(line.Sku, 1);
    }

    public Refusal? Decide(StockBook book)
    {
        CancelBackorderSlice.Decide(this, book);
        return null;
    }
}

public static class CancelBackorderSlice
{
    /// <summary>
    /// Once; before it was queued it shuts the door. Whoever stood behind, or was not told because these had been promised the stock, gets a chance.
    /// </summary>
    public static void Decide(CancelBackorder command, StockBook book)
    {
        var key = Backorder.Key(command.BackorderId);
        var backorder = book.Backorders[key];
        if (backorder is { Canceled: true })
            return;

        IReadOnlyList<BackorderLine> lines = backorder is null ? [] : backorder.Lines;
        foreach (var line in lines)
            book.Queue.Remove(command.BackorderId, line);
        book.Backorders.Append(key, new BackorderCanceled(
            command.BackorderId, command.OrderId, [.. lines.Where(line => backorder!.Waiting.Contains(line.Line))], command.At, command.TraceParent),
            command.TraceParent);
    }
}
