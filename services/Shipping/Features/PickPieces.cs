using System.Collections.Immutable;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <param name="Lines">What has been picked since the last time; null for all that is left to pick.</param>
public sealed record PickPieces(Guid FulfillmentOrderId, ImmutableArray<LineCount>? Lines, DateTimeOffset At);

public static class PickPiecesSlice
{
    public static Decision<IFulfillmentOrderEvent> Decide(PickPieces command, FulfillmentOrder? it)
    {
        if (command.Lines is null && it?.HasShipped() == true)
            return [];
        if (!it.MayBeWorkedOn(command.FulfillmentOrderId, out var no))
            return no;
        var (pieces, wrong) = LineCount.Resolve(
            command.Lines, it, line => line.ToPick(),
            (wanted, line) => ShippingRefusals.PicksTooMany(line.Line, wanted.Quantity, line.ToPick(), line.Quantity));
        if (wrong is not null)
            return wrong;
        return pieces.IsEmpty ? [] : [new PiecesPicked(it.Id, it.OrderId, pieces, command.At)];
    }

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/{id:guid}/pick", Handle)
        .WithName("PickPieces").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
        .WithSummary("So many more pieces are picked; without lines, all that are left. Safe to repeat without lines, or with an Idempotency-Key.")
        .WithExample(new Body([new(1, 2)]))
        .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);

    private static async Task<IResult> Handle(Guid id, Body? body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().Lines(body?.Lines).ToRefusal("invalid-pick", "The pieces cannot be picked like this.") is { } refusal)
            return Problems.From(refusal);
        var command = new PickPieces(id, body?.Lines.Parsed(), clock.GetUtcNow());
        return await writes.Change(id, it => Decide(command, it), http, token);
    }

    public sealed record Body(IReadOnlyList<LineBody?>? Lines = null);
}
