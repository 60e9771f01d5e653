using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>The movement ledger of a SKU: the streams of its levels, read backwards.</summary>
public static class ListMovements
{
    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/{sku}/movements", Handle)
        .WithName("ListMovements")
        .Access(Scopes.InventoryRead, Restrictions.All)
        .WithSummary("Every movement of a SKU, newest first, with the counts after it.");

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> Handle(
        string sku, Caller caller, IQuerySession session, CancellationToken token, string? locationId = null, int? limit = null, string? after = null)
    {
        sku = SkuPath.Decode(sku);
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        var before = long.MaxValue;
        if (after is not null && !(Keyset.Decode(after, 1) is [var text] && long.TryParse(text, out before)))
            return Problems.From(Keyset.BadCursor);
        if (!Sku.IsValid(sku) || await session.LoadAsync<Item>(Item.Key(sku), token) is null)
            return Problems.From(InventoryRefusals.ItemNotFound(sku));
        if (locationId is not null && !(LocationId.IsValid(locationId) && caller.SeesLocation(locationId)))
            return TypedResults.Ok(new Page<View>([], null));

        var streams = locationId is not null
            ? [InventoryLevel.Key(locationId, sku)]
            : (await session.Query<InventoryLevel>().Where(level => level.Sku == sku).Select(level => new { level.Id, level.LocationId }).ToListAsync(token))
                .Where(level => caller.SeesLocation(level.LocationId)).Select(level => level.Id).ToArray();
        var newest = await Newest(session, streams, before, size + 1, token);
        var movements = await session.Events.QueryAllRawEvents().Where(it => it.Sequence.IsOneOf(newest)).OrderByDescending(it => it.Sequence).ToListAsync(token);
        var page = Keyset.Page(movements, size, it => Keyset.Encode(it.Sequence.ToString()));
        return TypedResults.Ok(new Page<View>([.. page.Items.Select(View.Of)], page.Next));
    }

    // Each stream backwards along its own index, merged by the store's order. Within a stream that is the order of its versions.
    private static async Task<long[]> Newest(IQuerySession session, string[] streams, long before, int count, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select movement.seq_id from unnest($1) as stream (id)
             cross join lateral (
                 select e.seq_id from {EventStore.Schema}.mt_events e where e.stream_id = stream.id and e.seq_id < $2
                 order by e.version desc limit $3) as movement
             order by movement.seq_id desc limit $3
             """)
        {
            Parameters = { new() { Value = streams }, new() { Value = before }, new() { Value = count } },
        };
        await using var reader = await session.ExecuteReaderAsync(command, token);
        List<long> found = [];
        while (await reader.ReadAsync(token))
            found.Add(reader.GetInt64(0));
        return [.. found];
    }

    /// <param name="Type">The fact's stored name.</param>
    /// <param name="By">Who did it; <c>system</c> for what no person did.</param>
    /// <param name="Changes">Only the states that changed.</param>
    public sealed record View(
        DateTimeOffset At, string LocationId, string Type, string Reason, string? Document, string? By, IReadOnlyDictionary<string, int> Changes,
        StockCounts After, Guid? OrderId, Guid? ReservationId, Guid? ShipmentId, Guid? ReturnId, long Version)
    {
        public static View Of(IEvent happened)
        {
            var movement = (IInventoryLevelEvent)happened.Data;
            var order = movement as IOrderMovement;
            return new(
                movement.At, movement.LocationId, happened.EventTypeName, ReasonOf(movement), (movement as IRecordedMovement)?.Document, happened.UserName,
                Changed(movement.Changes), movement.After, order?.OrderId, order?.ReservationId, (movement as StockShipped)?.ShipmentId,
                (movement as StockRestocked)?.ReturnId, happened.Version);
        }

        private static string ReasonOf(IInventoryLevelEvent movement) => movement switch
        {
            IRecordedMovement it => it.Reason,
            StockUncommitted it => it.Reason,
            StockCommitted => "reserved_for_order",
            StockShipped => "shipped",
            StockRestocked => "restock",
            _ => throw new InvalidOperationException($"{movement.GetType().Name} has no reason."),
        };

        private static Dictionary<string, int> Changed(StockCounts changes) => new (string State, int Delta)[]
        {
            ("onHand", changes.OnHand), ("available", changes.Available), ("committed", changes.Committed), ("reserved", changes.Reserved),
            ("damaged", changes.Damaged), ("qualityControl", changes.QualityControl), ("safetyStock", changes.SafetyStock), ("incoming", changes.Incoming),
        }.Where(it => it.Delta != 0).ToDictionary(it => it.State, it => it.Delta);
    }
}
