using Oms.Orders.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>An order as callers see it. Nothing that could be used to pay is shown.</summary>
public sealed record OrderView(
    Guid Id, string Number, string Channel, string ChannelOrderNumber, OrderStatus Status, Guid? CustomerId, OrderView.CustomerView? Customer,
    Address ShipTo, string Currency, string ServiceLevel, bool ShipComplete, IReadOnlyList<OrderView.LineView> Lines, decimal Shipping, decimal Total,
    OrderView.PaymentView Payment, IReadOnlyList<Hold> Holds, string? CancellationReason, DateTimeOffset PlacedAt, long Version, string? TraceId)
{
    public sealed record CustomerView(string? Email, string? Name);

    public sealed record LineView(
        int Line, string Sku, string? Name, int Quantity, decimal UnitPrice, decimal Discount, decimal Tax, decimal Total, QuantitiesView Quantities);

    /// <summary>Where the pieces are. Open + backordered + allocated + shipped + canceled is the quantity.</summary>
    public sealed record QuantitiesView(int Open, int Backordered, int Allocated, int Shipped, int Delivered, int Canceled, int Returned);

    /// <param name="Status">pending, authorized, declined, partially_captured, captured, partially_refunded, refunded or voided.</param>
    public sealed record PaymentView(string Status, decimal Authorized, decimal Captured, decimal Refunded, bool Voided);

    public static OrderView Of(Order order, long version) => new(
        order.Id, order.Number, order.Channel, order.ChannelOrderNumber, order.Status, order.CustomerId,
        order.CustomerEmail is null && order.CustomerName is null ? null : new(order.CustomerEmail, order.CustomerName),
        order.ShipTo, order.Currency, order.ServiceLevel, order.ShipComplete,
        [.. order.Lines.Select(line => new LineView(
            line.Line, line.Sku, line.Name, line.Quantity, line.UnitPrice, line.Discount, line.Tax, line.Total,
            new(line.Open, line.Backordered, line.Allocated, line.Shipped, line.Delivered, line.Canceled, line.Returned)))],
        order.Shipping, order.Total,
        new(StatusOf(order), order.Payment.Authorized, order.Payment.Captured, order.Payment.Refunded, order.Payment.IsVoided),
        order.Holds, order.CancellationReason, order.PlacedAt, version, Tracing.TraceId(order.TraceParent));

    private static string StatusOf(Order order) => order.Payment switch
    {
        { Refunded: > 0 } payment => payment.Refunded == payment.Captured ? "refunded" : "partially_refunded",
        { Captured: > 0 } payment => payment.Captured >= order.Total || order.IsCompleted ? "captured" : "partially_captured",
        { IsVoided: true } => "voided",
        { DeclineReason: not null } => "declined",
        { IsAuthorized: true } => "authorized",
        _ => "pending",
    };
}
