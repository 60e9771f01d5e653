using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

public sealed record AcceptFulfillmentOrder(Guid FulfillmentOrderId, DateTimeOffset At);

public static class AcceptFulfillmentOrderSlice
{
    public static Decision<IFulfillmentOrderEvent> Decide(AcceptFulfillmentOrder command, FulfillmentOrder? it)
    {
        if (it is not null && (it.WasAccepted() || it.HasShipped()))
            return [];
        if (!it.MayBeChanged(command.FulfillmentOrderId, out var ended))
            return ended;
        return it.Status == FulfillmentOrderStatus.OnHold
            ? ShippingRefusals.OnHold(it)
            : [new FulfillmentOrderAccepted(it.Id, it.OrderId, command.At)];
    }

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/{id:guid}/accept", Handle)
        .WithName("AcceptFulfillmentOrder").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
        .WithSummary("The location takes it on. Safe to repeat.")
        .WithExample(new EmptyBody())
        .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);

    private static Task<IResult> Handle(Guid id, EmptyBody? _, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        var command = new AcceptFulfillmentOrder(id, clock.GetUtcNow());
        return writes.Change(id, it => Decide(command, it), http, token);
    }
}
