using Oms.Orders.Domain;

namespace Oms.Orders.Features;

/// <summary>When people should look at an order before it goes on. Configured under <c>Risk</c>.</summary>
public sealed class RiskPolicy
{
    /// <summary>Orders of this total and more are held, whatever their currency; null switches it off.</summary>
    public decimal? HoldFromTotal { get; set; } = 50_000;

    /// <summary>Lines of this many pieces and more are held; null switches it off.</summary>
    public int? HoldFromQuantity { get; set; } = 10_000;

    public IEnumerable<(string Reason, string Note)> Assess(OrderPlaced order)
    {
        if (HoldFromTotal is { } total && order.Total >= total)
            yield return ("high_risk_of_fraud", $"The total is {total} or more.");
        if (HoldFromQuantity is { } quantity && order.Lines.Any(line => line.Quantity >= quantity))
            yield return ("unusual_quantity", $"A line has {quantity} pieces or more.");
    }
}
