using System.Collections.Immutable;
using Marten;
using MassTransit;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>Money back without goods back.</summary>
public sealed record Appease(Guid OrderId, Guid TransactionId, decimal Amount, string Reason, DateTimeOffset At);

/// <summary>Refunds: of returned pieces, at what they were sold for, and appeasements. Never more than was captured.</summary>
public static class RefundOrderSlice
{
    private const int ReasonMax = 200;

    public static Decision<IOrderEvent> Decide(Appease command, Order? order) => order switch
    {
        null => OrderRefusals.NotFound(command.OrderId),
        _ when order.Payment.Refunds.Any(refund => refund.TransactionId == command.TransactionId) => [],
        _ when command.Amount > order.Payment.Refundable => OrderRefusals.RefundTooLarge(order, order.Payment.Refundable),
        _ => [new RefundRequested(
            order.Id, command.TransactionId, null, [], order.Payment.Reference!, command.Amount, order.Currency, command.Reason, command.At)],
    };

    /// <summary>The refund of a return: asked for by a machine, so a "no" is a fact.</summary>
    public static Decision<IOrderEvent> Decide(RefundReturn command, Order? order, DateTimeOffset at)
    {
        if (order is null)
            throw new InvalidOperationException($"Return {command.ReturnId} is of an order {command.OrderId} that does not exist.");
        if (order.Payment.Refunds.Any(refund => refund.ReturnId == command.ReturnId) || order.RejectedReturns.Contains(command.ReturnId))
            return [];
        ImmutableArray<Pieces> pieces = [.. command.Lines.GroupBy(line => line.Line)
            .Select(lines => new Pieces(lines.Key, lines.First().Sku, lines.Sum(line => line.Quantity)))];
        if (pieces.Any(piece => piece.Line < 1 || piece.Line > order.Lines.Length || piece.Quantity > MayStillComeBack(order.Line(piece.Line))))
            return [new Domain.ReturnRefundRejected(order.Id, command.ReturnId, "not_delivered", at)];
        if (pieces.Any(piece => order.Line(piece.Line).Returned + piece.Quantity > order.Line(piece.Line).Delivered))
            throw new InvalidOperationException(
                $"Return {command.ReturnId} is refunded when order {order.Number} knows of the delivery: its news is still on its way.");

        var amount = pieces.Aggregate(Money.Zero(order.Currency), (sum, piece) =>
            sum + order.Line(piece.Line).ValueOf(order.Line(piece.Line).Returned, piece.Quantity, order.Currency)).Amount;
        if (amount > order.Payment.Refundable && !order.Payment.IsCaptured)
            throw new InvalidOperationException($"Return {command.ReturnId} is refunded when order {order.Number} is captured: a capture is still on its way.");
        return amount > order.Payment.Refundable
            ? [new Domain.ReturnRefundRejected(order.Id, command.ReturnId, "exceeds_captured", at)]
            : [new RefundRequested(
                order.Id, Ids.Derive("refund", $"{command.ReturnId:N}"), command.ReturnId, pieces, order.Payment.Reference!, amount, order.Currency,
                command.Reason, at)];
    }

    // The news of a delivery may reach Returns, and the goods their location again, before it reaches us.
    private static int MayStillComeBack(Domain.OrderLine line) => line.Quantity - line.Canceled - line.Returned;

    public static void Map(IEndpointRouteBuilder orders) => orders.MapPost("/{orderId:guid}/refunds", Handle).WithName("RefundOrder")
        .Access(Scopes.OrdersManage, Restrictions.Channels).Versioned()
        .WithSummary("Gives money back without goods coming back: an appeasement. Send an Idempotency-Key to repeat it safely.")
        .WithExample(new Body(5, "Arrived late"))
        .Produces<OrderView>(StatusCodes.Status202Accepted).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

    private static Task<IResult> Handle(
        Guid orderId, Body body, Caller caller, Writes writes, TimeProvider clock, HttpContext http, CancellationToken token)
    {
        if (new Complaints()
            .If(string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > ReasonMax, "reason", $"is required, with at most {ReasonMax} characters")
            .If(body.Amount is <= 0 or > OrderBody.AmountMax, "amount", "must be more than zero and within bounds")
            .ToRefusal("invalid-refund", "The refund cannot be made as it is.") is { } refusal)
            return Task.FromResult<IResult>(Problems.From(refusal));
        var command = new Appease(orderId, Guid.CreateVersion7(), body.Amount, body.Reason, clock.GetUtcNow());
        return writes.Commit(async session =>
        {
            var decided = await session.Decide<Order, IOrderEvent>(orderId, order => order is not null && !Currencies.Fits(body.Amount, order.Currency)
                ? Refusal.Invalid("invalid-refund", $"{body.Amount} has more decimals than {order.Currency}.")
                : Decide(command, order), token, http.Precondition(), caller);
            if (decided.Refusal is { } no)
                return Problems.From(no);
            http.SetETag(decided.Version);
            return TypedResults.Accepted((string?)null, OrderView.Of(decided.State!, decided.Version));
        }, token);
    }

    public sealed record Body(decimal Amount, string Reason);
}

public sealed class RefundReturnConsumer(OrderStories stories, TimeProvider clock) : IConsumer<RefundReturn>
{
    public Task Consume(ConsumeContext<RefundReturn> context) => stories.Decide(
        context.Message.OrderId, order => RefundOrderSlice.Decide(context.Message, order, clock.GetUtcNow()), "returns", context.CancellationToken);
}
