using System.Collections.Immutable;

namespace Oms.Gateway.Reconciliation;

/// <summary>What two services say of the same thing. The first one is believed: what it says is expected of the second.</summary>
public sealed record Rule(string Name, string Topic, string Expected, string Actual);

public static class Rules
{
    public static readonly ImmutableArray<Rule> All =
    [
        // What each order is, wherever it must be known.
        new("order_in_customer", "orders", "order", "customer"),
        new("order_in_returns", "orders", "order", "returns"),
        new("decision_in_routing", "orders", "order", "routing"),

        // Where its pieces are.
        new("hold_in_inventory", "orders", "order", "inventory"),
        new("backorder_in_inventory", "orders", "order", "inventory"),
        new("fulfillment_order_in_shipping", "orders", "order", "shipping"),
        new("parcel_in_shipping", "orders", "order", "shipping"),
        new("parcel_in_inventory", "orders", "shipping", "inventory"),
        new("delivery_in_returns", "orders", "order", "returns"),

        // Where its money is.
        new("capture_in_customer", "orders", "order", "customer"),
        new("refund_in_customer", "orders", "order", "customer"),
        new("refund_of_return", "orders", "order", "returns"),

        // What is kept of others, to decide by.
        new("availability_in_routing", "levels", "inventory", "routing"),
        new("item_in_catalog", "items", "inventory", "order"),
        new("location_in_inventory", "locations", "routing", "inventory"),
    ];

    public static readonly ImmutableArray<string> Topics = [.. All.Select(rule => rule.Topic).Distinct()];

    public static IReadOnlyList<string> ServicesOf(string topic) =>
        [.. All.Where(rule => rule.Topic == topic).SelectMany(rule => new[] { rule.Expected, rule.Actual }).Distinct()];
}
