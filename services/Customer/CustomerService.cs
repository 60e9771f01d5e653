using Marten;
using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Customers.Integration;
using Oms.ServiceDefaults;

namespace Oms.Customers;

/// <summary>What this service consists of.</summary>
public static class CustomerService
{
    public static WebApplicationBuilder AddCustomerService(this WebApplicationBuilder builder)
    {
        builder.AddEventStore("customer", CustomerPublishedLanguage.Translate, Streams, answersLater: false);
        builder.AddBus(queues => queues.PagedQueue(OrderNews.Queue, typeof(OrderConsumer)));
        builder.Services.AddPages<OrderNews>(OrderNews.PageMax, Pages.OfNews, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (page, token) => OrderNews.DecideTogether(store, page, token);
        });
        return builder;
    }

    public static WebApplication MapCustomerService(this WebApplication app)
    {
        var routes = app.MapGroup("").WithTags("Customers");
        GetCustomerSlice.Map(routes);
        ListCustomersSlice.Map(routes);
        ListOrdersOfCustomerSlice.Map(routes);
        ReconcileCustomersSlice.Map(routes);
        StateOrders.Map(app);
        return app;
    }

    private static void Streams(StoreOptions options)
    {
        options.Snapshot<CustomerOrder, ICustomerOrderEvent, Guid>();
        options.Snapshot<Customer, ICustomerEvent, Guid>();
        options.Schema.For<Customer>().Duplicate(it => it.Email!);      // a column: an index over the document would be rewritten with it
        options.Schema.For<CustomerOrder>()
            .Duplicate(it => it.CustomerId)
            .Duplicate(it => it.PlacedAt)
            .Index(it => new { it.CustomerId, it.PlacedAt, it.Id });
    }
}
