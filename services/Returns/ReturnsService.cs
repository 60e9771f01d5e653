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
        builder.Services.AddPages<OrderNews>(OrderNews.PageMax, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (page, token) => OrderNews.DecideTogether(store, page, token);
        });
        return builder;
    }

    public static WebApplication MapReturnsService(this WebApplication app)
    {
        RequestReturnSlice.Map(app);
        ApproveReturnSlice.Map(app);
        DeclineReturnSlice.Map(app);
        CancelReturnSlice.Map(app);
        ReceiveReturnSlice.Map(app);
        GetReturnSlice.Map(app);
        ListReturnsSlice.Map(app);
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
