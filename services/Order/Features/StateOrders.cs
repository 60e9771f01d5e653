using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>What this service says of orders and items that others must say too: the gateway compares (docs/adr/0014).</summary>
public static class StateOrders
{
    public static void Map(IEndpointRouteBuilder app) => app.MapStatements(
        new Dictionary<string, Type> { ["order"] = typeof(Order), ["process"] = typeof(FulfillmentState) },
        new StatementSource(
            "orders",
            $"""
             select id as key, mt_last_modified as changed, 'order' as kind, data from {EventStore.Schema}.mt_doc_order
             union all select id, mt_last_modified, 'process', data from {EventStore.Schema}.mt_doc_fulfillmentstate
             """,
            row => row.Document is FulfillmentState process ? Of(process) : Of((Order)row.Document))
        {
            Name = row => (row.Document as Order)?.Number,
        },
        new StatementSource(
            "items", $"""select sku collate "C" as key, null::timestamptz as changed, 'name' as kind, coalesce(name, '') as data from {EventStore.Schema}.known_item""",
            row => [new("item_in_catalog", "", (string)row.Document)]));

    public static IEnumerable<Said> Of(Order order)
    {
        yield return new("order_in_customer", "", $"{order.Number}, {Wording.Amount(order.Total, order.Currency)}{(order.IsCanceled ? ", canceled" : "")}");
        yield return new("order_in_returns", "", $"{order.Number}, {order.Currency}");
        foreach (var capture in order.Payment.Captures.Where(it => it.Status == TransactionStatus.Succeeded))
            yield return new("capture_in_customer", $"{capture.TransactionId}", Wording.Amount(capture.Amount, order.Currency));
        foreach (var refund in order.Payment.Refunds.Where(it => it.Status == TransactionStatus.Succeeded))
            yield return new("refund_in_customer", $"{refund.TransactionId}", Wording.Amount(refund.Amount, order.Currency));
        foreach (var refunds in order.Payment.Refunds.Where(it => it is { Status: TransactionStatus.Succeeded, ReturnId: not null }).GroupBy(it => it.ReturnId))
            yield return new("refund_of_return", $"{refunds.Key}", Wording.Amount(refunds.Sum(it => it.Amount), order.Currency));
        foreach (var parcel in order.Parcels)
        {
            yield return new("parcel_in_shipping", $"{parcel.ShipmentId}", Pieces(parcel.Lines) + (parcel.Delivered ? ", delivered" : ""));
            if (parcel.Delivered)
                yield return new("delivery_in_returns", $"{parcel.ShipmentId}", "delivered");
        }
        foreach (var open in order.FulfillmentOrders)
            yield return new("fulfillment_order_in_shipping", $"{open.Id}", $"{open.LocationId}, {Pieces(open.Lines)}");
        foreach (var reservation in order.FulfillmentOrders.GroupBy(it => it.ReservationId))
            yield return new("hold_in_inventory", $"{reservation.Key}", Wording.List(
                reservation.SelectMany(it => it.Lines.Select(line => $"line {line.Line}: {line.Quantity} {line.Sku} at {it.LocationId}"))));
        foreach (var waiting in order.Backorders)
            yield return new("backorder_in_inventory", $"{waiting.Id}", Pieces(waiting.Lines));
    }

    public static IEnumerable<Said> Of(FulfillmentState process)
    {
        if (process.RoutingAttempt > 0)
            yield return new("decision_in_routing", $"{process.RoutingId}", $"attempt {process.RoutingAttempt}");
    }

    private static string Pieces(IEnumerable<Pieces> pieces) => Wording.Pieces(pieces.Select(it => (it.Line, it.Sku, it.Quantity)));
}
