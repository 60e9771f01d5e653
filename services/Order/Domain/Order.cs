using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Oms.Kernel;

namespace Oms.Orders.Domain;

public enum OrderStatus
{
    OnHold, PaymentPending, Routing, Backordered, InFulfillment, PartiallyShipped, Shipped, Completed, Canceled, PartiallyReturned, Returned,
}

public sealed record Hold(string Reason, string? Note, DateTimeOffset HeldAt);

/// <summary>What a location has been asked to ship and has neither shipped nor given back.</summary>
/// <param name="GaveBack">
/// It rejected or stopped what it had not sent, which it does once; the pieces still here are in parcels whose news is on its way.
/// </param>
public sealed record OpenFulfillmentOrder(Guid Id, string LocationId, Guid ReservationId, ImmutableArray<Pieces> Lines, bool GaveBack = false);

/// <summary>Pieces that wait in Inventory's queue.</summary>
public sealed record OpenBackorder(Guid Id, ImmutableArray<Pieces> Lines);

public sealed record ParcelSent(Guid ShipmentId, ImmutableArray<Pieces> Lines, bool Delivered);

/// <summary>An order: nothing but its events. It knows where every piece and every cent is; where the process stands is the saga's.</summary>
public sealed record Order : IFold<Order, IOrderEvent>, ITraced, IOwned
{
    public required Guid Id { get; init; }

    public int Version { get; init; }

    public required string Number { get; init; }

    public required string Channel { get; init; }

    public required string ChannelOrderNumber { get; init; }

    string? IOwned.OwnedByChannel => Channel;

    // It is everywhere and nowhere.
    string? IOwned.OwnedByLocation => null;

    public required string Fingerprint { get; init; }

    public Guid? CustomerId { get; init; }

    public string? CustomerEmail { get; init; }

    public string? CustomerName { get; init; }

    public required Address ShipTo { get; init; }

    public required string Currency { get; init; }

    public required string ServiceLevel { get; init; }

    public bool ShipComplete { get; init; }

    public ImmutableArray<OrderLine> Lines { get; init; } = [];

    public decimal Shipping { get; init; }

    public decimal Total { get; init; }

    public required string PaymentToken { get; init; }

    public Payment Payment { get; init; } = Payment.None;

    public ImmutableArray<Hold> Holds { get; init; } = [];

    public ImmutableArray<OpenFulfillmentOrder> FulfillmentOrders { get; init; } = [];

    public ImmutableArray<OpenBackorder> Backorders { get; init; } = [];

    public ImmutableArray<ParcelSent> Parcels { get; init; } = [];

    /// <summary>Returns that were told no: the same one, asked for again, is not told anything else.</summary>
    public ImmutableArray<Guid> RejectedReturns { get; init; } = [];

    /// <summary>Why somebody wants it canceled; null when nobody does.</summary>
    public string? CancellationReason { get; init; }

    public bool IsCanceled { get; init; }

    public bool IsCompleted { get; init; }

    public OrderStatus Status { get; init; }

    /// <summary>When the customer ordered, as the channel tells.</summary>
    public DateTimeOffset PlacedAt { get; init; }

    public string? TraceParent { get; init; }

    [JsonIgnore]
    public bool IsHeld => !Holds.IsEmpty;

    [JsonIgnore]
    public bool HasOpen => Lines.Any(line => line.Open > 0);

    [JsonIgnore]
    public bool HasBackordered => Lines.Any(line => line.Backordered > 0);

    [JsonIgnore]
    public bool IsBeingFulfilled => !FulfillmentOrders.IsEmpty;

    [JsonIgnore]
    public bool HasShipped => !Parcels.IsEmpty;

    /// <summary>Everything that will ever ship has left.</summary>
    [JsonIgnore]
    public bool IsShipped => HasShipped && Lines.All(line => line.Shipped + line.Canceled == line.Quantity);

    /// <summary>Everything that left has arrived, and its money is here.</summary>
    [JsonIgnore]
    public bool IsSettled => IsShipped && Parcels.All(parcel => parcel.Delivered) && Payment.IsCaptured;

    public OrderLine Line(int number) => Lines[number - 1];

    /// <summary>The only place where an event changes an order. An impossible sequence is a bug, so it throws.</summary>
    public static Order After(Order? state, IOrderEvent happened)
    {
        var after = (state, happened) switch
        {
            (null, OrderPlaced e) => Placed(e),
            ({ } o, OrderHeld e) => o with { Holds = o.Holds.Add(new(e.Reason, e.Note, e.At)) },
            ({ } o, OrderHoldReleased e) => o with { Holds = o.Holds.RemoveAll(hold => hold.Reason == e.Reason) },
            ({ } o, OrderCancellationRequested e) => o with { CancellationReason = e.Reason },
            ({ } o, OrderCancellationRejected) => o with { CancellationReason = null },
            ({ } o, OrderLinesCanceled e) => o.Moving(e.Lines, (line, n) => line.Moved(open: -n, canceled: n)),
            ({ } o, OrderCanceled) => o with { IsCanceled = true },
            ({ } o, OrderCompleted) => o with { IsCompleted = true },
            ({ } o, OrderBackordered e) => o.Moving(e.Lines, (line, n) => line.Moved(open: -n, backordered: n)),
            ({ } o, BackorderRequested e) => o with { Backorders = o.Backorders.Add(new(e.BackorderId, e.Lines)) },
            ({ } o, BackorderReady e) => o.Dequeued(e.BackorderId, e.Lines),
            ({ } o, BackorderCancellationRequested e) => o.Dequeued(e.BackorderId, e.Lines),
            ({ } o, FulfillmentRequested e) => o.Allocated(e),
            ({ } o, FulfillmentOrderRejected e) => o.Moving(e.Lines, (line, n) => line.Moved(open: n, allocated: -n)).Without(e.FulfillmentOrderId, e.Lines, gaveBack: true),
            ({ } o, FulfillmentOrderCanceled e) => o.Moving(e.Lines, (line, n) => line.Moved(canceled: n, allocated: -n)).Without(e.FulfillmentOrderId, e.Lines, gaveBack: true),
            ({ } o, OrderShipped e) => o.Sent(e),
            ({ } o, OrderDelivered e) => o.Arrived(e.ShipmentId),
            ({ } o, RefundRequested e) => o.Moving(e.Lines, (line, n) => line.Moved(returned: n)) with { Payment = o.Payment.After(e) },
            ({ } o, ReturnRefundRejected e) => o with { RejectedReturns = o.RejectedReturns.Add(e.ReturnId) },
            ({ } o, OrderFulfilled or OrderOverdue or RoutingRequested or OrderRouted or OrderUnroutable or StockReservationRequested or StockReserved
                or StockReservationRejected or StockReleaseRequested or FulfillmentCancellationRequested) => o,
            ({ } o, _) => o with { Payment = o.Payment.After(happened) },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow nothing."),
        };
        return after with { Status = StatusOf(after) };
    }

    private static Order Placed(OrderPlaced e) => new()
    {
        Id = e.OrderId,
        Number = e.Number,
        Channel = e.Channel,
        ChannelOrderNumber = e.ChannelOrderNumber,
        Fingerprint = e.Fingerprint,
        CustomerId = e.CustomerId,
        CustomerEmail = e.CustomerEmail,
        CustomerName = e.CustomerName,
        ShipTo = e.ShipTo,
        Currency = e.Currency,
        ServiceLevel = e.ServiceLevel,
        ShipComplete = e.ShipComplete,
        Lines = [.. e.Lines.Select(line => new OrderLine(
            line.Line, line.Sku, line.Name, line.Quantity, line.UnitPrice, line.Discount, line.Tax, line.Total) { Open = line.Quantity })],
        Shipping = e.Shipping,
        Total = e.Total,
        PaymentToken = e.PaymentToken,
        PlacedAt = e.PlacedAt,
        TraceParent = e.TraceParent,
    };

    private Order Moving(ImmutableArray<Pieces> pieces, Func<OrderLine, int, OrderLine> move)
    {
        var lines = Lines.ToBuilder();
        foreach (var piece in pieces)
            lines[piece.Line - 1] = move(lines[piece.Line - 1], piece.Quantity);
        return this with { Lines = lines.ToImmutable() };
    }

    private Order Allocated(FulfillmentRequested e) =>
        Moving([.. e.FulfillmentOrders.SelectMany(order => order.Lines)], (line, n) => line.Moved(open: -n, allocated: n)) with
        {
            FulfillmentOrders = FulfillmentOrders.AddRange(e.FulfillmentOrders.Select(order =>
                new OpenFulfillmentOrder(order.FulfillmentOrderId, order.LocationId, e.ReservationId, order.Lines))),
        };

    private Order Sent(OrderShipped e) => Moving(e.Lines, (line, n) => line.Moved(allocated: -n, shipped: n)).Without(e.FulfillmentOrderId, e.Lines) with
    {
        Parcels = Parcels.Add(new(e.ShipmentId, e.Lines, Delivered: false)),
    };

    private Order Arrived(Guid shipmentId)
    {
        var parcel = Parcels.Single(it => it.ShipmentId == shipmentId);
        return Moving(parcel.Lines, (line, n) => line.Moved(delivered: n)) with { Parcels = Parcels.Replace(parcel, parcel with { Delivered = true }) };
    }

    private Order Dequeued(Guid backorderId, ImmutableArray<Pieces> pieces)
    {
        var backorder = Backorders.Single(it => it.Id == backorderId);
        var left = Less(backorder.Lines, pieces);
        return Moving(pieces, (line, n) => line.Moved(open: n, backordered: -n)) with
        {
            Backorders = left.IsEmpty ? Backorders.Remove(backorder) : Backorders.Replace(backorder, backorder with { Lines = left }),
        };
    }

    private static ImmutableArray<Pieces> Less(ImmutableArray<Pieces> lines, ImmutableArray<Pieces> gone) => [.. lines
        .Select(line => line with { Quantity = line.Quantity - gone.Where(piece => piece.Line == line.Line).Sum(piece => piece.Quantity) })
        .Where(line => line.Quantity > 0)];

    private Order Without(Guid fulfillmentOrderId, ImmutableArray<Pieces> pieces, bool gaveBack = false)
    {
        var order = FulfillmentOrders.Single(it => it.Id == fulfillmentOrderId);
        var left = Less(order.Lines, pieces);
        return this with
        {
            FulfillmentOrders = left.IsEmpty ? FulfillmentOrders.Remove(order) : FulfillmentOrders.Replace(order, order with { Lines = left, GaveBack = order.GaveBack || gaveBack }),
        };
    }

    // What a person wants to know at a glance; derived, so that it can never contradict the pieces.
    private static OrderStatus StatusOf(Order order) => order switch
    {
        { IsCanceled: true } => OrderStatus.Canceled,
        { IsCompleted: true } when order.Lines.Sum(line => line.Returned) is var returned and > 0 =>
            returned == order.Lines.Sum(line => line.Shipped) ? OrderStatus.Returned : OrderStatus.PartiallyReturned,
        { IsCompleted: true } => OrderStatus.Completed,
        { IsShipped: true } => OrderStatus.Shipped,
        { HasShipped: true } => OrderStatus.PartiallyShipped,
        { IsBeingFulfilled: true } => OrderStatus.InFulfillment,
        { IsHeld: true } => OrderStatus.OnHold,
        { Payment.IsAuthorized: false } => OrderStatus.PaymentPending,
        { HasOpen: false, HasBackordered: true } => OrderStatus.Backordered,
        _ => OrderStatus.Routing,
    };
}
