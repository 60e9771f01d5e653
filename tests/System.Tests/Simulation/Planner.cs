using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Integration;
using Oms.Routing.Planning;

namespace Oms.SystemTests.Simulation;

/// <summary>The Routing service: what it believes of the stock, and what it has decided.</summary>
internal sealed class Planner : Service
{
    private readonly Dictionary<(string Sku, string Location), InventoryLevelChanged> seen = [];
    private readonly RecentPlans recent = new();
    private readonly LocationLoads loads = new();
    private readonly Oms.Routing.Planning.Network network;

    public Planner(World world, IEnumerable<Location> locations) : base(world, "routing", RoutingPublishedLanguage.Translate)
    {
        network = new(locations, [], RoutingStrategy.Default);
        world.Network.Add(
            new("routing-requests", 8, it => it is RouteOrder, page => Route([.. page.Select(it => RouteOrderConsumer.Read((RouteOrder)it))])),
            new("routing-availability", 8, it => it is InventoryLevelChanged, page => Learn(page.Cast<InventoryLevelChanged>())));
    }

    public Streams<string, RoutingDecision, IDecisionEvent> Decisions { get; } = new();

    public InventoryLevelChanged? Seen(string location, string sku) => seen.GetValueOrDefault((sku, location));

    // As RouteOrders has it: one view of the stock for all of a page, and each question answered once.
    private void Route(IReadOnlyList<RoutingRequest> page)
    {
        var now = Now;
        var stock = new StockView();
        foreach (var ((sku, location), level) in seen)
            if (level.Available > 0)
                stock.Add(sku, location, level.Available, level.Version, recent.Promised(sku, location, level.Version, now));
        var around = new Surroundings(network, stock, loads, Destination: null, now);
        foreach (var request in page)
        {
            var key = RoutingDecision.Key(request.OrderId, request.RoutingId);
            if (Decisions[key] is null)
                Tell(Decisions, key, Router.RouteNext(request, around));
        }
        recent.Remember(stock, now);
        Commit();
    }

    // As AvailabilityTable has it: an older version never replaces a newer one.
    private void Learn(IEnumerable<InventoryLevelChanged> page)
    {
        foreach (var news in page)
            if (!seen.TryGetValue((news.Sku, news.LocationId), out var known) || news.Version > known.Version)
                seen[(news.Sku, news.LocationId)] = news;
    }

    public static Location Location(string id, int? priority) => new()
    {
        Id = Oms.Routing.Domain.Location.Key(id),
        LocationId = id,
        Details = new(
            id, "warehouse", new Address("US", Region: "IL"), new(41.88, -87.63), "America/Chicago", new(15, 0), CapacityPerDay: null, Markets: [], priority,
            Active: true),
    };
}
