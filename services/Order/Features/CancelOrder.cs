using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

public sealed record CancelOrder(Guid OrderId, string Reason, DateTimeOffset At);

public static class CancelOrderSlice
{
    private const int ReasonMax = 200;

    /// <summary>Asks the process to stop what has not left. What has shipped stays shipped, so an order may end partly canceled.</summary>
    public static Decision<IOrderEvent> Decide(CancelOrder command, Order? order) => order switch
    {
        null => OrderRefusals.NotFound(command.OrderId),
        { IsCanceled: true } => [],
        { CancellationReason: not null } => [],                                         // asked for already
        { IsShipped: true } or { IsCompleted: true } => OrderRefusals.AlreadyShipped(order),
        _ => [new OrderCancellationRequested(command.OrderId, command.Reason, command.At)],
    };

    public static void Map(IEndpointRouteBuilder orders) => orders.MapPost("/{orderId:guid}/cancellation", Handle).WithName("CancelOrder")
        .Access(Scopes.OrdersWrite, Restrictions.Channels).Versioned()
        .WithSummary("Cancels what of an order has not left. Safe to repeat.")
        .WithExample(new Body("Ordered twice"))
        .Produces<OrderView>(StatusCodes.Status202Accepted).Produces<OrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);

    private static Task<IResult> Handle(
        Guid orderId, Body body, Caller caller, Writes writes, TimeProvider clock, HttpContext http, CancellationToken token)
    {
        if (new Complaints().If(string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > ReasonMax, "reason", $"is required, with at most {ReasonMax} characters")
            .ToRefusal("invalid-reason", "A cancellation needs a reason.") is { } refusal)
            return Task.FromResult<IResult>(Problems.From(refusal));
        var command = new CancelOrder(orderId, body.Reason, clock.GetUtcNow());
        return writes.Commit(async session =>
        {
            var decided = await session.Decide<Order, IOrderEvent>(orderId, order => Decide(command, order), token, http.Precondition(), caller);
            if (decided.Refusal is { } no)
                return Problems.From(no);
            http.SetETag(decided.Version);
            var view = OrderView.Of(decided.State!, decided.Version);
            return view.Status == OrderStatus.Canceled ? TypedResults.Ok(view) : TypedResults.Accepted((string?)null, view);
        }, token);
    }

    public sealed record Body(string Reason);
}
