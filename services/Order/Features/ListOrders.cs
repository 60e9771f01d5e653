using Marten;
using Marten.Linq.MatchesSql;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>Newest first, by position: a page costs the same at the first order and at the millionth.</summary>
public static class ListOrdersSlice
{
    public sealed record Filter(
        string? Channel, string? Status, Guid? CustomerId, DateTimeOffset? PlacedFrom, DateTimeOffset? PlacedTo, int? Limit, string? After);

    public static void Map(IEndpointRouteBuilder orders) => orders.MapGet("", Handle).WithName("ListOrders")
        .Access(Scopes.OrdersRead, Restrictions.Channels)
        .WithSummary("Orders, newest first, filtered by channel, status, customer and when they were placed.")
        .Produces<Page<OrderView>>().ProducesProblem(422);

    private static async Task<IResult> Handle([AsParameters] Filter filter, Caller caller, IQuerySession session, CancellationToken token)
    {
        if (Keyset.Limit(filter.Limit) is not { } limit)
            return Problems.From(Keyset.BadLimit);
        OrderStatus? status = null;
        if (filter.Status is { Length: > 0 } wanted)
        {
            if (Parse(wanted) is not { } known)
                return Problems.From(Refusal.Invalid("invalid-status", $"There is no status {wanted}."));
            status = known;
        }

        var query = session.Query<Order>().AsQueryable();
        if (filter.Channel is { Length: > 0 } channel)
            query = query.Where(order => order.Channel == channel);
        if (caller.Channels is { } own)
            query = query.Where(order => order.Channel.IsOneOf(own.ToArray()));
        if (status is { } only)
            query = query.Where(order => order.Status == only);
        if (filter.CustomerId is { } customer)
            query = query.Where(order => order.CustomerId == customer);
        if (filter.PlacedFrom?.ToUniversalTime() is { } from)
            query = query.Where(order => order.PlacedAt >= from);
        if (filter.PlacedTo?.ToUniversalTime() is { } to)
            query = query.Where(order => order.PlacedAt < to);
        if (filter.After is { } after)
        {
            if (!Keyset.TryDecode(after, out var at, out var id))
                return Problems.From(Keyset.BadCursor);
            query = query.Where(order => order.MatchesSql("(d.placed_at, d.id) < (?, ?)", at, id));
        }
        var found = await query.OrderByDescending(order => order.PlacedAt).ThenByDescending(order => order.Id).Take(limit + 1).ToListAsync(token);
        var page = Keyset.Page(found, limit, order => Keyset.Encode(order.PlacedAt, order.Id));
        return TypedResults.Ok(new Page<OrderView>([.. page.Items.Select(order => OrderView.Of(order, order.Version))], page.Next));
    }

    private static OrderStatus? Parse(string text) =>
        Enum.GetValues<OrderStatus>().Cast<OrderStatus?>()
            .FirstOrDefault(status => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()!) == text);
}
