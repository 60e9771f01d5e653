namespace Oms.Shipping.Domain;

/// <summary>The pieces of one order line at one location, and how far they are.</summary>
/// <param name="Quantity">Ordered from this location.</param>
/// <param name="Picked">Every shipped piece has been packed, and every packed one picked: picked ≥ packed ≥ shipped, always.</param>
public sealed record FulfillmentLine(int Line, string Sku, int Quantity, int Picked = 0, int Packed = 0, int Shipped = 0, int Canceled = 0, int Rejected = 0)
{
    /// <summary>What can still leave.</summary>
    public int ToShip() => Quantity - Shipped - Canceled - Rejected;

    public int ToPick() => Quantity - Picked;

    public int ToPack() => Picked - Packed;

    /// <summary>More pieces than there are would be a bug, so they throw.</summary>
    public FulfillmentLine Plus(int picked = 0, int packed = 0, int shipped = 0, int canceled = 0, int rejected = 0)
    {
        var after = this with
        {
            Picked = Picked + picked, Packed = Packed + packed, Shipped = Shipped + shipped, Canceled = Canceled + canceled, Rejected = Rejected + rejected,
        };
        return after.Quantity >= after.Picked && after.Picked >= after.Packed && after.Packed >= after.Shipped && after.ToShip() >= 0
            ? after
            : throw new InvalidOperationException($"Line {Line} cannot have {after}.");
    }
}
