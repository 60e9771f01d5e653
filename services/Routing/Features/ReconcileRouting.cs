using Marten;
using Oms.Routing.Domain;
using Oms.Routing.Tables;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

/// <summary>
/// Compares locations, markets and decisions with their events, and the orders counted for a location with those assigned to it; states what others must
/// say too for the gateway's comparison (docs/adr/0014).
/// </summary>
public static class ReconcileRouting
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/routing/reconciliation", Handle).WithName("ReconcileRouting")
            .Access(Scopes.ReconciliationRead)
            .WithTags("Routing decisions")
            .WithSummary("Compares locations, markets and decisions with their events, and counted orders with assigned ones.").Produces<ReconciliationReport>();
        app.MapStatements(
            new Dictionary<string, Type> { ["location"] = typeof(Location), ["decision"] = typeof(RoutingDecision) },
            new StatementSource(
                "orders",
                $"""
                 select distinct on ((data ->> 'orderId')::uuid) (data ->> 'orderId')::uuid as key, mt_last_modified as changed, 'decision' as kind, data
                 from {EventStore.Schema}.mt_doc_routingdecision order by (data ->> 'orderId')::uuid, (data ->> 'attempt')::int desc
                 """,
                row => [Of((RoutingDecision)row.Document)]),
            new StatementSource("levels", AvailabilityTable.Stated, row => [new("availability_in_routing", "", (string)row.Document)]),
            new StatementSource(
                "locations", $"""select (data ->> 'locationId') collate "C" as key, mt_last_modified as changed, 'location' as kind, data from {EventStore.Schema}.mt_doc_location""",
                row => [Of((Location)row.Document)])
            {
                Name = row => ((Location)row.Document).LocationId,
            });
    }

    private static async Task<IResult> Handle(IDocumentStore store, CancellationToken token)
    {
        var findings = new Findings();
        var assigned = new Assigned();
        await Reconciliation.Of(store, findings, new() { OnFact = (_, _, fact) => assigned.Hear(fact), OnEnd = session => CompareLoads(session, assigned, findings, token) }, token);
        return TypedResults.Ok(findings.ToReport());
    }

    private static async Task CompareLoads(IQuerySession session, Assigned assigned, Findings findings, CancellationToken token)
    {
        var counted = await LocationLoadTable.Totals(session, token);
        foreach (var (location, orders) in assigned.Orders)
        {
            // Without a capacity nothing is counted; who had one only for a time has a part of it.
            var count = counted.GetValueOrDefault(location);
            findings.Expect("counted_orders_are_those_assigned", location, assigned.HadAlwaysCapacity(location) ? orders : Math.Min(orders, count), count);
        }
    }

    /// <summary>What the facts say of locations: how many orders they got, and whether their capacity was always known.</summary>
    private sealed class Assigned
    {
        private readonly HashSet<string> unlimited = new(StringComparer.Ordinal);

        public SortedDictionary<string, long> Orders { get; } = new(StringComparer.Ordinal);

        public bool HadAlwaysCapacity(string location) => !unlimited.Contains(location);

        public void Hear(object fact)
        {
            foreach (var to in fact is OrderRouted routed ? routed.Assignments : [])
                Orders[to.LocationId] = Orders.GetValueOrDefault(to.LocationId) + 1;
            if (fact is LocationRegistered { Details.CapacityPerDay: null } registered)
                unlimited.Add(registered.LocationId);
            if (fact is LocationRevised { Details.CapacityPerDay: null } revised)
                unlimited.Add(revised.LocationId);
        }
    }

    public static Said Of(RoutingDecision decision) => new("decision_in_routing", $"{decision.RoutingId}", $"attempt {decision.Attempt}");

    private static Said Of(Location location) =>
        new("location_in_inventory", "", $"{location.Details.Name}, {location.Details.Type}{(location.Details.Active ? "" : ", inactive")}");
}
