using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Oms.Inventory.Domain;
using Oms.Inventory.Features;
using Oms.Inventory.Integration;
using Oms.Inventory.Stock;
using Oms.ServiceDefaults;
using Weasel.Postgresql.Tables;

namespace Oms.Inventory;

/// <summary>What the inventory service consists of: routes, consumers, projections.</summary>
public static class InventoryService
{
    public static WebApplicationBuilder AddInventoryService(this WebApplicationBuilder builder)
    {
        builder.AddEventStore("inventory", InventoryPublishedLanguage.Translate, Projections);
        builder.AddBus(queues => queues
            .PagedQueue("inventory-stock", typeof(StockConsumer))
            .Queue("inventory-locations", typeof(LocationRegisteredConsumer)));
        builder.Services.AddPages<IStockCommand>(StockPages.CommandsMax, Pages.BetweenServices, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (commands, token) => StockPages.DecideTogether(store, commands, token);
        });
        builder.Services.AddHttpClient<RoutingClient>(http => (http.BaseAddress, http.Timeout) = (new("https+http://routing"), RoutingClient.Patience));
        builder.Services.AddScoped<Locations>().AddScoped<RecordMovements>();
        return builder;
    }

    public static WebApplication MapInventoryService(this WebApplication app)
    {
        var items = app.MapGroup("/v1/items").WithTags("Items");
        RegisterItemSlice.Map(items);
        RegisterItems.Map(items);
        GetItems.Map(items);

        var inventory = app.MapGroup("/v1/inventory").WithTags("Inventory");
        ReceiveStockSlice.Map(inventory);
        AdjustStockSlice.Map(inventory);
        SetStockSlice.Map(inventory);
        MoveStockSlice.Map(inventory);
        GetInventory.Map(inventory);
        ListLevels.Map(inventory);
        ListMovements.Map(inventory);
        GetReservation.Map(inventory);
        ListBackorders.Map(inventory);
        ReconcileStock.Map(inventory);
        StateStock.Map(app);
        return app;
    }

    private static void Projections(StoreOptions options)
    {
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Snapshot<Item, IItemEvent, string>();
        options.Snapshot<InventoryLevel, IInventoryLevelEvent, string>();
        options.Snapshot<Reservation, IReservationEvent, string>();
        options.Snapshot<Backorder, IBackorderEvent, string>();
        options.Snapshot<ReturnRestock, IReturnRestockEvent, string>();
        options.Projections.Add(new WaitingLineProjection(), ProjectionLifecycle.Inline);

        options.Schema.For<Item>().DocumentAlias("item");
        options.Schema.For<InventoryLevel>().DocumentAlias("inventory_level").Duplicate(level => level.Sku).Duplicate(level => level.LocationId)
            .Index(level => new { level.Sku, level.LocationId }).Index(level => new { level.LocationId, level.Sku });
        // Of millions of reservations, only those that hold something are ever looked for.
        options.Schema.For<Reservation>().DocumentAlias("reservation").Duplicate(
            reservation => reservation.Status, configure: index => index.Predicate = $"status = '{ReservationStatus.Reserved}'");
        options.Schema.For<Backorder>().DocumentAlias("backorder");
        options.Schema.For<WaitingLine>().DocumentAlias("waiting_line").Duplicate(line => line.Sku).Duplicate(line => line.OrderPlacedAt)
            .Duplicate(line => line.BackorderId).Duplicate(line => line.Line).Index(line => new { line.Sku, line.OrderPlacedAt, line.BackorderId, line.Line });
        options.Schema.For<KnownLocation>().DocumentAlias("known_location").UseOptimisticConcurrency(true);
    }
}
