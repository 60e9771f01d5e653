using Marten;
using Oms.Returns.Domain;
using Oms.Returns.Features;
using Oms.Returns.Integration;
using Oms.ServiceDefaults;

namespace Oms.Returns;

/// <summary>What this service consists of.</summary>
public static class ReturnsService
{
    public static WebApplicationBuilder AddReturnsService(this WebApplicationBuilder builder)
    {
        builder.AddEventStore("returns", ReturnsPublishedLanguage.Translate, Streams);
        builder.AddBus(queues => queues
            .PagedQueue(OrderNews.Queue, typeof(OrderPlacedConsumer), typeof(ShipmentDeliveredConsumer))
            .Queue(AnswerConsumer.Queue, typeof(AnswerConsumer)));
        builder.Services.AddPages<OrderNews>(OrderNews.PageMax, Pages.OfNews, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (page, token) => OrderNews.DecideTogether(store, page, token);
        });
        return builder;
    }

    public static WebApplication MapReturnsService(this WebApplication app)
    {
        var routes = app.MapGroup("").WithTags("Returns");
        RequestReturnSlice.Map(routes);
        ApproveReturnSlice.Map(routes);
        DeclineReturnSlice.Map(routes);
        CancelReturnSlice.Map(routes);
        ReceiveReturnSlice.Map(routes);
        GetReturnSlice.Map(routes);
        ListReturnsSlice.Map(routes);
        ReconcileReturnsSlice.Map(routes);
        return app;
    }

    private static void Streams(StoreOptions options)
    {
        options.Snapshot<ReturnableOrder, IReturnableOrderEvent, Guid>();
        options.Snapshot<Return, IReturnEvent, Guid>();
        options.Storage.ExtendedSchemaObjects.Add(ReturnNumbers.Sequence());
        options.Schema.For<Return>()
            .Duplicate(it => it.OrderId)
            .Duplicate(it => it.Status)
            .Duplicate(it => it.RequestedAt)
            .Index(it => new { it.RequestedAt, it.Id })
            .Index(it => new { it.Status, it.RequestedAt, it.Id });
    }
}
