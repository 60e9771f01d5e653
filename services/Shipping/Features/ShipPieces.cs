using System.Collections.Immutable;
using Marten;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <param name="Lines">What leaves in this parcel; null for all that has not left.</param>
public sealed record ShipPieces(Guid FulfillmentOrderId, ImmutableArray<LineCount>? Lines, DateTimeOffset At);

public static class ShipPiecesSlice
{
    /// <summary>Pieces that nobody has picked or packed before are so by leaving, and the fact says how many.</summary>
    public static Decision<IFulfillmentOrderEvent> Decide(ShipPieces command, FulfillmentOrder? it)
    {
        if (command.Lines is null && it?.HasShipped() == true)
            return [];
        if (!it.MayBeWorkedOn(command.FulfillmentOrderId, out var no))
            return no;
        var (pieces, wrong) = LineCount.Resolve(
            command.Lines, it, line => line.ToShip(),
            (wanted, line) => ShippingRefusals.ShipsTooMany(line.Line, wanted.Quantity, line.ToShip(), line.Quantity));
        if (wrong is not null)
            return wrong;
        var lines = it.Lines.ToDictionary(line => line.Line);
        var closed = pieces.Sum(part => (long)part.Quantity) == it.ToShip().Sum(part => (long)part.Quantity);
        return [new PiecesShipped(
            it.Id, it.OrderId, NextShipmentId(it), [.. pieces.Select(part => Shipped(part, lines[part.Line]))], it.WeightGrams, closed, command.At)];
    }

    /// <summary>
    /// The parcel's place among those of its fulfillment order makes its id: two attempts at the same parcel, even with a crash in between, ask the carrier for
    /// the same label.
    /// </summary>
    public static Guid NextShipmentId(FulfillmentOrder it) => Ids.Derive("shipment", $"{it.Id:N}", $"{it.Shipments.Length}");

    public static Parcel Parcel(PiecesShipped shipped, FulfillmentOrder it) =>
        new(shipped.ShipmentId, it.LocationId, it.ShipTo!, it.ServiceLevel, shipped.WeightGrams);

    /// <summary>How the parcel's own stream begins.</summary>
    public static ShipmentDispatched Dispatch(PiecesShipped shipped, FulfillmentOrder it, Label label) => new(
        shipped.ShipmentId, it.Id, it.OrderId, it.OrderNumber, it.LocationId, it.ReservationId,
        [.. shipped.Lines.Select(part => new Pieces(part.Line, part.Sku, part.Quantity))], it.ShipTo!, shipped.WeightGrams,
        label.Carrier, label.Service, label.TrackingNumber, label.LabelNumber, shipped.Closed, shipped.ShippedAt, it.TraceParent, it.Channel);

    public static void Map(IEndpointRouteBuilder fulfillmentOrders) => fulfillmentOrders
        .MapPost("/{id:guid}/ship", Handle)
        .WithName("ShipPieces").Access(Scopes.FulfillmentWrite, Restrictions.Locations).Versioned()
        .WithSummary("Buys a label and lets a parcel leave: the named pieces, or all that have not left. " +
            "Safe to repeat without lines, or with an Idempotency-Key.")
        .WithExample(new Body(Carrier: SandboxCarrier.Up))
        .Produces<ShipmentView>(201).Produces<ShipmentView>()
        .ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static ShippedPieces Shipped(Pieces part, FulfillmentLine line)
    {
        var packed = Math.Max(0, line.Shipped + part.Quantity - line.Packed);
        var picked = Math.Max(0, line.Packed + packed - line.Picked);
        return new(part.Line, part.Sku, part.Quantity, picked, packed);
    }

    private static async Task<IResult> Handle(
        Guid id, Body? body, HttpContext http, Writes writes, CarrierDirectory carriers, TimeProvider clock, CancellationToken token)
    {
        if (new Complaints().Lines(body?.Lines).ToRefusal("invalid-shipment", "The pieces cannot be shipped like this.") is { } refusal)
            return Problems.From(refusal);
        var carrier = body?.Carrier is { } name ? carriers.Find(name) : carriers.Default;
        if (carrier is null)
            return Problems.From(CarrierDirectory.Unknown(body!.Carrier!));
        var command = new ShipPieces(id, body?.Lines.Parsed(), clock.GetUtcNow());
        return await writes.Commit(session => Ship(command, carrier, session, carriers, http, token), token, asksOutside: true);
    }

    // The label is bought between the decision and the commit, while no transaction is open.
    private static async Task<IResult> Ship(
        ShipPieces command, ICarrier carrier, IDocumentSession session, CarrierDirectory carriers, HttpContext http, CancellationToken token)
    {
        var decided = await session.Decide<FulfillmentOrder, IFulfillmentOrderEvent>(
            command.FulfillmentOrderId, it => Decide(command, it), token, http.Precondition(), Caller.Of(http.User));
        if (decided.Refusal is { } refusal)
            return Problems.From(refusal);
        var it = decided.State!;
        if (decided.Happened is not [PiecesShipped shipped])
        {
            var last = (await session.LoadAsync<Shipment>(it.Shipments[^1], token))!;
            http.SetETag(last.Version);
            return TypedResults.Ok(ShipmentView.Of(last, last.Version));
        }
        if (await carriers.Buy(carrier, Parcel(shipped, it), token) is not { } label)
            return CarrierDirectory.Problem(carrier, http);

        var dispatched = Dispatch(shipped, it, label);
        session.Events.StartStream<Shipment>(dispatched.ShipmentId, dispatched);
        http.SetETag(1);
        return TypedResults.Created($"/v1/shipments/{dispatched.ShipmentId}", ShipmentView.Of(Shipment.After(null, dispatched), version: 1));
    }

    public sealed record Body(IReadOnlyList<LineBody?>? Lines = null, string? Carrier = null);
}
