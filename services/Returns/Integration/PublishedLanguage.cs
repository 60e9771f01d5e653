using JasperFx.Events;
using Oms.Contracts;
using Oms.Returns.Domain;
using Inventory = Oms.Contracts.Inventory.V1;
using Orders = Oms.Contracts.Orders.V1;
using V1 = Oms.Contracts.Returns.V1;

namespace Oms.Returns.Integration;

public static class ReturnsPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        ReturnRequested e => new V1.ReturnRequested(
            e.ReturnId, e.Number, e.OrderId, [.. e.Lines.Select(line => new LineQuantity(line.Line, line.Sku, line.Quantity))], e.Reason, e.RequestedAt),
        ReturnApproved e => new V1.ReturnApproved(e.ReturnId, e.OrderId, e.ApprovedAt),
        ReturnDeclined e => new V1.ReturnDeclined(e.ReturnId, e.OrderId, e.Reason, e.DeclinedAt),
        ReturnCanceled e => new V1.ReturnCanceled(e.ReturnId, e.OrderId, e.CanceledAt),
        ReturnReceived e => new V1.ReturnReceived(e.ReturnId, e.OrderId, e.LocationId, ByLine(e), e.ReceivedAt),
        RestockRequested e => new Inventory.RestockReturn(
            e.ReturnId, e.OrderId, e.LocationId,
            [.. e.Lines.Select(line => new Inventory.RestockLine(line.Line, line.Sku, line.Quantity, line.State))], e.RequestedAt),
        RefundRequested e => new Orders.RefundReturn(
            e.ReturnId, e.OrderId, [.. e.Lines.Select(line => new LineQuantity(line.Line, line.Sku, line.Quantity))], e.Reason, e.RequestedAt),
        ReturnClosed e => new V1.ReturnClosed(e.ReturnId, e.OrderId, e.Refunded, e.Currency, e.ClosedAt),
        _ => null,
    };

    private static IReadOnlyList<LineQuantity> ByLine(ReturnReceived e) =>
        [.. e.Lines.GroupBy(line => (line.Line, line.Sku)).Select(parts => new LineQuantity(parts.Key.Line, parts.Key.Sku, parts.Sum(part => part.Quantity)))];
}
