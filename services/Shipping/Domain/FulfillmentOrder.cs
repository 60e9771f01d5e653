using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Shipping.Domain;

/// <summary>The field's seven states.</summary>
public enum FulfillmentOrderStatus
{
    Open,
    InProgress,

    /// <summary>To be worked on later. Locations are asked when the goods are wanted, so nothing is in this state yet.</summary>
    Scheduled,

    OnHold,

    /// <summary>Some pieces have left, and the location will not ship the rest.</summary>
    Incomplete,

    /// <summary>Done: what was not stopped has shipped, or the location has rejected all of it.</summary>
    Closed,

    Canceled,
}

/// <summary>How far the asking between the merchant and the location is.</summary>
public enum RequestStatus
{
    Unsubmitted,
    Submitted,
    Accepted,
    Rejected,
    CancellationRequested,
    CancellationAccepted,
    CancellationRejected,
    Closed,
}

public sealed record Hold(string Reason, string? Note, DateTimeOffset HeldAt);

/// <summary>What one location is asked to pick, pack and ship of one order.</summary>
/// <param name="CreatedAt">Null while only its cancellation is known.</param>
public sealed record FulfillmentOrder(
    Guid Id, Guid OrderId, string OrderNumber, string Channel, Guid ReservationId, string LocationId, FulfillmentOrderStatus Status,
    RequestStatus RequestStatus, ImmutableArray<FulfillmentLine> Lines, Address? ShipTo, string ServiceLevel, DateTimeOffset ShipBy,
    DateTimeOffset? CreatedAt, string? TraceParent)
    : IFold<FulfillmentOrder, IFulfillmentOrderEvent>, ITraced, IOwned
{
    public int Version { get; init; }

    string? IOwned.OwnedByChannel => Channel;

    string? IOwned.OwnedByLocation => LocationId;

    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>Its parcels, first to last.</summary>
    public ImmutableArray<Guid> Shipments { get; init; } = [];

    /// <summary>Weighed since the last parcel left; null when nobody weighed.</summary>
    public int? WeightGrams { get; init; }

    /// <summary>Whether something may still be done with it.</summary>
    public bool IsLive() => Status is FulfillmentOrderStatus.Open or FulfillmentOrderStatus.InProgress or FulfillmentOrderStatus.OnHold;

    public bool WasAccepted() => RequestStatus == RequestStatus.Accepted;

    /// <summary>Whether every piece has left. Then asking for the steps before, without naming pieces, is asking for what is so already.</summary>
    public bool HasShipped() => Status == FulfillmentOrderStatus.Closed && Lines.All(line => line.Shipped == line.Quantity);

    public bool WasRejected() => Lines.Any(line => line.Rejected > 0);

    public bool WasCanceled() => Status == FulfillmentOrderStatus.Canceled || Lines.Any(line => line.Canceled > 0);

    /// <summary>All pieces that have not left and may still leave.</summary>
    public ImmutableArray<Pieces> ToShip() => Remaining(line => line.ToShip());

    /// <summary>The lines that have something of what is counted, and how much.</summary>
    public ImmutableArray<Pieces> Remaining(Func<FulfillmentLine, int> count) =>
        [.. Lines.Select(line => new Pieces(line.Line, line.Sku, count(line))).Where(it => it.Quantity > 0)];

    public static FulfillmentOrder After(FulfillmentOrder? state, IFulfillmentOrderEvent happened) => (state, happened) switch
    {
        (null or { CreatedAt: null }, FulfillmentOrderCreated e) => new(
            e.FulfillmentOrderId, e.OrderId, e.OrderNumber, e.Channel, e.ReservationId, e.LocationId, FulfillmentOrderStatus.Open, RequestStatus.Submitted,
            [.. e.Lines.Select(line => new FulfillmentLine(line.Line, line.Sku, line.Quantity))], e.ShipTo, e.ServiceLevel, e.ShipBy,
            e.CreatedAt, e.TraceParent),
        (null, FulfillmentOrderCanceledBeforeCreation e) => new(
            e.FulfillmentOrderId, e.OrderId, "", "", Guid.Empty, "", FulfillmentOrderStatus.Canceled, RequestStatus.CancellationAccepted,
            [], ShipTo: null, "", ShipBy: default, CreatedAt: null, e.TraceParent),
        ({ Status: FulfillmentOrderStatus.Open }, FulfillmentOrderAccepted) =>
            state with { Status = FulfillmentOrderStatus.InProgress, RequestStatus = RequestStatus.Accepted },
        ({ CreatedAt: not null }, FulfillmentOrderHeld e) when state.IsLive() =>
            state with { Status = FulfillmentOrderStatus.OnHold, Holds = state.Holds.Add(new(e.Reason, e.Note, e.HeldAt)) },
        ({ Status: FulfillmentOrderStatus.OnHold }, FulfillmentOrderHoldReleased e) => state.Released(e.Reason),
        ({ Status: FulfillmentOrderStatus.InProgress }, PiecesPicked e) => state with { Lines = state.Moved(e.Lines, (line, n) => line.Plus(picked: n)) },
        ({ Status: FulfillmentOrderStatus.InProgress }, PiecesPacked e) => state with
        {
            Lines = state.Moved(e.Lines, (line, n) => line.Plus(packed: n)),
            WeightGrams = e.WeightGrams is null ? state.WeightGrams : (state.WeightGrams ?? 0) + e.WeightGrams,
        },
        ({ Status: FulfillmentOrderStatus.InProgress }, PiecesShipped e) => state.Shipped(e),
        ({ CreatedAt: not null }, FulfillmentOrderRejected e) when state.IsLive() => state.Ended(
            state.Moved(e.Lines, (line, n) => line.Plus(rejected: n)),
            state.Shipments.IsEmpty ? (FulfillmentOrderStatus.Closed, RequestStatus.Rejected) : (FulfillmentOrderStatus.Incomplete, RequestStatus.Closed)),
        ({ CreatedAt: not null }, FulfillmentOrderCanceled e) when state.IsLive() => state.Ended(
            state.Moved(e.Lines, (line, n) => line.Plus(canceled: n)),
            (state.Shipments.IsEmpty ? FulfillmentOrderStatus.Canceled : FulfillmentOrderStatus.Closed, RequestStatus.CancellationAccepted)),
        ({ CreatedAt: not null }, FulfillmentOrderCancellationRejected) when !state.IsLive() =>
            state with { RequestStatus = RequestStatus.CancellationRejected },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state?.Status.ToString() ?? "nothing"}."),
    };

    private FulfillmentOrder Released(string reason)
    {
        var holds = Holds.RemoveAll(hold => hold.Reason == reason);
        return this with
        {
            Holds = holds,
            Status = !holds.IsEmpty ? FulfillmentOrderStatus.OnHold : WasAccepted() ? FulfillmentOrderStatus.InProgress : FulfillmentOrderStatus.Open,
        };
    }

    private FulfillmentOrder Shipped(PiecesShipped e)
    {
        var parts = e.Lines.ToDictionary(part => part.Line);
        var after = this with
        {
            Lines = [.. Lines.Select(line => parts.TryGetValue(line.Line, out var part)
                ? line.Plus(picked: part.PickedImplicitly, packed: part.PackedImplicitly, shipped: part.Quantity)
                : line)],
            Shipments = Shipments.Add(e.ShipmentId),
            WeightGrams = null,
        };
        return e.Closed ? after.Ended(after.Lines, (FulfillmentOrderStatus.Closed, RequestStatus.Closed)) : after;
    }

    private FulfillmentOrder Ended(ImmutableArray<FulfillmentLine> lines, (FulfillmentOrderStatus Status, RequestStatus RequestStatus) how) =>
        this with { Lines = lines, Status = how.Status, RequestStatus = how.RequestStatus, Holds = [] };

    private ImmutableArray<FulfillmentLine> Moved(ImmutableArray<Pieces> pieces, Func<FulfillmentLine, int, FulfillmentLine> move)
    {
        var parts = pieces.ToDictionary(part => part.Line, part => part.Quantity);
        return [.. Lines.Select(line => parts.TryGetValue(line.Line, out var quantity) ? move(line, quantity) : line)];
    }
}
