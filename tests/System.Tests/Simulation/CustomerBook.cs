using Oms.Contracts.Orders.V1;
using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Customers.Integration;

namespace Oms.SystemTests.Simulation;

/// <summary>The Customer service.</summary>
internal sealed class CustomerBook : Service
{
    public CustomerBook(World world) : base(world, "customer", CustomerPublishedLanguage.Translate) => world.Network.Add(
        new Queue("customer-orders", 8, it => Read(it) is not null, page => Together(page.Select(it => Read(it)!))));

    public Streams<Guid, CustomerOrder, ICustomerOrderEvent> Orders { get; } = new();

    public Streams<Guid, Customer, ICustomerEvent> Customers { get; } = new();

    private static OrderNews? Read(object message) => message switch
    {
        OrderPlaced m => OrderConsumer.Read(m, null),
        PaymentCaptured m => OrderConsumer.Read(m, null),
        PaymentRefunded m => OrderConsumer.Read(m, null),
        OrderCanceled m => OrderConsumer.Read(m, null),
        _ => null,
    };

    // As OrderNews has it: the orders' facts, and what they mean for their customers.
    private void Together(IEnumerable<OrderNews> page)
    {
        foreach (var news in page)
        foreach (var fact in news.Decide(Orders[news.OrderId]))
        {
            Tell(Orders, news.OrderId, fact);
            if (news.CustomerId is { } id)
                foreach (var consequence in AttributeToCustomerSlice.Decide(fact, Orders[news.OrderId]!, Customers[id]))
                    Tell(Customers, id, consequence);
        }
        Commit();
    }
}
