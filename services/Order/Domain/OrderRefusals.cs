using Oms.Kernel;

namespace Oms.Orders.Domain;

/// <summary>Every "no" of this service; the code is the end of the problem's type.</summary>
public static class OrderRefusals
{
    public static Refusal NotFound(Guid orderId) => Refusal.NotFound("order-not-found", $"There is no order {orderId}.");

    public static Refusal NotFound(string channel, string number) =>
        Refusal.NotFound("order-not-found", $"Channel {channel} has placed no order {number}.");

    public static Refusal Differs(string channel, string number) => Refusal.Conflict(
        "order-differs", $"Channel {channel} has placed an order {number} before, with other content. The first one stands.");

    public static Refusal ForeignChannel(string channel) => new Complaints().If(true, "channel", "is not a channel of yours")
        .ToRefusal("foreign-channel", $"You cannot place orders for channel {channel}.")!;

    public static Refusal AlreadyShipped(Order order) => Refusal.Conflict(
        "order-already-shipped", $"Order {order.Number} has left: nothing of it can be canceled any more. Return it instead.");

    public static Refusal AlreadyCanceled(Order order) => Refusal.Conflict("order-canceled", $"Order {order.Number} is canceled.");

    public static Refusal NothingToHold(Order order) => Refusal.Conflict(
        "nothing-to-hold", $"All of order {order.Number} is being fulfilled, has shipped or is canceled: there is nothing left to hold.");

    public static Refusal HoldNotFound(Order order, string reason) =>
        Refusal.NotFound("hold-not-found", $"Order {order.Number} is not held for {reason}.");

    public static Refusal RefundTooLarge(Order order, decimal refundable) => Refusal.Conflict(
        "refund-too-large", $"Of order {order.Number} at most {refundable} {order.Currency} can be refunded: what was captured and not refunded yet.");

    public static Refusal UnknownSkus(IEnumerable<(string Path, string Sku)> unknown)
    {
        var complaints = new Complaints();
        foreach (var (path, sku) in unknown)
            complaints.If(true, path, $"{sku} is not an item of this merchant");
        return complaints.ToRefusal("unknown-sku", "Some lines are about items that do not exist.")!;
    }
}
