using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>What there is of a SKU, at each location and in total.</summary>
public static class GetInventory
{
    public static void Map(IEndpointRouteBuilder inventory)
    {
        inventory.MapGet("/{sku}", Handle).WithName("GetInventory")
            .Access(Scopes.InventoryRead, Restrictions.All).Versioned()
            .WithSummary("A SKU's stock at every location, and the totals.").Produces<View>();
        inventory.MapGet("/{sku}/levels/{locationId}", HandleLevel).WithName("GetLevel")
            .Access(Scopes.InventoryRead, Restrictions.All).Versioned()
            .WithSummary("A SKU's stock at one location.").Produces<LevelView>();
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Handle(
        string sku, Caller caller, HttpContext context, IQuerySession session, CancellationToken token)
    {
        sku = SkuPath.Decode(sku);
        if (!Sku.IsValid(sku))
            return Problems.From(InventoryRefusals.ItemNotFound(sku));
        var query = session.Query<InventoryLevel>().Where(level => level.Sku == sku);
        if (caller.Locations is { } own)
            query = query.Where(level => level.LocationId.IsOneOf(own.ToArray()));
        var levels = await query.OrderBy(level => level.LocationId).ToListAsync(token);
        // A return may have brought an item that nobody has registered.
        if (levels.Count == 0 && await session.LoadAsync<Item>(Item.Key(sku), token) is null)
            return Problems.From(InventoryRefusals.ItemNotFound(sku));
        // Versions only grow, so no other state of these levels has this sum.
        context.SetETag(levels.Sum(level => (long)level.Version));
        return TypedResults.Ok(new View(sku, Totals.Of(levels.Select(level => level.Counts)), [.. levels.Select(LevelView.Of)]));
    }

    private static async Task<Results<Ok<LevelView>, ProblemHttpResult>> HandleLevel(
        string sku, string locationId, Caller caller, HttpContext context, IQuerySession session, CancellationToken token)
    {
        sku = SkuPath.Decode(sku);
        if (!Sku.IsValid(sku))
            return Problems.From(InventoryRefusals.ItemNotFound(sku));
        if (!LocationId.IsValid(locationId) || !caller.SeesLocation(locationId))
            return Problems.From(InventoryRefusals.LevelNotFound(sku, locationId));
        if (await session.LoadAsync<InventoryLevel>(InventoryLevel.Key(locationId, sku), token) is not { } level)
            return Problems.From(await session.LoadAsync<Item>(Item.Key(sku), token) is null
                ? InventoryRefusals.ItemNotFound(sku)
                : InventoryRefusals.LevelNotFound(sku, locationId));
        context.SetETag(level.Version);
        return TypedResults.Ok(LevelView.Of(level));
    }

    public sealed record View(string Sku, Totals Totals, IReadOnlyList<LevelView> Levels);

    public sealed record Totals(
        long OnHand, long Available, long Committed, long Reserved, long Damaged, long QualityControl, long SafetyStock, long Incoming)
    {
        public static Totals Of(IEnumerable<StockCounts> counts) => counts.Aggregate(new Totals(0, 0, 0, 0, 0, 0, 0, 0), (sum, it) => new(
            sum.OnHand + it.OnHand, sum.Available + it.Available, sum.Committed + it.Committed, sum.Reserved + it.Reserved, sum.Damaged + it.Damaged,
            sum.QualityControl + it.QualityControl, sum.SafetyStock + it.SafetyStock, sum.Incoming + it.Incoming));
    }
}
