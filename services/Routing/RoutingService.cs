using JasperFx.Events;
using Marten;
using Oms.Contracts.Inventory.V1;
using Oms.Routing.Domain;
using Oms.Routing.Features;
using Oms.Routing.Integration;
using Oms.Routing.Planning;
using Oms.Routing.Tables;
using Oms.ServiceDefaults;

namespace Oms.Routing;

/// <summary>What this service answers, listens to and keeps.</summary>
public static class RoutingService
{
    public static void MapRoutingService(this WebApplication app)
    {
        RegisterLocation.Map(app);
        GetLocations.Map(app);
        DefineMarket.Map(app);
        GetMarkets.Map(app);
        ChooseRoutingStrategy.Map(app);
        GetRoutingStrategy.Map(app);
        PutPostalCodes.Map(app);
        GetPostalCode.Map(app);
        GetRoutingDecision.Map(app);
        ReconcileRouting.Map(app);
    }

    public static void AddRoutingService(this WebApplicationBuilder builder)
    {
        builder.AddBus(queues => queues
            .PagedQueue("routing-requests", typeof(RouteOrderConsumer))
            .PagedQueue("routing-availability", typeof(InventoryLevelChangedConsumer)));
        builder.AddEventStore("routing", RoutingPublishedLanguage.Translate, Keep);

        builder.Services.AddSingleton<NetworkCache>();
        builder.Services.AddSingleton<RecentPlans>();
        builder.Services.AddSingleton<RouteOrders>();
        builder.Services.AddPages<RouteOrderAsked>(RouteOrders.PageMax, Pages.BetweenServices, provider => provider.GetRequiredService<RouteOrders>().DecideTogether);
        builder.Services.AddPages<InventoryLevelChanged>(InventoryLevelChangedConsumer.PageMax, Pages.BetweenServices, provider =>
        {
            var store = provider.GetRequiredService<IDocumentStore>();
            return (changes, token) => AvailabilityTable.Put(store, changes, token);
        });
    }

    private static void Keep(StoreOptions options)
    {
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Snapshot<Location, ILocationEvent, string>();
        options.Snapshot<Market, IMarketEvent, string>();
        options.Snapshot<RoutingStrategy, IStrategyEvent, string>();
        options.Snapshot<RoutingDecision, IDecisionEvent, string>();
        options.Schema.For<RoutingDecision>().Index(it => it.OrderId);
        options.Storage.ExtendedSchemaObjects.AddRange([PostalCodeTable.Table(), AvailabilityTable.Table(), LocationLoadTable.Table()]);
    }
}
