using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

public static class GetOrderSlice
{
    public static void Map(IEndpointRouteBuilder orders)
    {
        orders.MapGet("/{orderId:guid}", ById).WithName("GetOrder")
            .Access(Scopes.OrdersRead, Restrictions.Channels).Versioned()
            .WithSummary("One order as it is now: its lines, its money, its holds, and how far it is.")
            .Produces<OrderView>().ProducesProblem(404);
        orders.MapGet("/by-number/{channel}/{channelOrderNumber}", ByNumber).WithName("GetOrderByNumber")
            .Access(Scopes.OrdersRead, Restrictions.Channels).Versioned()
            .WithSummary("One order by the channel's own number of it.").Produces<OrderView>().ProducesProblem(404);
    }

    private static async Task<IResult> ById(Guid orderId, Caller caller, IQuerySession session, HttpContext http, CancellationToken token) =>
        (IResult?)Answer(caller.Own(await session.LoadAsync<Order>(orderId, token)), http) ?? Problems.From(OrderRefusals.NotFound(orderId));

    private static async Task<IResult> ByNumber(
        string channel, string channelOrderNumber, Caller caller, IQuerySession session, HttpContext http, CancellationToken token) =>
        (IResult?)Answer(caller.Own(await session.LoadAsync<Order>(PlaceOrderSlice.OrderId(channel, channelOrderNumber), token)), http)
        ?? Problems.From(OrderRefusals.NotFound(channel, channelOrderNumber));

    private static Ok<OrderView>? Answer(Order? order, HttpContext http)
    {
        if (order is null)
            return null;
        http.SetETag(order.Version);
        return TypedResults.Ok(OrderView.Of(order, order.Version));
    }
}
