using System.Collections.Immutable;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Orders.Domain;
using Oms.Orders.Payments;
using Shortage = Oms.Contracts.Inventory.V1.StockShortage;

namespace Oms.Orders.Tests.Simulation;

/// <summary>Routing, Inventory, Shipping and Returns, as far as an order sees them. Each answers a repeated question as it did first.</summary>
internal sealed class Others
{
    private readonly Dictionary<Guid, object> answers = [];
    private readonly Dictionary<(Guid Reservation, int Line, string Location), int> held = [];
    private readonly HashSet<Guid> released = [];
    private readonly HashSet<Guid> forestalled = [];
    private readonly Dictionary<Guid, QueueBackorder> queue = [];
    private readonly HashSet<Guid> unqueued = [];
    private readonly Dictionary<Guid, Work> work = [];
    private readonly Dictionary<Guid, ShipmentDispatched> traveling = [];

    private int ids;

    public Gateway Gateway { get; } = new();

    public Guid NewId() => new(++ids, 0, 0, new byte[8]);

    private sealed record Work(Guid Order, Guid Reservation, string Location, ImmutableDictionary<int, LineQuantity> Left);

    public IReadOnlyList<object> Answer(object message, Dice dice, DateTimeOffset now)
    {
        switch (message)
        {
            case RouteOrder m:
                return [answers.TryGetValue(m.RoutingId, out var routed) ? routed : answers[m.RoutingId] = Route(m, dice, now)];
            case ReserveStock m:
                return [answers.TryGetValue(m.ReservationId, out var reserved) ? reserved : answers[m.ReservationId] = Reserve(m, dice, now)];
            case ReleaseStock m:
                Release(m);
                return [];
            case QueueBackorder m when !unqueued.Contains(m.BackorderId):
                unqueued.Add(m.BackorderId);
                queue.Add(m.BackorderId, m);
                return [];
            case CancelBackorder m:
                unqueued.Add(m.BackorderId);
                queue.Remove(m.BackorderId);
                return [];
            case CreateFulfillmentOrders m:
                foreach (var it in m.FulfillmentOrders)
                    work.TryAdd(it.FulfillmentOrderId, new(m.OrderId, m.ReservationId, it.LocationId, it.Lines.ToImmutableDictionary(line => line.Line)));
                return [];
            case CancelFulfillmentOrders m:
                return [.. m.FulfillmentOrderIds.Select(id => Stop(m, id, now))];
            default:
                return [];
        }
    }

    /// <summary>A location sends a parcel with some or all of what it has.</summary>
    public IReadOnlyList<object> Ship(Dice dice)
    {
        if (Busy() is not { Count: > 0 } busy)
            return [];
        var (id, it) = dice.One(busy);
        LineQuantity[] lines = [.. it.Left.Values.Select(line => line with { Quantity = dice.OneOf(line.Quantity, dice.Number(line.Quantity) + 1) })];
        if (lines.Length > 1 && dice.OneOf(false, true))
            lines = lines[..1];
        var left = Less(it.Left, lines);
        work[id] = it with { Left = left };
        foreach (var line in lines)
            Take(it.Reservation, line.Line, it.Location, line.Quantity);
        var parcel = new ShipmentDispatched(
            NewId(), id, it.Order, it.Location, it.Reservation, lines, "ups", "ground", "1Z", "SSCC", left.IsEmpty, Given.Noon);
        traveling.Add(parcel.ShipmentId, parcel);
        return [parcel];
    }

    public IReadOnlyList<object> Arrive(Dice dice)
    {
        if (traveling.Count == 0)
            return [];
        var parcel = dice.One(traveling.Values.ToList());
        traveling.Remove(parcel.ShipmentId);
        return [new ShipmentDelivered(parcel.ShipmentId, parcel.FulfillmentOrderId, parcel.OrderId, parcel.Lines, Given.Noon)];
    }

    public IReadOnlyList<object> Reject(Dice dice)
    {
        if (Busy() is not { Count: > 0 } busy)
            return [];
        var (id, it) = dice.One(busy);
        work[id] = it with { Left = ImmutableDictionary<int, LineQuantity>.Empty };
        return [new Contracts.Shipping.V1.FulfillmentOrderRejected(id, it.Order, it.Location, it.Reservation, [.. it.Left.Values], "cannot_find_it", Given.Noon)];
    }

    public IReadOnlyList<object> StockArrives(Dice dice)
    {
        if (queue.Count == 0)
            return [];
        var waiting = dice.One(queue.Values.ToList());
        var ready = dice.One(waiting.Lines);
        var left = waiting.Lines.Where(line => line != ready).ToList();
        queue.Remove(waiting.BackorderId);
        if (left.Count > 0)
            queue.Add(waiting.BackorderId, waiting with { Lines = left });
        return [new Contracts.Inventory.V1.BackorderReady(waiting.BackorderId, waiting.OrderId, [ready], Given.Noon)];
    }

    /// <summary>Some of what is delivered comes back; now and then more than that is claimed.</summary>
    public IReadOnlyList<object> Return(Order order, Dice dice)
    {
        var line = dice.One(order.Lines);
        return [new RefundReturn(NewId(), order.Id, [new(line.Line, line.Sku, dice.Number(line.Quantity) + 1)], "too small", Given.Noon)];
    }

    public void CheckTheEnd(Order order)
    {
        held.Where(it => it.Value != 0).ShouldBeEmpty("Stock is reserved for nobody.");
        Busy().ShouldBeEmpty("A location still works on it.");
        queue.ShouldBeEmpty("It still waits in the queue.");
        order.Lines.Sum(line => line.Shipped).ShouldBe(order.Parcels.SelectMany(it => it.Lines).Sum(line => line.Quantity));
    }

    private List<(Guid Id, Work Work)> Busy() => [.. work.Where(it => !it.Value.Left.IsEmpty).Select(it => (it.Key, it.Value))];

    private static object Route(RouteOrder m, Dice dice, DateTimeOffset now)
    {
        string[] locations = [.. new[] { "a", "b", "c" }.Except(m.ExcludedLocations).DefaultIfEmpty("last-resort")];
        if (dice.OneOf(false, false, false, true))
            return new Contracts.Routing.V1.OrderUnroutable(m.RoutingId, m.OrderId, "no_stock", m.Lines, now);
        List<LineQuantity> unfillable = [];
        List<(string Location, LineQuantity Line)> placed = [];
        foreach (var line in m.Lines)
        {
            var here = line.Quantity - (placed.Count + unfillable.Count == 0 ? 0 : dice.Number(line.Quantity + 1));
            if (here > 0)
                placed.Add((dice.One(locations), line with { Quantity = here }));
            if (here < line.Quantity && dice.OneOf(true, false))
                placed.Add((dice.One(locations), line with { Quantity = line.Quantity - here }));
            else if (here < line.Quantity)
                unfillable.Add(line with { Quantity = line.Quantity - here });
        }
        return new Contracts.Routing.V1.OrderRouted(
            m.RoutingId, m.OrderId,
            [.. placed.GroupBy(it => it.Location).Select(group => new RoutedAssignment(group.Key,
                [.. group.GroupBy(it => it.Line.Line).Select(lines => lines.First().Line with { Quantity = lines.Sum(it => it.Line.Quantity) })], now.AddDays(1)))],
            unfillable, now);
    }

    private object Reserve(ReserveStock m, Dice dice, DateTimeOffset now)
    {
        if (forestalled.Contains(m.ReservationId) || dice.OneOf(false, false, true))
            return new Contracts.Inventory.V1.StockReservationRejected(
                m.ReservationId, m.OrderId, "insufficient_stock", [new Shortage(m.Lines[0].Sku, m.Lines[0].LocationId, m.Lines[0].Quantity, 0)], now);
        foreach (var line in m.Lines)
            held.Add((m.ReservationId, line.Line, line.LocationId), line.Quantity);
        return new Contracts.Inventory.V1.StockReserved(m.ReservationId, m.OrderId, m.Lines, now);
    }

    private void Release(ReleaseStock m)
    {
        if (!released.Add(m.ReleaseId))
            return;
        if (!answers.ContainsKey(m.ReservationId))
            forestalled.Add(m.ReservationId);
        else if (m.Lines is null)
            foreach (var key in held.Keys.Where(key => key.Reservation == m.ReservationId).ToList())
                held[key] = 0;
        else
            foreach (var line in m.Lines)
                Take(m.ReservationId, line.Line, line.LocationId, line.Quantity);
    }

    private void Take(Guid reservation, int line, string location, int quantity)
    {
        var left = held[(reservation, line, location)] - quantity;
        left.ShouldBeGreaterThanOrEqualTo(0, "Nobody takes more than is reserved.");
        held[(reservation, line, location)] = left;
    }

    private object Stop(CancelFulfillmentOrders m, Guid id, DateTimeOffset now)
    {
        if (!work.TryGetValue(id, out var it) || it.Left.IsEmpty)
            return answers.TryGetValue(id, out var before) ? before : new FulfillmentOrderCancellationRejected(id, m.OrderId, "nothing_left", now);
        work[id] = it with { Left = ImmutableDictionary<int, LineQuantity>.Empty };
        return answers[id] = new Contracts.Shipping.V1.FulfillmentOrderCanceled(id, m.OrderId, it.Location, it.Reservation, [.. it.Left.Values], now);
    }

    private static ImmutableDictionary<int, LineQuantity> Less(ImmutableDictionary<int, LineQuantity> left, LineQuantity[] gone)
    {
        foreach (var line in gone)
            left = left[line.Line].Quantity == line.Quantity
                ? left.Remove(line.Line)
                : left.SetItem(line.Line, line with { Quantity = left[line.Line].Quantity - line.Quantity });
        return left;
    }
}

/// <summary>A payment gateway that sometimes says no, and sometimes nothing. Money moves once per transaction.</summary>
internal sealed class Gateway
{
    private readonly Dictionary<Guid, PaymentResult> answers = [];

    public decimal Captured { get; private set; }

    public decimal Refunded { get; private set; }

    public PaymentResult? Authorize(AuthorizePayment m, Dice dice) => Once(m.TransactionId, dice.Number(12) < 11, dice, () => { });

    public PaymentResult? Capture(CapturePayment m, Dice dice) => Once(m.TransactionId, dice.OneOf(true, true, false), dice, () => Captured += m.Amount);

    public PaymentResult Refund(RefundPayment m, Dice dice) =>
        Once(m.TransactionId, dice.OneOf(true, true, false), Dice.Kind, () => Refunded += m.Amount)!;

    private PaymentResult? Once(Guid transaction, bool yes, Dice dice, Action move)
    {
        if (!answers.TryGetValue(transaction, out var answer))
        {
            answers[transaction] = answer = yes ? PaymentResult.Done($"ref_{transaction:N}") : PaymentResult.Declined("card_declined");
            if (yes)
                move();
        }
        return dice.OneOf(true, true, false) ? answer : null;
    }
}
