using Oms.Kernel;
using Oms.Orders.Domain;

namespace Oms.Orders.Fulfillment;

/// <summary>
/// The process begins in the commit of the placing: no message is spent on it, and no news about an order can come before there is a
/// process to hear it.
/// </summary>
public static class FulfillmentBeginning
{
    private static readonly TimeSpan PeopleAwaited = TimeSpan.FromDays(30);
    private static readonly TimeSpan PaymentAwaited = TimeSpan.FromMinutes(2);

    /// <summary>The first question of an order that has just been placed, or none while it is held.</summary>
    public static PaymentAuthorizationRequested? FirstQuestion(Order order, DateTimeOffset now) => order.IsHeld ? null : Authorization(order, now);

    /// <summary>The process as it stands after the placing.</summary>
    public static FulfillmentState Of(Order order, DateTimeOffset now) => new()
    {
        CorrelationId = order.Id,
        CurrentState = order.IsHeld ? nameof(FulfillmentProcess.Held) : nameof(FulfillmentProcess.Authorizing),
        DueAt = now + (order.IsHeld ? PeopleAwaited : PaymentAwaited),
        TraceParent = order.TraceParent,
    };

    internal static PaymentAuthorizationRequested Authorization(Order order, DateTimeOffset now) =>
        new(order.Id, Ids.Derive("authorization", $"{order.Id:N}"), order.Total, order.Currency, order.PaymentToken, now);
}
