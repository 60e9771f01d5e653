using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>Who waits for stock, in the order in which they are served.</summary>
public static class ListBackorders
{
    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/backorders", Handle)
        .WithName("ListBackorders").Access(Scopes.InventoryRead).WithSummary("Order lines that wait for stock, oldest order first.");

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> Handle(
        IQuerySession session, CancellationToken token, string? sku = null, int? limit = null, string? after = null)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        if (sku is not null && !Sku.IsValid(sku))
            return TypedResults.Ok(new Page<View>([], null));

        List<object> values = [];
        List<string> filters = [];
        if (after is not null)
        {
            if (Keyset.Decode(after, 3) is not [var ticks, var id, var number] || !long.TryParse(ticks, out var utc) || utc < 0 ||
                utc > DateTime.MaxValue.Ticks || !Guid.TryParseExact(id, "N", out var backorder) || !int.TryParse(number, out var line))
                return Problems.From(Keyset.BadCursor);
            values.AddRange([new DateTimeOffset(utc, TimeSpan.Zero), backorder, line]);
            filters.Add("(d.order_placed_at, d.backorder_id, d.line) > (?, ?, ?)");
        }
        if (sku is not null)
        {
            values.Add(sku);
            filters.Add("d.sku = ?");
        }

        var where = filters.Count == 0 ? "" : $"where {string.Join(" and ", filters)}";
        var lines = await session.QueryAsync<WaitingLine>(
            $"{where} order by d.order_placed_at, d.backorder_id, d.line limit {size + 1}", token, [.. values]);
        var page = Keyset.Page(lines, size, line => Keyset.Encode(line.OrderPlacedAt.UtcTicks.ToString(), line.BackorderId.ToString("N"), line.Line.ToString()));
        return TypedResults.Ok(new Page<View>([.. page.Items.Select(View.Of)], page.Next));
    }

    public sealed record View(
        Guid BackorderId, Guid OrderId, int Line, string Sku, int Quantity, int Attempt, DateTimeOffset OrderPlacedAt, DateTimeOffset QueuedAt)
    {
        public static View Of(WaitingLine line) => new(
            line.BackorderId, line.OrderId, line.Line, line.Sku, line.Quantity, line.Attempt, line.OrderPlacedAt, line.QueuedAt);
    }
}
