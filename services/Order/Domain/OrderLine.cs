using Oms.Kernel;

namespace Oms.Orders.Domain;

/// <summary>
/// A line and where each of its pieces is. Every piece is in exactly one place: open (to be routed), backordered, allocated (a location is asked
/// to ship it), shipped or canceled. Delivered is a part of shipped, returned a part of delivered;
/// returned pieces are back whether or not their refund went through, so the value of each is given out once.
/// </summary>
public sealed record OrderLine(int Line, string Sku, string? Name, int Quantity, decimal UnitPrice, decimal Discount, decimal Tax, decimal Total)
{
    public int Open { get; init; }

    public int Backordered { get; init; }

    public int Allocated { get; init; }

    public int Shipped { get; init; }

    public int Delivered { get; init; }

    public int Canceled { get; init; }

    public int Returned { get; init; }

    /// <summary>
    /// What the pieces from this one on are worth. The line's total is allocated to its pieces by largest remainder, once and for ever, so any
    /// partition into parcels or refunds sums to the total exactly. Pieces weigh the same, so the first ones get a minor unit more, and a line of a
    /// million pieces costs no more than one of two.
    /// </summary>
    public Money ValueOf(int first, int count, string currency) => UpTo(first + count, currency) - UpTo(first, currency);

    private Money UpTo(int pieces, string currency)
    {
        var unit = new decimal(1, 0, 0, false, (byte)Currencies.Exponent(currency)!.Value);
        var (each, more) = (decimal.Floor(Total / unit / Quantity), Total / unit % Quantity);
        return new((each * pieces + Math.Min(more, pieces)) * unit, currency);
    }

    /// <summary>Moves pieces; that more are moved than are there is a bug, so it throws.</summary>
    public OrderLine Moved(int open = 0, int backordered = 0, int allocated = 0, int shipped = 0, int delivered = 0, int canceled = 0, int returned = 0)
    {
        var after = this with
        {
            Open = Open + open,
            Backordered = Backordered + backordered,
            Allocated = Allocated + allocated,
            Shipped = Shipped + shipped,
            Delivered = Delivered + delivered,
            Canceled = Canceled + canceled,
            Returned = Returned + returned,
        };
        var lowest = Math.Min(Math.Min(Math.Min(after.Open, after.Backordered), Math.Min(after.Allocated, after.Shipped)), Math.Min(after.Canceled, after.Returned));
        return lowest >= 0 && after.Open + after.Backordered + after.Allocated + after.Shipped + after.Canceled == Quantity &&
            after.Delivered <= after.Shipped && after.Returned <= after.Delivered
            ? after
            : throw new InvalidOperationException($"Line {Line} of {Quantity} pieces cannot become {after}.");
    }
}
