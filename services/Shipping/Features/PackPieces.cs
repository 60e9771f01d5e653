using System.Collections.Immutable;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <param name="Lines">What has been packed since the last time; null for all that is picked and not packed.</param>
public sealed record PackPieces(Guid FulfillmentOrderId, ImmutableArray<LineCount>? Lines, int? WeightGrams, DateTimeOffset At);

public static class PackPiecesSlice
{
    public static Decision<IFulfillmentOrderEvent> Decide(PackPieces command, FulfillmentOrder? it)
    {
        if (command.Lines is null && it?.HasShipped() == true)
            return [];
        if (!it.MayBeWorkedOn(command.FulfillmentOrderId, out var no))
            return no;
        if (command.Lines is null && it.Lines.All(line => line.Picked == 0))
            return ShippingRefusals.NothingPicked(it);
        var (pieces, wrong) = LineCount.Resolve(
            command.Lines, it, line => line.ToPack(), (wanted, line) => ShippingRefusals.PacksTooMany(line.Line, wanted.Quantity, line.ToPack(), line.Picked));
        if (wrong is not null)
            return wrong;
        return pieces.IsEmpty ? [] : [new PiecesPacked(it.Id, it.OrderId, pieces, command.WeightGrams, command.At)];
    }

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/{id:guid}/pack", Handle)
        .WithName("PackPieces").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
        .WithSummary("So many more pieces are packed; without lines, all that are picked. Safe to repeat without lines, or with an Idempotency-Key.")
        .WithExample(new Body([new(1, 2)], WeightGrams: 750))
        .Produces<FulfillmentOrderView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);

    private static async Task<IResult> Handle(Guid id, Body? body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().Lines(body?.Lines)
            .If(body?.WeightGrams is < 1 or > Inputs.WeightGramsMax, "weightGrams", $"is between 1 and {Inputs.WeightGramsMax}")
            .ToRefusal("invalid-pack", "The pieces cannot be packed like this.") is { } refusal)
            return Problems.From(refusal);
        var command = new PackPieces(id, body?.Lines.Parsed(), body?.WeightGrams, clock.GetUtcNow());
        return await writes.Change(id, it => Decide(command, it), http, token);
    }

    public sealed record Body(IReadOnlyList<LineBody?>? Lines = null, int? WeightGrams = null);
}
