global using OrderStories = Oms.ServiceDefaults.Stories<Oms.Orders.Fulfillment.FulfillmentState, Oms.Orders.Domain.Order, Oms.Orders.Domain.IOrderEvent>;
using Marten;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Integration;
using Oms.Orders.Payments;
using Oms.ServiceDefaults;

namespace Oms.Orders;

/// <summary>What the Order service consists of: what it stores, what it hears, what it answers.</summary>
public static class OrderService
{
    public static WebApplicationBuilder AddOrderService(this WebApplicationBuilder builder)
    {
        builder.AddEventStore("order", OrderPublishedLanguage.Translate, options =>
        {
            options.Snapshot<Order, IOrderEvent, Guid>();
            options.Saga<FulfillmentState>();
            // Columns and not expressions over the document: an index over an expression would be written with every change of the document.
            options.Schema.For<Order>()
                .Duplicate(order => order.PlacedAt, pgType: "timestamptz")
                .Duplicate(order => order.Channel)
                .Duplicate(order => order.Status)
                .Duplicate(order => order.CustomerId!)
                .Index(order => new { order.PlacedAt, order.Id })
                .Index(order => new { order.Channel, order.PlacedAt, order.Id })
                .Index(order => new { order.Status, order.PlacedAt, order.Id })
                .Index(order => new { order.Channel, order.Status, order.PlacedAt, order.Id })
                .Index(order => new { order.CustomerId, order.PlacedAt, order.Id });
            options.IndexOnlyTogether<Order>("placed_at", "channel", "status", "customer_id");
            options.Storage.ExtendedSchemaObjects.Add(Catalog.Table());
            options.Storage.ExtendedSchemaObjects.Add(SandboxPaymentGateway.Table());
            options.Storage.ExtendedSchemaObjects.Add(OrderNumbers.Blocks());
        });
        builder.AddBus(queues => queues
            .Saga<FulfillmentProcess, FulfillmentState, Order, IOrderEvent>("order-fulfillment")
            .Queue("order-payments", typeof(PaymentConsumer))
            .Queue("order-refunds", typeof(RefundReturnConsumer))
            .Queue("order-catalog", typeof(ItemRegisteredConsumer)));

        builder.Services.Configure<RiskPolicy>(builder.Configuration.GetSection("Risk"));
        builder.Services.AddSingleton<OrderNumbers>();
        builder.Services.AddSingleton<Catalog>();
        builder.Services.AddSingleton<Placing>();
        builder.Services.AddPages<Placement>(PlaceOrders.PageMax, Pages.ForCallers, provider =>
        {
            var (store, placing) = (provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<Placing>());
            return (page, token) => PlaceOrders.PlaceTogether(store, placing.Risk, page, token);
        });
        builder.Services.AddSingleton<ImportOrders>();
        builder.Services.AddSingleton<IPaymentGateway, SandboxPaymentGateway>();
        builder.Services.AddHttpClient(Catalog.Client, client => client.BaseAddress = new Uri("http://inventory"));
        return builder;
    }

    public static WebApplication MapOrderService(this WebApplication app)
    {
        var orders = app.MapGroup("/v1/orders").WithTags("Orders");
        PlaceOrderSlice.Map(orders);
        ImportOrders.Map(orders);
        GetOrderSlice.Map(orders);
        ListOrdersSlice.Map(orders);
        GetTimelineSlice.Map(orders);
        CancelOrderSlice.Map(orders);
        HoldOrderSlice.Map(orders);
        RefundOrderSlice.Map(orders);
        ReconcileOrdersSlice.Map(orders);
        StateOrders.Map(app);
        return app;
    }
}
