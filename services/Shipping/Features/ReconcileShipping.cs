using Marten;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>Compares fulfillment orders and parcels with their events and with each other, and states them for the gateway's comparison (docs/adr/0014).</summary>
public static class ReconcileShipping
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/shipping/reconciliation", Handle).WithName("ReconcileShipping")
            .Access(Scopes.ReconciliationRead)
            .WithTags("Shipments")
            .WithSummary("Compares fulfillment orders and shipments with their events, and with each other.").Produces<ReconciliationReport>();
        app.MapStatements(
            new Dictionary<string, Type> { ["fulfillment_order"] = typeof(FulfillmentOrder), ["shipment"] = typeof(Shipment) },
            new StatementSource(
                "orders",
                $"""
                 select order_id as key, mt_last_modified as changed, 'fulfillment_order' as kind, data from {EventStore.Schema}.mt_doc_fulfillmentorder
                 union all select order_id, mt_last_modified, 'shipment', data from {EventStore.Schema}.mt_doc_shipment
                 """,
                row => row.Document is Shipment shipment ? Of(shipment) : Of((FulfillmentOrder)row.Document)));
    }

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var findings = new Findings();
        var own = new OwnRules { OnPage = CheckPage };
        await Reconciliation.Of(store, findings, own, token);
        return TypedResults.Ok(findings.ToReport());

        async Task CheckPage(IQuerySession session, CheckedPage page)
        {
            var orders = page.Of<FulfillmentOrder>().Select(it => it.Folded).ToList();
            var parcels = (await session.LoadManyAsync<Shipment>(token, orders.SelectMany(it => it.Shipments))).ToDictionary(it => it.Id);
            foreach (var order in orders)
                foreach (var line in order.Lines)
                    findings.Expect(
                        "shipped_is_what_the_parcels_hold", $"{order.OrderNumber} {order.Id} line {line.Line}",
                        order.Shipments.Sum(id => parcels.GetValueOrDefault(id)?.Lines.Where(it => it.Line == line.Line).Sum(it => it.Quantity) ?? 0), line.Shipped);

            var shipments = page.Of<Shipment>().Select(it => it.Folded).ToList();
            var ofParcels = (await session.LoadManyAsync<FulfillmentOrder>(token, shipments.Select(it => it.FulfillmentOrderId).Distinct())).ToDictionary(it => it.Id);
            foreach (var shipment in shipments)
                findings.Expect(
                    "a_parcel_is_one_of_its_fulfillment_order", $"{shipment.OrderNumber} {shipment.Id}", true,
                    ofParcels.GetValueOrDefault(shipment.FulfillmentOrderId)?.Shipments.Contains(shipment.Id) == true);
        }
    }

    public static IEnumerable<Said> Of(FulfillmentOrder order)
    {
        if (order.IsLive() && order.ToShip() is { IsEmpty: false } open)
            yield return new("fulfillment_order_in_shipping", $"{order.Id}", $"{order.LocationId}, {Pieces(open)}");
    }

    public static IEnumerable<Said> Of(Shipment shipment)
    {
        yield return new("parcel_in_shipping", $"{shipment.Id}", Pieces(shipment.Lines) + (shipment.DeliveryTold ? ", delivered" : ""));
        yield return new("parcel_in_inventory", $"{shipment.Id}", "left");
    }

    private static string Pieces(IEnumerable<Pieces> pieces) => Wording.Pieces(pieces.Select(it => (it.Line, it.Sku, it.Quantity)));
}
