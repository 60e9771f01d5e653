using System.Collections.Immutable;
using System.Data;
using System.Text.Json;
using Marten;
using Marten.Linq.MatchesSql;
using Oms.Customers.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Customers.Features;

/// <summary>
/// Checks all that is stored: every snapshot is the fold of its stream, and every customer's sums are those of the customer's orders. It
/// reads page by page at one instant, so it may run while orders arrive.
/// </summary>
public static class ReconcileCustomersSlice
{
    private const int StreamsPerPage = 500;
    private const int DifferencesMax = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/customers/reconciliation", Handle)
        .WithName("ReconcileCustomers")
        .WithSummary("Compares snapshots with their streams, and customers with their orders.")
        .Produces<View>();

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var instant = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
        await using var session = store.QuerySession(Marten.Services.SessionOptions.ForTransaction(instant));

        var found = new Findings();
        for (var after = Guid.Empty; ;)
        {
            var ids = await session.AdvancedSql.QueryAsync<Guid>(
                $"select id from {EventStore.Schema}.mt_streams where id > ? order by id limit {StreamsPerPage}", token, after);
            if (ids.Count == 0)
                return TypedResults.Ok(found.ToView());
            await CheckPage(session, [.. ids], found, token);
            after = ids[^1];
        }
    }

    private static async Task CheckPage(IQuerySession session, Guid[] ids, Findings found, CancellationToken token)
    {
        var events = await session.Events.QueryAllRawEvents().Where(it => ids.Contains(it.StreamId)).ToListAsync(token);
        var customers = (await session.LoadManyAsync<Customer>(token, ids)).ToDictionary(it => it.Id);
        var orders = (await session.LoadManyAsync<CustomerOrder>(token, ids)).ToDictionary(it => it.Id);
        var ordersOf = (await session.Query<CustomerOrder>().Where(it => it.MatchesSql("d.customer_id = any(?)", customers.Keys.ToArray())).ToListAsync(token))
            .ToLookup(it => it.CustomerId);

        foreach (var stream in events.GroupBy(it => it.StreamId))
        {
            var facts = stream.OrderBy(it => it.Version).Select(it => it.Data).ToList();
            if (facts[0] is ICustomerOrderEvent)
            {
                var order = Fold.All<CustomerOrder, ICustomerOrderEvent>(facts.Cast<ICustomerOrderEvent>())! with { Version = facts.Count };
                found.Compare("order-snapshot", stream.Key, order, orders.GetValueOrDefault(stream.Key));
                found.Add(order);
            }
            else
            {
                var customer = Fold.All<Customer, ICustomerEvent>(facts.Cast<ICustomerEvent>())! with { Version = facts.Count };
                found.Compare("customer-snapshot", stream.Key, customer, customers.GetValueOrDefault(stream.Key));
                found.Compare("customer-totals", stream.Key, Sums.Of(ordersOf[stream.Key]), new(customer.CanceledOrders, customer.Totals), Sums.Same);
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

    private sealed class Findings
    {
        private readonly List<Difference> differences = [];
        private readonly SortedDictionary<string, CurrencyTotals> all = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, CurrencyTotals> unattributed = new(StringComparer.Ordinal);
        private long checks;

        public void Compare<T>(string what, Guid key, T expected, T? actual, Func<T, T, bool>? same = null) where T : class
        {
            checks++;
            var (wanted, found) = (JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
            if (wanted != found && (actual is null || same?.Invoke(expected, actual) != true) && differences.Count < DifferencesMax)
                differences.Add(new(what, key.ToString(), wanted, found));
        }

        public void Add(CustomerOrder order)
        {
            foreach (var (currency, sums) in Sums.Of([order]).Totals)
            {
                Add(all, currency, sums);
                if (order.CustomerId is null)
                    Add(unattributed, currency, sums);
            }
        }

        public View ToView() => new(checks, differences,
        [
            .. all.Select(it =>
            {
                var nobodys = unattributed.GetValueOrDefault(it.Key, CurrencyTotals.None);
                return new CurrencyView(it.Key, it.Value.Captured, it.Value.Refunded, it.Value.LifetimeValue(), new(nobodys.Captured, nobodys.Refunded));
            }),
        ]);

        private static void Add(SortedDictionary<string, CurrencyTotals> totals, string currency, CurrencyTotals more)
        {
            var sums = totals.GetValueOrDefault(currency, CurrencyTotals.None);
            totals[currency] = new(sums.Orders + more.Orders, sums.Ordered + more.Ordered, sums.Captured + more.Captured, sums.Refunded + more.Refunded);
        }
    }

    public sealed record View(long Checks, IReadOnlyList<Difference> Differences, IReadOnlyList<CurrencyView> Totals);

    public sealed record Difference(string What, string Key, string Expected, string Actual);

    /// <summary>All money in a currency, and how much of it belongs to orders without an e-mail address, and so to no customer.</summary>
    public sealed record CurrencyView(string Currency, decimal Captured, decimal Refunded, decimal LifetimeValue, Unattributed Unattributed);

    public sealed record Unattributed(decimal Captured, decimal Refunded);
}
