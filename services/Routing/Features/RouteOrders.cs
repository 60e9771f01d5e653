using System.Diagnostics.Metrics;
using Marten;
using Npgsql;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;
using Oms.Routing.Tables;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

/// <param name="TraceParent">The order's own trace: one commit serves many orders.</param>
public sealed record RouteOrderAsked(RoutingRequest Request, string? TraceParent);

/// <summary>Decides a page of requests in their order: one read for all, one commit. What the first plans with, the next does not see any more.</summary>
internal sealed class RouteOrders(IDocumentStore store, NetworkCache networks, RecentPlans recent, TimeProvider clock)
{
    public const int PageMax = 64;

    private static readonly Meter Meter = new("Oms.Routing");
    private static readonly Counter<long> Decided = Meter.CreateCounter<long>("oms.routing.decided");

    public async Task DecideTogether(IReadOnlyList<RouteOrderAsked> asked, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        var open = await NotYetDecided(session, asked, token);
        if (open.Count == 0)
            return;

        var now = clock.GetUtcNow();
        var (around, located) = await Look([.. open.Select(it => it.Request)], now, token);
        List<string> outcomes = [];
        foreach (var (request, traceParent) in open)
        {
            var destination = request.ShipTo.PostalCode is { } code && located.TryGetValue((request.ShipTo.Country, code), out var point) ? point : null;
            var decision = Router.RouteNext(request, around with { Destination = destination });
            session.Events.StartStream<RoutingDecision>(RoutingDecision.Key(request.OrderId, request.RoutingId), session.Fact(decision, traceParent));
            outcomes.Add(decision is OrderUnroutable unroutable ? unroutable.Reason : "routed");
        }
        LocationLoadTable.Add(session, around.Loads);
        await session.SaveChangesAsync(token);

        recent.Remember(around.Stock, now);
        foreach (var outcome in outcomes)
            Decided.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <summary>A request that was answered before has its answer relayed, or being relayed.</summary>
    private static async Task<List<RouteOrderAsked>> NotYetDecided(IDocumentSession session, IReadOnlyList<RouteOrderAsked> asked, CancellationToken token)
    {
        var keys = asked.Select(Key).Distinct(StringComparer.Ordinal).ToArray();
        var decided = (await session.LoadManyAsync<RoutingDecision>(token, keys)).Select(it => it.Id).ToHashSet(StringComparer.Ordinal);
        return [.. asked.Where(it => decided.Add(Key(it)))];

        static string Key(RouteOrderAsked it) => RoutingDecision.Key(it.Request.OrderId, it.Request.RoutingId);
    }

    private async Task<(Surroundings Around, Dictionary<(string Country, string PostalCode), GeoPoint> Located)> Look(
        IReadOnlyList<RoutingRequest> requests, DateTimeOffset now, CancellationToken token)
    {
        var skus = requests.SelectMany(it => it.Lines).Select(it => it.Sku).Distinct(StringComparer.Ordinal).ToArray();
        ShipTo[] destinations = [.. requests.Where(it => it.ShipTo.PostalCode is not null).Select(it => it.ShipTo with { Region = null }).Distinct()];

        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { networks.Stamp(), AvailabilityTable.Of(skus), LocationLoadTable.Around(now), PostalCodeTable.Locate(destinations) },
        };
        await using var reader = await batch.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        var stamp = reader.GetInt64(0);
        await reader.NextResultAsync(token);
        var stock = await AvailabilityTable.Read(reader, recent, now, token);
        await reader.NextResultAsync(token);
        var loads = await LocationLoadTable.Read(reader, token);
        await reader.NextResultAsync(token);
        var located = await PostalCodeTable.ReadLocated(reader, token);
        return (new(await networks.Get(stamp, token), stock, loads, Destination: null, now), located);
    }
}
