using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>Puts returned pieces on the shelf, or where they can do no harm.</summary>
public sealed record RestockReturn(
    Guid ReturnId, Guid OrderId, string LocationId, IReadOnlyList<RestockLine> Lines, DateTimeOffset At, string? TraceParent) : IStockCommand
{
    public void AskForStories(StockNeeds needs) => needs.Restocks.Add(ReturnRestock.Key(ReturnId));

    public void AskForStock(StockNeeds needs, StockBook book)
    {
        foreach (var line in Lines)
        {
            needs.Level(LocationId, line.Sku);
            if (line.State == StockState.Available)
                needs.Queue(line.Sku, line.Quantity);
        }
    }

    public Refusal? Decide(StockBook book)
    {
        RestockReturnSlice.Decide(this, book);
        return null;
    }
}

public static class RestockReturnSlice
{
    /// <summary>Acts once per return. A level that was never used is begun: the pieces are there, whatever was registered.</summary>
    /// <exception cref="ArgumentException">A quantity below one, or a state that returned pieces cannot be in: the sender's defect.</exception>
    public static void Decide(RestockReturn command, StockBook book)
    {
        var key = ReturnRestock.Key(command.ReturnId);
        if (book.Restocks[key] is not null)
            return;
        if (command.Lines.Any(line => line.Quantity < 1 || line.State is not (StockState.Available or StockState.Damaged or StockState.QualityControl)))
            throw new ArgumentException($"Return {command.ReturnId} restocks less than a piece, or to where returns cannot go.", nameof(command));

        foreach (var lines in command.Lines.GroupBy(line => line.Sku))
        {
            var (sku, locationId) = (lines.Key, command.LocationId);
            var changes = lines.Aggregate(StockCounts.None, (sum, line) => sum + StockCounts.Of(line.State, line.Quantity));
            book.Change(locationId, sku, changes,
                after => new StockRestocked(sku, locationId, changes, after, command.OrderId, command.ReturnId, command.At), command.TraceParent);
        }
        book.Restocks.Append(key, new ReturnRestocked(
            command.ReturnId, command.OrderId, command.LocationId, command.Lines, command.At, command.TraceParent), command.TraceParent);
    }
}
