using Marten;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;

namespace Oms.Returns.Features;

/// <summary>
/// Compares returns and what may come back with their events, and what is claimed with who claims it; states them for the gateway's comparison (docs/adr/0014).
/// </summary>
public static class ReconcileReturnsSlice
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/returns/reconciliation", Handle).WithName("ReconcileReturns").Access(Scopes.ReconciliationRead)
            .WithSummary("Compares returns with their events, and claimed pieces with the returns that claim them.").Produces<ReconciliationReport>();
        routes.MapStatements(
            new Dictionary<string, Type> { ["order"] = typeof(ReturnableOrder), ["return"] = typeof(Return) },
            new StatementSource(
                "orders",
                $"""
                 select id as key, mt_last_modified as changed, 'order' as kind, data from {EventStore.Schema}.mt_doc_returnableorder
                 union all select order_id, mt_last_modified, 'return', data from {EventStore.Schema}.mt_doc_return
                 """,
                row => row.Document is Return it ? Of(it) : Of((ReturnableOrder)row.Document)));
    }

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var findings = new Findings();
        var own = new OwnRules { OnPage = CheckPage };
        await Reconciliation.Of(store, findings, own, token);
        return TypedResults.Ok(findings.ToReport());

        async Task CheckPage(IQuerySession session, CheckedPage page)
        {
            var orders = page.Of<ReturnableOrder>().Select(it => it.Folded).ToList();
            var ids = orders.Select(order => order.Id).ToArray();
            var returns = (await session.Query<Return>().Where(it => ids.Contains(it.OrderId)).ToListAsync(token)).ToLookup(it => it.OrderId);
            foreach (var order in orders)
                foreach (var (line, claimed) in order.Lines)
                    findings.Expect("claimed_is_what_returns_claim", $"{order.Number} line {line}", returns[order.Id].Sum(it => Claimed(it, line)), claimed.Claimed);
        }
    }

    /// <summary>What was asked for, until it is there; then what has come.</summary>
    private static int Claimed(Return it, int line) => it switch
    {
        { Status: ReturnStatus.Declined or ReturnStatus.Canceled } => 0,
        { ReceivedAt: null } => it.Lines.Where(asked => asked.Line == line).Sum(asked => asked.Quantity),
        _ => it.Received.Where(came => came.Line == line).Sum(came => came.Quantity),
    };

    public static IEnumerable<Said> Of(ReturnableOrder order)
    {
        if (order.Number is not null)
            yield return new("order_in_returns", "", $"{order.Number}, {order.Currency}");
        foreach (var shipment in order.Shipments)
            yield return new("delivery_in_returns", $"{shipment}", "delivered");
    }

    public static IEnumerable<Said> Of(Return it)
    {
        if (!it.RefundTransactions.IsEmpty)
            yield return new("refund_of_return", $"{it.Id}", Wording.Amount(it.Refunded, it.Currency));
    }
}
