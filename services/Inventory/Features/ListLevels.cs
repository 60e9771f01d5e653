using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>All levels, by SKU and location.</summary>
public static class ListLevels
{
    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/", Handle)
        .WithName("ListLevels")
        .Access(Scopes.InventoryRead, Restrictions.All)
        .WithSummary("Stock by SKU and location; of one SKU or one location if wished.");

    private static async Task<Results<Ok<Page<LevelView>>, ProblemHttpResult>> Handle(
        Caller caller, IQuerySession session, CancellationToken token, string? sku = null, string? locationId = null, int? limit = null, string? after = null)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        string[]? position = after is null ? ["", ""] : Keyset.Decode(after, 2);
        if (position is null || (after is not null && !(Sku.IsValid(position[0]) && LocationId.IsValid(position[1]))))
            return Problems.From(Keyset.BadCursor);
        if ((sku is not null && !Sku.IsValid(sku)) || (locationId is not null && !LocationId.IsValid(locationId)))
            return TypedResults.Ok(new Page<LevelView>([], null));

        List<object> values = [position[0], position[1]];
        var filter = Filter("sku", "= ?", sku) + Filter("location_id", "= ?", locationId) + Filter("location_id", "= any(?)", caller.Locations?.ToArray());
        var levels = await session.QueryAsync<InventoryLevel>(
            $"where (d.sku, d.location_id) > (?, ?){filter} order by d.sku, d.location_id limit {size + 1}", token, [.. values]);
        var page = Keyset.Page(levels, size, level => Keyset.Encode(level.Sku, level.LocationId));
        return TypedResults.Ok(new Page<LevelView>([.. page.Items.Select(LevelView.Of)], page.Next));

        string Filter(string column, string condition, object? value)
        {
            if (value is null)
                return "";
            values.Add(value);
            return $" and d.{column} {condition}";
        }
    }
}
