using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

public static class GetItems
{
    public static void Map(IEndpointRouteBuilder items)
    {
        items.MapGet("/{sku}", HandleOne).WithName("GetItem").Access(Scopes.ItemsRead, Restrictions.All).Versioned()
            .WithSummary("What a SKU is: name, weight, dimensions, customs data.");
        items.MapGet("/", HandleList).WithName("ListItems").Access(Scopes.ItemsRead, Restrictions.All).WithSummary("All items, by SKU.");
    }

    private static async Task<Results<Ok<ItemView>, ProblemHttpResult>> HandleOne(string sku, HttpContext context, IQuerySession session, CancellationToken token)
    {
        sku = SkuPath.Decode(sku);
        if (!Sku.IsValid(sku) || await session.LoadAsync<Item>(Item.Key(sku), token) is not { } item)
            return Problems.From(InventoryRefusals.ItemNotFound(sku));
        context.SetETag(item.Version);
        return TypedResults.Ok(ItemView.Of(item));
    }

    private static async Task<Results<Ok<Page<ItemView>>, ProblemHttpResult>> HandleList(
        IQuerySession session, CancellationToken token, int? limit = null, string? after = null)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        string[]? position = after is null ? [""] : Keyset.Decode(after, 1);
        if (position is not [var last] || (after is not null && !Sku.IsValid(last)))
            return Problems.From(Keyset.BadCursor);
        var items = await session.QueryAsync<Item>($"where d.id > ? order by d.id limit {size + 1}", token, last.Length == 0 ? "" : Item.Key(last));
        var page = Keyset.Page(items, size, item => Keyset.Encode(item.Sku));
        return TypedResults.Ok(new Page<ItemView>([.. page.Items.Select(ItemView.Of)], page.Next));
    }
}
