using Marten;
using Marten.Schema;
using Oms.ServiceDefaults;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using Oms.Shipping.Integration;

namespace Oms.Shipping;

/// <summary>What this service consists of.</summary>
public static class ShippingService
{
    public static WebApplicationBuilder AddShippingService(this WebApplicationBuilder builder)
    {
        builder.AddEventStore("shipping", ShippingPublishedLanguage.Translate, Streams);
        builder.AddBus(queues => queues
            .PagedQueue(ShippingCommand.Queue, typeof(CreateFulfillmentOrdersConsumer), typeof(CancelFulfillmentOrdersConsumer)));
        builder.Services.AddPages<ShippingCommand>(ShippingCommand.PageMax, Pages.BetweenServices, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (page, token) => ShippingCommand.DecideTogether(store, page, token);
        });
        builder.Services.AddSingleton<CarrierDirectory>();
        builder.Services.AddSingleton<ICarrier>(new SandboxCarrier(SandboxCarrier.Up));
        builder.Services.AddSingleton<ICarrier>(new SandboxCarrier(SandboxCarrier.Down, isDown: true));
        return builder;
    }

    public static WebApplication MapShippingService(this WebApplication app)
    {
        var fulfillmentOrders = app.MapGroup("/v1/fulfillment-orders").WithTags("Fulfillment orders");
        GetFulfillmentOrder.Map(fulfillmentOrders);
        AcceptFulfillmentOrderSlice.Map(fulfillmentOrders);
        RejectFulfillmentOrderSlice.Map(fulfillmentOrders);
        PickPiecesSlice.Map(fulfillmentOrders);
        PackPiecesSlice.Map(fulfillmentOrders);
        HoldFulfillmentOrderSlice.Map(fulfillmentOrders);
        ShipPiecesSlice.Map(fulfillmentOrders);
        ActInBatch.Map(fulfillmentOrders);
        ListFulfillmentOrders.Map(app);
        GetShipment.Map(app.MapGroup("/v1/shipments").WithTags("Shipments"));
        ListShipments.Map(app);
        RecordTrackingEvents.Map(app);
        ReconcileShipping.Map(app);
        return app;
    }

    private static void Streams(StoreOptions options)
    {
        options.Snapshot<FulfillmentOrder, IFulfillmentOrderEvent, Guid>();
        options.Snapshot<Shipment, IShipmentEvent, Guid>();
        // Columns and not expressions over the document: what changes none of them, such as picking, leaves the indexes alone. A filter needs its own order
        // besides, because what is open is at the end of all that has ever been.
        options.Schema.For<FulfillmentOrder>()
            .Duplicate(it => it.CreatedAt)
            .Duplicate(it => it.OrderId)
            .Duplicate(it => it.LocationId)
            .Duplicate(it => it.Status)
            .Duplicate(it => it.RequestStatus)
            .Index(it => new { it.CreatedAt, it.Id })
            .Index(it => new { it.Status, it.CreatedAt, it.Id })
            .Index(it => new { it.RequestStatus, it.CreatedAt, it.Id })
            .Index(it => new { it.LocationId, it.CreatedAt, it.Id })
            .Index(it => new { it.LocationId, it.Status, it.CreatedAt, it.Id });
        options.IndexOnlyTogether<FulfillmentOrder>("created_at", "location_id", "status", "request_status");
        options.Schema.For<Shipment>()
            .Duplicate(it => it.DispatchedAt)
            .Duplicate(it => it.OrderId)
            .Duplicate(it => it.Carrier)
            .Duplicate(it => it.TrackingNumber)
            .UniqueIndex(UniqueIndexType.DuplicatedField, it => it.TrackingNumber, it => it.Carrier)
            .Index(it => new { it.DispatchedAt, it.Id });
        options.IndexOnlyTogether<Shipment>("dispatched_at", "carrier", "tracking_number");
    }
}
