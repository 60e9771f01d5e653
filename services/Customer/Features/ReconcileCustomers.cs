using System.Collections.Immutable;
using System.Text.Json;
using Marten;
using Marten.Linq.MatchesSql;
using Oms.Customers.Domain;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

/// <summary>
/// Checks all that is stored: every snapshot is the fold of its stream, and every customer's sums are those of the customer's orders. It
/// reads page by page at one instant, so it may run while orders arrive.
/// </summary>
public static class ReconcileCustomersSlice
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/customers/reconciliation", Handle)
        .WithName("ReconcileCustomers").Access(Scopes.ReconciliationRead)
        .WithSummary("Compares snapshots with their streams, and customers with their orders.")
        .Produces<View>();

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var (findings, money) = (new Findings(), new Money());
        var own = new OwnRules { OnPage = CheckPage };
        await Reconciliation.Of(store, findings, own, token);
        return TypedResults.Ok(new View(findings.Checks, findings.Differences, findings.DifferencesFound, money.ToView()));

        async Task CheckPage(IQuerySession session, CheckedPage page)
        {
            foreach (var (order, _) in page.Of<CustomerOrder>())
                money.Add(order);
            var customers = page.Of<Customer>().Select(it => it.Folded).ToList();
            var ordersOf = (await session.Query<CustomerOrder>().Where(it => it.MatchesSql("d.customer_id = any(?)", customers.Select(it => it.Id).ToArray()))
                .ToListAsync(token)).ToLookup(it => it.CustomerId);
            foreach (var customer in customers)
            {
                findings.Checked(1);
                var (wanted, found) = (Sums.Of(ordersOf[customer.Id]), new Sums(customer.CanceledOrders, customer.Totals));
                if (!Sums.Same(wanted, found))
                    findings.Add(new("customer_totals_are_those_of_the_orders", $"{customer.Id}", JsonSerializer.Serialize(wanted), JsonSerializer.Serialize(found)));
            }
        }
    }

    /// <summary>A customer's sums, made anew from the orders instead of from the customer's own stream.</summary>
    public sealed record Sums(int CanceledOrders, ImmutableSortedDictionary<string, CurrencyTotals> Totals)
    {
        /// <summary>By value: as text 0 and 0.00 would differ.</summary>
        public static bool Same(Sums one, Sums other) => one.CanceledOrders == other.CanceledOrders && one.Totals.SequenceEqual(other.Totals);

        public static Sums Of(IEnumerable<CustomerOrder> orders)
        {
            var (canceled, totals) = (0, ImmutableSortedDictionary<string, CurrencyTotals>.Empty);
            foreach (var order in orders)
            {
                if (order is { PlacedAt: not null, CanceledAt: not null })
                    canceled++;
                if (order.PlacedAt is not null)
                    Add(order.Currency!, it => order.CanceledAt is not null ? it : it with { Orders = it.Orders + 1, Ordered = it.Ordered + order.Total });
                foreach (var capture in order.Captures.Values)
                    Add(capture.Currency, it => it with { Captured = it.Captured + capture.Amount });
                foreach (var refund in order.Refunds.Values)
                    Add(refund.Currency, it => it with { Refunded = it.Refunded + refund.Amount });
            }
            return new(canceled, totals);

            void Add(string currency, Func<CurrencyTotals, CurrencyTotals> change) =>
                totals = totals.SetItem(currency, change(totals.GetValueOrDefault(currency, CurrencyTotals.None)));
        }
    }

    private sealed class Money
    {
        private readonly SortedDictionary<string, CurrencyTotals> all = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, CurrencyTotals> unattributed = new(StringComparer.Ordinal);

        public void Add(CustomerOrder order)
        {
            foreach (var (currency, sums) in Sums.Of([order]).Totals)
            {
                Add(all, currency, sums);
                if (order.CustomerId is null)
                    Add(unattributed, currency, sums);
            }
        }

        public IReadOnlyList<CurrencyView> ToView() =>
        [
            .. all.Select(it =>
            {
                var nobodys = unattributed.GetValueOrDefault(it.Key, CurrencyTotals.None);
                return new CurrencyView(it.Key, it.Value.Captured, it.Value.Refunded, it.Value.LifetimeValue(), new(nobodys.Captured, nobodys.Refunded));
            }),
        ];

        private static void Add(SortedDictionary<string, CurrencyTotals> totals, string currency, CurrencyTotals more)
        {
            var sums = totals.GetValueOrDefault(currency, CurrencyTotals.None);
            totals[currency] = new(sums.Orders + more.Orders, sums.Ordered + more.Ordered, sums.Captured + more.Captured, sums.Refunded + more.Refunded);
        }
    }

    public sealed record View(long Checks, IReadOnlyList<Difference> Differences, long DifferencesFound, IReadOnlyList<CurrencyView> Totals)
        : ReconciliationReport(Checks, Differences, DifferencesFound);

    /// <summary>All money in a currency, and how much of it belongs to orders without an e-mail address, and so to no customer.</summary>
    public sealed record CurrencyView(string Currency, decimal Captured, decimal Refunded, decimal LifetimeValue, Unattributed Unattributed);

    public sealed record Unattributed(decimal Captured, decimal Refunded);
}
