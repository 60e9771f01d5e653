using Marten;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>
/// Looks at every order and says what does not add up: the snapshot against its events, money against parcels, the process against the order.
/// </summary>
public static class ReconcileOrdersSlice
{
    public sealed record Report(long Checks, IReadOnlyList<Difference> Differences, long DifferencesFound, IReadOnlyList<Totals> Totals)
        : ReconciliationReport(Checks, Differences, DifferencesFound);

    public sealed record Totals(string Currency, int Orders, decimal OrderValue, decimal Captured, decimal Refunded);

    public static void Map(IEndpointRouteBuilder orders) => orders.MapGet("/reconciliation", Handle).WithName("ReconcileOrders")
        .Access(Scopes.ReconciliationRead)
        .WithSummary("Compares every order with its events, its parcels with its money, and its process with both.").Produces<Report>();

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var findings = new Findings();
        SortedDictionary<string, Totals> totals = new(StringComparer.Ordinal);
        var own = new OwnRules { OnPage = CheckPage };
        await Reconciliation.Of(store, findings, own, token);
        return TypedResults.Ok(new Report(findings.Checks, findings.Differences, findings.DifferencesFound, [.. totals.Values]));

        async Task CheckPage(IQuerySession session, CheckedPage page)
        {
            var orders = page.Of<Order>().Select(it => it.Folded).ToList();
            var processes = (await session.LoadManyAsync<FulfillmentState>(token, orders.Select(order => order.Id))).ToDictionary(saga => saga.CorrelationId);
            foreach (var order in orders)
            {
                foreach (var (what, expected, actual) in Check(order, processes.GetValueOrDefault(order.Id)))
                    findings.Expect(what, order.Number, expected, actual);
                totals[order.Currency] = Plus(totals.GetValueOrDefault(order.Currency) ?? new(order.Currency, 0, 0, 0, 0), order);
            }
        }
    }

    private static Totals Plus(Totals sum, Order order) => sum with
    {
        Orders = sum.Orders + 1,
        OrderValue = sum.OrderValue + order.Total,
        Captured = sum.Captured + order.Payment.Captured,
        Refunded = sum.Refunded + order.Payment.Refunded,
    };

    /// <summary>Every rule that must hold for one order, as its events tell it, with what it should be and what it is.</summary>
    public static IEnumerable<(string What, string Expected, string Actual)> Check(Order order, FulfillmentState? process)
    {
        var shipped = order.Lines.Aggregate(Money.Zero(order.Currency), (sum, line) => sum + line.ValueOf(0, line.Shipped, order.Currency)).Amount
            + (order.HasShipped ? order.Shipping : 0);
        var asked = order.Payment.Captures.Sum(capture => capture.Amount);
        yield return ("captured_is_the_value_of_what_shipped", $"{shipped:0.000}", $"{asked:0.000}");
        yield return ("every_parcel_has_its_capture",
            Shipments(order.Parcels.Select(parcel => parcel.ShipmentId)), Shipments(order.Payment.Captures.Select(capture => capture.ShipmentId)));
        yield return ("captures_are_done_when_completed", "True", $"{!order.IsCompleted || order.Payment.IsCaptured}");
        yield return ("never_captured_more_than_authorized", "True", $"{order.Payment.Captured <= order.Payment.Authorized}");
        yield return ("never_refunded_more_than_captured", "True", $"{order.Payment.Refunded <= order.Payment.Captured}");
        yield return ("every_piece_is_somewhere", $"{order.Lines.Sum(line => line.Quantity)}",
            $"{order.Lines.Sum(line => line.Open + line.Backordered + line.Allocated + line.Shipped + line.Canceled)}");
        yield return ("a_final_order_has_a_final_process",
            order.IsCanceled ? nameof(FulfillmentProcess.Canceled) : order.IsCompleted ? nameof(FulfillmentProcess.Completed) : "not final",
            process?.CurrentState is nameof(FulfillmentProcess.Canceled) or nameof(FulfillmentProcess.Completed) ? process.CurrentState : process is null ? "none" : "not final");
        yield return ("a_canceled_order_has_no_parcel", "True", $"{!order.IsCanceled || !order.HasShipped}");
    }

    private static string Shipments(IEnumerable<Guid> ids) => string.Join(", ", ids.Order());
}
