using System.Text.Json;
using Marten;
using Marten.Linq.MatchesSql;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>Oldest first: what has waited longest is worked on first.</summary>
public static class ListFulfillmentOrders
{
    public sealed record Filter(string? LocationId, string? Status, string? RequestStatus, Guid? OrderId, int? Limit, string? After);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/fulfillment-orders", Handle)
            .WithTags("Fulfillment orders")
            .WithName("ListFulfillmentOrders").Access(Scopes.FulfillmentRead, Restrictions.All)
            .WithSummary("Fulfillment orders, oldest first, filtered by location, status, request status and order.")
            .Produces<Page<FulfillmentOrderView>>().ProducesProblem(422);
        routes.MapGet("/v1/orders/{orderId:guid}/fulfillment-orders", HandleOfOrder)
            .WithTags("Fulfillment orders")
            .WithName("ListFulfillmentOrdersOfOrder").Access(Scopes.FulfillmentRead, Restrictions.All)
            .WithSummary("The fulfillment orders of one order, oldest first; none while nobody has been asked to ship it.")
            .Produces<Page<FulfillmentOrderView>>().ProducesProblem(422);
    }

    private static Task<IResult> Handle([AsParameters] Filter filter, Caller caller, IQuerySession session, CancellationToken token) =>
        List(filter, caller, session, token);

    private static Task<IResult> HandleOfOrder(Guid orderId, int? limit, string? after, Caller caller, IQuerySession session, CancellationToken token) =>
        List(new(null, null, null, orderId, limit, after), caller, session, token);

    private static async Task<IResult> List(Filter filter, Caller caller, IQuerySession session, CancellationToken token)
    {
        if (Keyset.Limit(filter.Limit) is not { } limit)
            return Problems.From(Keyset.BadLimit);
        // What only its cancellation is known of is not there yet.
        var query = session.Query<FulfillmentOrder>().Where(it => it.CreatedAt != null);
        if (filter.Status is { } status)
        {
            if (Parse<FulfillmentOrderStatus>(status) is not { } wanted)
                return Problems.From(Refusal.Invalid("invalid-status", $"status is one of {Names<FulfillmentOrderStatus>()}."));
            query = query.Where(it => it.Status == wanted);
        }
        if (filter.RequestStatus is { } requestStatus)
        {
            if (Parse<RequestStatus>(requestStatus) is not { } wanted)
                return Problems.From(Refusal.Invalid("invalid-request-status", $"requestStatus is one of {Names<RequestStatus>()}."));
            query = query.Where(it => it.RequestStatus == wanted);
        }
        if (filter.LocationId is { } locationId)
        {
            if (!LocationId.IsValid(locationId))
                return TypedResults.Ok(new Page<FulfillmentOrderView>([], null));
            query = query.Where(it => it.LocationId == locationId);
        }
        if (filter.OrderId is { } orderId)
            query = query.Where(it => it.OrderId == orderId);
        if (caller.Channels is { } channels)
            query = query.Where(it => it.Channel.IsOneOf(channels.ToArray()));
        if (caller.Locations is { } locations)
            query = query.Where(it => it.LocationId.IsOneOf(locations.ToArray()));
        if (filter.After is { } after)
        {
            if (!Keyset.TryDecode(after, out var at, out var id))
                return Problems.From(Keyset.BadCursor);
            query = query.Where(it => it.MatchesSql("(d.created_at, d.id) > (?, ?)", at, id));
        }
        var found = await query.OrderBy(it => it.CreatedAt).ThenBy(it => it.Id).Take(limit + 1).ToListAsync(token);
        var page = Keyset.Page(found, limit, it => Keyset.Encode(it.CreatedAt!.Value, it.Id));
        return TypedResults.Ok(new Page<FulfillmentOrderView>([.. page.Items.Select(it => FulfillmentOrderView.Of(it, it.Version))], page.Next));
    }

    private static T? Parse<T>(string text) where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(it => Name(it!.Value) == text);

    private static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Name));

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
