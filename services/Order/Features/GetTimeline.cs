using Marten;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>Everything that happened to an order: what was asked and answered, who did it, why and when, under one trace.</summary>
public static class GetTimelineSlice
{
    public sealed record Timeline(Guid OrderId, string? TraceId, IReadOnlyList<Entry> Items);

    /// <param name="Type">The fact's stored name.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="By">Who did it: the subject of a request, the process, or the payments.</param>
    /// <param name="TraceId">The order's own trace, which links all of it.</param>
    /// <param name="Data">The fact itself.</param>
    public sealed record Entry(long Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, string? By, string? Why, string? TraceId, object Data);

    public static void Map(IEndpointRouteBuilder orders) => orders.MapGet("/{orderId:guid}/timeline", Handle).WithName("GetOrderTimeline")
        .Access(Scopes.OrdersRead, Restrictions.Channels).Versioned()
        .WithSummary("Every step of an order, asked and answered.").Produces<Timeline>().ProducesProblem(404);

    private static async Task<IResult> Handle(Guid orderId, Caller caller, HttpContext http, IQuerySession session, CancellationToken token)
    {
        var happened = await session.Events.FetchStreamAsync(orderId, token: token);
        if (happened is not [{ Data: OrderPlaced placement }, ..] || !caller.SeesChannel(placement.Channel))
            return Problems.From(OrderRefusals.NotFound(orderId));
        http.SetETag(happened[^1].Version);
        var traceId = Tracing.TraceId(placement.TraceParent);
        return TypedResults.Ok(new Timeline(orderId, traceId, [.. happened.Select(it => new Entry(
            it.Version, it.EventTypeName, ((IOrderEvent)it.Data).At, it.Timestamp, it.UserName, Why(it.Data), Tracing.TraceId(it.CorrelationId),
            it.Data is OrderPlaced placed ? placed with { PaymentToken = "•••" } : it.Data is PaymentAuthorizationRequested asked ? asked with { Token = "•••" } : it.Data))]));
    }

    private static string? Why(object fact) => fact switch
    {
        OrderHeld e => e.Note ?? e.Reason,
        OrderHoldReleased e => e.Reason,
        OrderCancellationRequested e => e.Reason,
        OrderCancellationRejected e => e.Reason,
        OrderCanceled e => e.Reason,
        PaymentDeclined e => e.Reason,
        PaymentCaptureFailed e => e.Reason,
        OrderUnroutable e => e.Reason,
        StockReservationRejected e => e.Reason,
        StockReleaseRequested e => e.Reason,
        FulfillmentOrderRejected e => e.Reason,
        FulfillmentCancellationRequested e => e.Reason,
        RefundRequested e => e.Reason,
        RefundFailed e => e.Reason,
        ReturnRefundRejected e => e.Reason,
        OrderOverdue e => $"waiting for {e.WaitingFor}",
        _ => null,
    };
}
