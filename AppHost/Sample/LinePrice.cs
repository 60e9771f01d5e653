namespace Oms.Sample;

/// <summary>
/// The price before discount and the discount, such that <c>quantity × UnitPrice − Discount == Total</c> to the cent. The file only
/// knows what the line cost in the end.
/// </summary>
internal readonly record struct LinePrice(decimal UnitPrice, decimal Discount, decimal Total)
{
    private const decimal Cent = 0.01m;
    private const decimal UnitPriceMax = 100_000_000m;

    /// <param name="sales">What the line cost, discount already taken off; may have fractions of a cent.</param>
    /// <param name="quantity">At least 1.</param>
    /// <param name="discount">The share that was taken off, 0.2 for 20 %.</param>
    public static LinePrice From(decimal sales, int quantity, decimal discount)
    {
        var total = Cents(sales);
        var listPrice = discount < 1 && sales <= UnitPriceMax * (1 - discount) ? Cents(sales / (1 - discount) / quantity) : 0;
        // Rounding down may make the list price too low for the total; the next cent above the share of one piece never is.
        var unitPrice = Math.Max(listPrice, CentsUp(total / quantity));
        return new(unitPrice, unitPrice * quantity - total, total);
    }

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static decimal CentsUp(decimal amount) => decimal.Ceiling(amount / Cent) * Cent;
}
