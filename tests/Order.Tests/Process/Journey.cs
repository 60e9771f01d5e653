using System.Net.Http.Json;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Process;

/// <summary>One order on its way through the real service, as the other services and people see it.</summary>
internal sealed class Journey
{
    private readonly OrderFixture service;
    private readonly bool twice;
    private readonly HashSet<object> taken = new(ReferenceEqualityComparer.Instance);

    private Journey(OrderFixture service, Guid id, bool twice) => (this.service, Id, this.twice) = (service, id, twice);

    public Guid Id { get; }

    public Task<Order> Order => service.Order(Id);

    /// <summary>
    /// Takes an order down this path, and at the same time another one for which every message comes twice. Both end with the same facts, nothing that is
    /// said again afterwards adds any, and everything adds up.
    /// </summary>
    public static async Task Both(OrderFixture service, Func<Journey, Task> path, string? token = null, object[]? lines = null, decimal shipping = 5m)
    {
        var facts = await Task.WhenAll(Take(service, path, false, token, lines, shipping), Take(service, path, true, token, lines, shipping));
        facts[1].ShouldBe(facts[0]);
    }

    /// <summary>An order that is placed already.</summary>
    public static Journey Of(OrderFixture service, Guid id) => new(service, id, twice: false);

    /// <summary>The same, one after the other: for paths that move the clock.</summary>
    public static async Task OneByOne(OrderFixture service, Func<Journey, Task> path, string? token = null, object[]? lines = null)
    {
        var once = await Take(service, path, false, token, lines, 5m);
        (await Take(service, path, true, token, lines, 5m)).ShouldBe(once);
    }

    private static async Task<string> Take(OrderFixture service, Func<Journey, Task> path, bool twice, string? token, object[]? lines, decimal shipping)
    {
        var number = $"J-{Guid.CreateVersion7():N}";
        var id = Features.PlaceOrderSlice.OrderId("web", number);
        if (twice)
            service.Echoes.For(id);
        (await Answer(await service.Post(Body(number, token: token, lines: lines, shipping: shipping)), 201)).GetProperty("id").GetGuid().ShouldBe(id);
        var journey = new Journey(service, id, twice);
        await path(journey);
        return await journey.End();
    }

    /// <summary>The first message of this kind to or about the order that was not looked at yet.</summary>
    public async Task<T> Hear<T>(Func<T, bool>? matches = null) where T : class
    {
        var heard = await service.Messages.Hear<T>(message => Echoes.OrderOf(message) == Id && !taken.Contains(message) && matches?.Invoke(message) != false);
        taken.Add(heard);
        return heard;
    }

    public Task Tell(object message) => twice
        ? Task.WhenAll(service.Echoes.Deliver(message), service.Echoes.Deliver(message))
        : service.Echoes.Deliver(message);

    /// <summary>What another service would refuse to say: the process must not act on it.</summary>
    public async Task TellInVain(object message)
    {
        var before = (await service.Facts(Id)).Count;
        await Tell(message);
        (await service.Facts(Id)).Count.ShouldBe(before, message.ToString());
    }

    public Task Reaches(string state) => OrderFixture.Until(async () => (await service.Process(Id)).CurrentState == state,
        async () => $"It is in {(await service.Process(Id)).CurrentState} and not in {state} after {string.Join(", ", (await service.Facts(Id)).Select(it => it.GetType().Name))}.");

    public Task Notes<TFact>(int count = 1) where TFact : IOrderEvent => OrderFixture.Until(
        async () => (await service.Facts(Id)).OfType<TFact>().Count() >= count, () => Task.FromResult($"There are no {count} {typeof(TFact).Name}."));

    public async Task<IReadOnlyList<TFact>> Facts<TFact>() where TFact : IOrderEvent => [.. (await service.Facts(Id)).OfType<TFact>()];

    /// <summary>Moves the service's clock over the deadline that the order waits for.</summary>
    public async Task MissesItsDeadline()
    {
        await service.Echoes.Fade(Id);
        var process = await service.Process(Id);
        var due = process.DueAt.ShouldNotBeNull($"{process.CurrentState} waits without a deadline.");
        var reminders = Reminders();
        if (due > service.Clock.GetUtcNow())
            service.Clock.Advance(due - service.Clock.GetUtcNow());
        // Just until the sweeper has looked, so that no other deadline passes meanwhile.
        await OrderFixture.Until(() =>
        {
            if (Reminders() == reminders)
                service.Clock.Advance(TimeSpan.FromMilliseconds(300));
            return Task.FromResult(Reminders() > reminders);
        }, () => Task.FromResult($"Nobody has noticed that {process.CurrentState} is overdue."));
        await OrderFixture.Until(async () => (await service.Process(Id)).DueAt != due, () => Task.FromResult($"{process.CurrentState} does not act on its deadline."));
        await service.Echoes.Fade(Id);
    }

    private int Reminders() => service.Messages.Published<DeadlinePassed>().Count(reminder => reminder.ProcessId == Id);

    // People.

    public async Task Cancel(int status = 202) =>
        await Answer(await service.Http.PostAsJsonAsync($"/v1/orders/{Id}/cancellation", new { reason = "changed my mind" }), status);

    public async Task Hold(string reason = "review") => await Answer(await service.Http.PostAsJsonAsync($"/v1/orders/{Id}/holds", new { reason }), 200);

    public async Task Release(string reason = "review") => await Answer(await service.Http.DeleteAsync($"/v1/orders/{Id}/holds/{reason}"), 200);

    // Routing.

    public async Task<RouteOrder> IsRouted(params (string Location, int Line, int Quantity)[] places)
    {
        var asked = await Hear<RouteOrder>();
        var unfillable = asked.Lines.Select(line => line with { Quantity = line.Quantity - places.Where(it => it.Line == line.Line).Sum(it => it.Quantity) });
        await Tell(new Contracts.Routing.V1.OrderRouted(asked.RoutingId, Id,
            [.. places.GroupBy(it => it.Location).Select(group => new RoutedAssignment(
                group.Key, [.. group.Select(it => new LineQuantity(it.Line, Sku(it.Line), it.Quantity))], asked.RequestedAt.AddDays(1)))],
            [.. unfillable.Where(line => line.Quantity > 0)], Given.Noon));
        return asked;
    }

    /// <summary>Everything ships from one place.</summary>
    public Task<RouteOrder> IsRouted() => IsRouted(("chicago", 1, 3), ("chicago", 2, 2));

    public async Task<RouteOrder> IsUnroutable()
    {
        var asked = await Hear<RouteOrder>();
        await Tell(new Contracts.Routing.V1.OrderUnroutable(asked.RoutingId, Id, "no_stock", asked.Lines, Given.Noon));
        return asked;
    }

    // Inventory.

    public async Task<ReserveStock> IsReserved()
    {
        var asked = await Hear<ReserveStock>();
        await Tell(new Contracts.Inventory.V1.StockReserved(asked.ReservationId, Id, asked.Lines, Given.Noon));
        return asked;
    }

    public async Task<ReserveStock> IsNotReserved(int available = 0)
    {
        var asked = await Hear<ReserveStock>();
        await Tell(new Contracts.Inventory.V1.StockReservationRejected(asked.ReservationId, Id, "insufficient_stock",
            [.. asked.Lines.Select(line => new StockShortage(line.Sku, line.LocationId, line.Quantity, available))], Given.Noon));
        return asked;
    }

    public async Task<QueueBackorder> StockArrives(QueueBackorder? queued = null)
    {
        queued ??= await Hear<QueueBackorder>();
        await Tell(new Contracts.Inventory.V1.BackorderReady(queued.BackorderId, Id, queued.Lines, Given.Noon));
        return queued;
    }

    // Shipping.

    public async Task<CreateFulfillmentOrders> IsAskedToShip() => await Hear<CreateFulfillmentOrders>();

    public ShipmentDispatched Parcel(CreateFulfillmentOrders asked, string location, params (int Line, int Quantity)[] lines)
    {
        var order = asked.FulfillmentOrders.Single(it => it.LocationId == location);
        IReadOnlyList<LineQuantity> pieces = lines.Length == 0 ? order.Lines : [.. lines.Select(line => new LineQuantity(line.Line, Sku(line.Line), line.Quantity))];
        return new(Guid.CreateVersion7(), order.FulfillmentOrderId, Id, location, asked.ReservationId, pieces, "ups", "ground", "1Z999", "SSCC", lines.Length == 0, Given.Noon);
    }

    public async Task<ShipmentDispatched> Ships(CreateFulfillmentOrders asked, string location, params (int Line, int Quantity)[] lines)
    {
        var parcel = Parcel(asked, location, lines);
        await Tell(parcel);
        return parcel;
    }

    public Task Arrives(ShipmentDispatched parcel) =>
        Tell(new ShipmentDelivered(parcel.ShipmentId, parcel.FulfillmentOrderId, Id, parcel.Lines, Given.Noon));

    public Task Rejects(CreateFulfillmentOrders asked, string location, params (int Line, int Quantity)[] lines)
    {
        var order = asked.FulfillmentOrders.Single(it => it.LocationId == location);
        return Tell(new Contracts.Shipping.V1.FulfillmentOrderRejected(order.FulfillmentOrderId, Id, location, asked.ReservationId,
            lines.Length == 0 ? order.Lines : [.. lines.Select(line => new LineQuantity(line.Line, Sku(line.Line), line.Quantity))], "cannot_find_it", Given.Noon));
    }

    /// <summary>A location gives back what it was asked to stop.</summary>
    public Task Stops(CreateFulfillmentOrders asked, string location, params (int Line, int Quantity)[] lines)
    {
        var order = asked.FulfillmentOrders.Single(it => it.LocationId == location);
        return Tell(new Contracts.Shipping.V1.FulfillmentOrderCanceled(order.FulfillmentOrderId, Id, location, asked.ReservationId,
            lines.Length == 0 ? order.Lines : [.. lines.Select(line => new LineQuantity(line.Line, Sku(line.Line), line.Quantity))], Given.Noon));
    }

    /// <summary>From paid to the door, all of it from Chicago.</summary>
    public async Task GoesThrough()
    {
        await IsRouted();
        await IsReserved();
        await GoesToTheDoor();
    }

    public async Task GoesToTheDoor()
    {
        var asked = await IsAskedToShip();
        foreach (var order in asked.FulfillmentOrders)
            await Arrives(await Ships(asked, order.LocationId));
        await Reaches("Completed");
    }

    private async Task<string> End()
    {
        (await service.Process(Id)).CurrentState.ShouldBeOneOf("Completed", "Canceled");
        await service.PaymentsAreDone(Id);
        await service.Echoes.Fade(Id);
        var facts = await service.Facts(Id);
        await service.Echoes.SayAllAgain(Id);
        (await service.Facts(Id)).Count.ShouldBe(facts.Count, "What was said again is news to it.");
        (await service.Process(Id)).DueAt.ShouldBeNull();
        await service.AddsUp(Id);
        return string.Join('\n', facts.Select(it => Oms.ServiceDefaults.Facts.StoredName(it.GetType())).Order(StringComparer.Ordinal));
    }

    private static string Sku(int line) => line == 1 ? "MUG" : "PLATE";
}
