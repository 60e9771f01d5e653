using Oms.Customers.Domain;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

/// <summary>What this service says of orders that the Order service must say too: the gateway compares (docs/adr/0014).</summary>
public static class StateOrders
{
    public static void Map(IEndpointRouteBuilder app) => app.MapStatements(
        new Dictionary<string, Type> { ["order"] = typeof(CustomerOrder) },
        new StatementSource(
            "orders", $"select id as key, mt_last_modified as changed, 'order' as kind, data from {EventStore.Schema}.mt_doc_customerorder",
            row => Of((CustomerOrder)row.Document)));

    public static IEnumerable<Said> Of(CustomerOrder order)
    {
        if (order.PlacedAt is not null)
            yield return new(
                "order_in_customer", "", $"{order.Number}, {Wording.Amount(order.Total, order.Currency!)}{(order.CanceledAt is null ? "" : ", canceled")}");
        foreach (var (transaction, capture) in order.Captures)
            yield return new("capture_in_customer", $"{transaction}", Wording.Amount(capture.Amount, capture.Currency));
        foreach (var (transaction, refund) in order.Refunds)
            yield return new("refund_in_customer", $"{transaction}", Wording.Amount(refund.Amount, refund.Currency));
    }
}
