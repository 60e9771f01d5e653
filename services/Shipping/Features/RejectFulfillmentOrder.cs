using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public sealed record RejectFulfillmentOrder(Guid FulfillmentOrderId, string Reason, DateTimeOffset At);

public static class RejectFulfillmentOrderSlice
{
    /// <summary>All that has not left needs another place, however far the location has come with it. A hold does not keep a location from saying no.</summary>
    public static Decision<IFulfillmentOrderEvent> Decide(RejectFulfillmentOrder command, FulfillmentOrder? it)
    {
        if (it?.WasRejected() == true)
            return [];
        if (!it.MayBeChanged(command.FulfillmentOrderId, out var ended))
            return ended;
        return [new FulfillmentOrderRejected(it.Id, it.OrderId, it.LocationId, it.ReservationId, it.ToShip(), command.Reason, command.At)];
    }

    public static Refusal? Check(string? reason) =>
        new Complaints().Reason(reason).ToRefusal("invalid-rejection", "The fulfillment order cannot be rejected like this.");

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/{id:guid}/reject", Handle)
        .WithName("RejectFulfillmentOrder").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
        .WithSummary("The location will not ship what has not left yet: it is routed to another one. Safe to repeat.")
        .WithExample(new Body("Not on the shelf"))
        .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);

    private static async Task<IResult> Handle(Guid id, Body body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (Check(body.Reason) is { } refusal)
            return Problems.From(refusal);
        var command = new RejectFulfillmentOrder(id, body.Reason, clock.GetUtcNow());
        return await writes.Change(id, it => Decide(command, it), http, token);
    }

    public sealed record Body(string Reason);
}
