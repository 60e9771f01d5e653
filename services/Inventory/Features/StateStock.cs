using Oms.Inventory.Domain;
using Oms.Inventory.Integration;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>What this service says of orders, levels, items and locations that others must say too: the gateway compares (docs/adr/0014).</summary>
public static class StateStock
{
    public static void Map(IEndpointRouteBuilder app) => app.MapStatements(
        new Dictionary<string, Type>
        {
            ["reservation"] = typeof(Reservation), ["backorder"] = typeof(Backorder), ["level"] = typeof(InventoryLevel), ["item"] = typeof(Item),
            ["location"] = typeof(KnownLocation),
        },
        new StatementSource(
            "orders",
            $"""
             select (data ->> 'orderId')::uuid as key, mt_last_modified as changed, 'reservation' as kind, data from {EventStore.Schema}.mt_doc_reservation
             union all select (data ->> 'orderId')::uuid, mt_last_modified, 'backorder', data from {EventStore.Schema}.mt_doc_backorder
             """,
            row => row.Document is Reservation reservation ? Of(reservation) : Of((Backorder)row.Document)),
        new StatementSource(
            "levels",
            $"""
             select (sku || ' at ' || location_id) collate "C" as key, mt_last_modified as changed, 'level' as kind, data
             from {EventStore.Schema}.mt_doc_inventory_level where data -> 'counts' ->> 'available' <> '0'
             """,
            row => [new("availability_in_routing", "", $"{((InventoryLevel)row.Document).Counts.Available}")]),
        new StatementSource(
            "items", $"""select (data ->> 'sku') collate "C" as key, mt_last_modified as changed, 'item' as kind, data from {EventStore.Schema}.mt_doc_item""",
            row => [new("item_in_catalog", "", ((Item)row.Document).Details.Name)]),
        new StatementSource(
            "locations", $"""select id collate "C" as key, mt_last_modified as changed, 'location' as kind, data from {EventStore.Schema}.mt_doc_known_location""",
            row => [Of((KnownLocation)row.Document)]));

    public static IEnumerable<Said> Of(Reservation reservation)
    {
        if (reservation.Lines.Where(line => line.Held > 0).ToList() is { Count: > 0 } held)
            yield return new("hold_in_inventory", $"{reservation.ReservationId}", Wording.List(
                held.Select(line => $"line {line.Line}: {line.Held} {line.Sku} at {line.LocationId}")));
        foreach (var shipment in reservation.Shipments)
            yield return new("parcel_in_inventory", $"{shipment}", "left");
    }

    public static IEnumerable<Said> Of(Backorder backorder)
    {
        if (!backorder.Waiting.IsEmpty)
            yield return new("backorder_in_inventory", $"{backorder.BackorderId}", Wording.Pieces(
                backorder.Lines.Where(line => backorder.Waiting.Contains(line.Line)).Select(line => (line.Line, line.Sku, line.Quantity))));
    }

    private static Said Of(KnownLocation location) => new("location_in_inventory", "", $"{location.Name}, {location.Type}{(location.Active ? "" : ", inactive")}");
}
