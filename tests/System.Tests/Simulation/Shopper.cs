using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;

namespace Oms.SystemTests.Simulation;

/// <summary>Makes up orders for the few things there are.</summary>
internal static class Shopper
{
    private static readonly Address Home = new("US", "Ada Lovelace", "12 Main St", "Springfield", "IL", "62701");

    public static PlaceOrder Order(Dice dice, int number, IReadOnlyList<string> skus, DateTimeOffset now)
    {
        var currency = dice.OneOf("USD", "USD", "JPY", "KWD");
        var minor = currency switch { "JPY" => 1m, "KWD" => 1_000m, _ => 100m };
        ImmutableArray<PlacedLine> lines = [.. Enumerable.Range(1, dice.Between(1, 3)).Select(line => Line(dice, line, dice.One(skus), minor))];
        var email = dice.OneOf(null, "ada@example.com", "ada@example.com", "bob@example.com");
        return new(
            PlaceOrderSlice.OrderId("web", $"W-{number}"), $"#{1000 + number}", "web", $"W-{number}", $"content of {number}", email, "Ada Lovelace", Home,
            currency, lines, dice.OneOf(0m, 0m, 500 / minor), "standard", ShipComplete: dice.Chance(25), "tok_visa",
            now.AddMinutes(-dice.Number(60)), null, now);
    }

    private static PlacedLine Line(Dice dice, int line, string sku, decimal minor)
    {
        var (quantity, unit) = (dice.OneOf(1, 1, 2, 2, 3, 3, 4), dice.Number(20) == 0 ? 0 : dice.Number(3_000));
        var (discount, tax) = (dice.Number(quantity * unit / 2 + 1), dice.Number(300));
        return new(line, sku, null, quantity, unit / minor, discount / minor, tax / minor, (quantity * unit - discount + tax) / minor);
    }
}
