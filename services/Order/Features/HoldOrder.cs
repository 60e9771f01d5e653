using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

public sealed record HoldOrder(Guid OrderId, string Reason, string? Note, DateTimeOffset At);

public sealed record ReleaseHold(Guid OrderId, string Reason, DateTimeOffset At);

/// <summary>Holds: several at once, each known by its reason; the order goes on when the last one is gone.</summary>
public static class HoldOrderSlice
{
    private const int ReasonMax = 60;
    private const int NoteMax = 500;

    public static Decision<IOrderEvent> Decide(HoldOrder command, Order? order) => order switch
    {
        null => OrderRefusals.NotFound(command.OrderId),
        _ when order.Holds.Any(hold => hold.Reason == command.Reason) => [],
        { IsCanceled: true } or { CancellationReason: not null } => OrderRefusals.AlreadyCanceled(order),
        { HasOpen: false, HasBackordered: false } => OrderRefusals.NothingToHold(order),
        _ => [new OrderHeld(command.OrderId, command.Reason, command.Note, command.At)],
    };

    public static Decision<IOrderEvent> Decide(ReleaseHold command, Order? order) => order switch
    {
        null => OrderRefusals.NotFound(command.OrderId),
        _ when !order.Holds.Any(hold => hold.Reason == command.Reason) => OrderRefusals.HoldNotFound(order, command.Reason),
        _ => [new OrderHoldReleased(command.OrderId, command.Reason, order.Holds.All(hold => hold.Reason == command.Reason), command.At)],
    };

    public static void Map(IEndpointRouteBuilder orders)
    {
        orders.MapPost("/{orderId:guid}/holds", Hold).WithName("HoldOrder").Access(Scopes.OrdersManage, Restrictions.Channels).Versioned()
            .WithSummary("Holds an order for a reason. What locations already work on goes on.")
            .WithExample(new Body(Examples.Hold, "The street number is missing"))
            .Produces<OrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        orders.MapDelete("/{orderId:guid}/holds/{reason}", Release).WithName("ReleaseHold")
            .Access(Scopes.OrdersManage, Restrictions.Channels).Versioned()
            .WithSummary("Releases one hold. The order goes on when it was the last.")
            .Produces<OrderView>().ProducesProblem(404).ProducesProblem(412);
    }

    private static Task<IResult> Hold(
        Guid orderId, Body body, Caller caller, Writes writes, TimeProvider clock, HttpContext http, CancellationToken token)
    {
        if (new Complaints()
            .If(body.Reason is not { Length: > 0 and <= ReasonMax } || !body.Reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'),
                "reason", $"is required: up to {ReasonMax} lower-case letters, digits and _")
            .If(body.Note?.Length > NoteMax, "note", $"has at most {NoteMax} characters")
            .ToRefusal("invalid-hold", "The hold cannot be put on as it is.") is { } refusal)
            return Task.FromResult<IResult>(Problems.From(refusal));
        var command = new HoldOrder(orderId, body.Reason, body.Note, clock.GetUtcNow());
        return Commit(orderId, caller, writes, http, order => Decide(command, order), token);
    }

    private static Task<IResult> Release(
        Guid orderId, string reason, Caller caller, Writes writes, TimeProvider clock, HttpContext http, CancellationToken token)
    {
        var command = new ReleaseHold(orderId, reason, clock.GetUtcNow());
        return Commit(orderId, caller, writes, http, order => Decide(command, order), token);
    }

    private static Task<IResult> Commit(
        Guid orderId, Caller caller, Writes writes, HttpContext http, Func<Order?, Decision<IOrderEvent>> decide, CancellationToken token) => writes.Commit(async session =>
    {
        var decided = await session.Decide(orderId, decide, token, http.Precondition(), caller);
        if (decided.Refusal is { } no)
            return Problems.From(no);
        http.SetETag(decided.Version);
        return TypedResults.Ok(OrderView.Of(decided.State!, decided.Version));
    }, token);

    public sealed record Body(string Reason, string? Note = null);
}
