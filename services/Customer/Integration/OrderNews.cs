using JasperFx.Events;
using Marten;
using Marten.Events;
using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Customers.Integration;

/// <summary>A message about an order: whose it is, what it decides, and the trace it came under.</summary>
public sealed record OrderNews(Guid OrderId, Guid? CustomerId, Func<CustomerOrder?, Decision<ICustomerOrderEvent>> Decide, string? TraceParent)
{
    public const string Queue = "customer-orders";
    public const int PageMax = 64;

    /// <summary>
    /// Decides a page of messages in their order and commits once, all or nothing: the orders' facts, and what they mean for their customers.
    /// </summary>
    public static async Task DecideTogether(IDocumentStore store, IReadOnlyList<OrderNews> page, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = $"queue:{Queue}";

        // In the order of their keys: two processes that write several streams cannot wait for each other in a circle.
        var batch = session.CreateBatchQuery();
        var fetchingOrders = page.Select(news => news.OrderId).Distinct().Order()
            .ToDictionary(id => id, id => batch.Events.FetchForWriting<CustomerOrder>(id));
        var fetchingCustomers = page.Select(news => news.CustomerId).OfType<Guid>().Distinct().Order()
            .ToDictionary(id => id, id => batch.Events.FetchForWriting<Customer>(id));
        await batch.Execute(token);

        Dictionary<Guid, Evolving<CustomerOrder, ICustomerOrderEvent>> orders = [];
        foreach (var (id, stream) in fetchingOrders)
            orders[id] = new(session, await stream);
        Dictionary<Guid, Evolving<Customer, ICustomerEvent>> customers = [];
        foreach (var (id, stream) in fetchingCustomers)
            customers[id] = new(session, await stream);

        foreach (var news in page)
        {
            var order = orders[news.OrderId];
            foreach (var fact in news.Decide(order.State))
            {
                order.Append(fact, news.TraceParent);
                if (news.CustomerId is { } id)
                    foreach (var consequence in AttributeToCustomerSlice.Decide(fact, order.State!, customers[id].State))
                        customers[id].Append(consequence, news.TraceParent);
            }
        }
        await session.SaveChangesAsync(token);
    }

    /// <summary>A stream and its state as this page has changed it so far.</summary>
    private sealed class Evolving<TState, TEvent>(IDocumentSession session, IEventStream<TState> stream)
        where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        public TState? State { get; private set; } = stream.Aggregate;

        public void Append(TEvent fact, string? traceParent)
        {
            stream.AppendOne(session.Fact(fact, traceParent));
            State = TState.After(State, fact);
        }
    }
}
