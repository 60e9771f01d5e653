using System.Data;
using Marten;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;

namespace Oms.Orders.Features;

/// <summary>
/// Looks at every order and says what does not add up: the snapshot against its events, money against parcels, the process against the order.
/// </summary>
public static class ReconcileOrdersSlice
{
    private const int PageSize = 200;
    private const int DifferencesMax = 1_000;

    public sealed record Report(long Checks, IReadOnlyList<Difference> Differences, IReadOnlyList<Totals> Totals);

    /// <param name="What">Which rule does not hold.</param>
    /// <param name="Key">The order's number.</param>
    public sealed record Difference(string What, string Key, string Expected, string Actual);

    public sealed record Totals(string Currency, int Orders, decimal OrderValue, decimal Captured, decimal Refunded);

    public static void Map(IEndpointRouteBuilder orders) => orders.MapGet("/reconciliation", Handle).WithName("ReconcileOrders")
        .WithSummary("Compares every order with its events, its parcels with its money, and its process with both.").Produces<Report>();

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var checks = 0L;
        List<Difference> differences = [];
        Dictionary<string, Totals> totals = [];
        // All of it as of one moment: an order that moves on while it is being looked at would not seem to add up.
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
        await using var session = store.QuerySession(Marten.Services.SessionOptions.ForTransaction(moment));
        var after = Guid.Empty;
        while (true)
        {
            var page = await session.Query<Order>().Where(order => order.Id > after).OrderBy(order => order.Id).Take(PageSize).ToListAsync(token);
            if (page.Count == 0)
                return TypedResults.Ok(new Report(checks, differences, [.. totals.Values.OrderBy(it => it.Currency, StringComparer.Ordinal)]));
            after = page[^1].Id;
            var ids = page.Select(order => order.Id).ToArray();
            var sagas = (await session.LoadManyAsync<FulfillmentState>(token, ids)).ToDictionary(saga => saga.CorrelationId);
            var events = (await session.Events.QueryAllRawEvents().Where(e => ids.Contains(e.StreamId)).ToListAsync(token))
                .OrderBy(e => e.Version).ToLookup(e => e.StreamId, e => (IOrderEvent)e.Data);
            foreach (var order in page)
            {
                foreach (var (what, expected, actual) in Check(order, Fold.All<Order, IOrderEvent>(events[order.Id]), sagas.GetValueOrDefault(order.Id)))
                {
                    checks++;
                    if (expected != actual && differences.Count < DifferencesMax)
                        differences.Add(new(what, order.Number, expected, actual));
                }
                var sum = totals.GetValueOrDefault(order.Currency) ?? new(order.Currency, 0, 0, 0, 0);
                totals[order.Currency] = sum with
                {
                    Orders = sum.Orders + 1,
                    OrderValue = sum.OrderValue + order.Total,
                    Captured = sum.Captured + order.Payment.Captured,
                    Refunded = sum.Refunded + order.Payment.Refunded,
                };
            }
        }
    }

    /// <summary>Every rule that must hold for one order, with what it should be and what it is.</summary>
    public static IEnumerable<(string What, string Expected, string Actual)> Check(Order order, Order? folded, FulfillmentState? process)
    {
        yield return ("order_is_the_fold_of_its_events", Describe(folded), Describe(order));

        var shipped = order.Lines.Aggregate(Money.Zero(order.Currency), (sum, line) => sum + line.ValueOf(0, line.Shipped, order.Currency)).Amount
            + (order.HasShipped ? order.Shipping : 0);
        var asked = order.Payment.Captures.Sum(capture => capture.Amount);
        yield return ("captured_is_the_value_of_what_shipped", $"{shipped:0.000}", $"{asked:0.000}");
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

    private static string Describe(Order? order) => order is null
        ? "nothing"
        : System.Text.Json.JsonSerializer.Serialize(order with { Version = 0 });
}
