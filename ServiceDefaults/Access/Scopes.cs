using System.Collections.Immutable;

namespace Oms.ServiceDefaults;

/// <summary>What a caller may do. A key and a token carry these names; a route asks for one of them.</summary>
public static class Scopes
{
    /// <summary>Orders and their timelines.</summary>
    public const string OrdersRead = "orders:read";

    /// <summary>Placing, importing and canceling.</summary>
    public const string OrdersWrite = "orders:write";

    /// <summary>What the service desk decides: holds and refunds.</summary>
    public const string OrdersManage = "orders:manage";

    /// <summary>Items and their names.</summary>
    public const string ItemsRead = "items:read";
    public const string ItemsWrite = "items:write";

    /// <summary>Levels, movements, reservations and backorders.</summary>
    public const string InventoryRead = "inventory:read";

    /// <summary>Receipts, adjustments, counts and moves.</summary>
    public const string InventoryWrite = "inventory:write";

    /// <summary>Locations, markets and postal codes.</summary>
    public const string LocationsRead = "locations:read";

    /// <summary>Strategy, and why an order ships from where it does.</summary>
    public const string RoutingRead = "routing:read";

    /// <summary>Locations, markets, postal codes and the strategy.</summary>
    public const string RoutingWrite = "routing:write";

    /// <summary>Fulfillment orders, shipments and labels.</summary>
    public const string FulfillmentRead = "fulfillment:read";

    /// <summary>Accepting, rejecting, picking, packing and shipping.</summary>
    public const string FulfillmentWrite = "fulfillment:write";

    /// <summary>What a carrier tells about its parcels.</summary>
    public const string TrackingWrite = "tracking:write";

    public const string ReturnsRead = "returns:read";

    /// <summary>Requesting and canceling a return.</summary>
    public const string ReturnsWrite = "returns:write";

    /// <summary>Approving, declining and receiving.</summary>
    public const string ReturnsManage = "returns:manage";

    public const string CustomersRead = "customers:read";

    /// <summary>The answers of one's own requests that were to be answered later.</summary>
    public const string RequestsRead = "requests:read";

    /// <summary>Whether everything adds up.</summary>
    public const string ReconciliationRead = "reconciliation:read";

    /// <summary>API keys, and what was refused to whom.</summary>
    public const string AccessManage = "access:manage";

    /// <summary>People of the built-in provider: who they are, and what they may do.</summary>
    public const string PeopleManage = "people:manage";

    public static ImmutableSortedSet<string> All { get; } = ImmutableSortedSet.Create(
        StringComparer.Ordinal, OrdersRead, OrdersWrite, OrdersManage, ItemsRead, ItemsWrite, InventoryRead, InventoryWrite, LocationsRead, RoutingRead, RoutingWrite,
        FulfillmentRead, FulfillmentWrite, TrackingWrite, ReturnsRead, ReturnsWrite, ReturnsManage, CustomersRead, RequestsRead, ReconciliationRead,
        AccessManage, PeopleManage);
}
