using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Orders.Tests.Simulation;
using Oms.ServiceDefaults;
using static Oms.Orders.Tests.Process.Journey;

namespace Oms.Orders.Tests.Process;

/// <summary>Somebody does not answer, and the clock goes on.</summary>
public sealed class DeadlinePaths(OrderFixture service) : IClassFixture<OrderFixture>
{
    [Fact]
    public Task a_payment_gateway_that_never_answers_is_for_people() => OneByOne(service, async it =>
    {
        for (var reminder = 0; reminder <= FulfillmentConditions.RemindersMax; reminder++)
            await it.MissesItsDeadline();
        await it.Reaches("Held");
        (await it.Order).Holds.Single().Reason.ShouldBe("payment_unknown");
        await it.Release("payment_unknown");
        await it.Reaches("Authorizing");
        // They find out that it was declined after all, or cancel it: here nobody ever knows.
        await it.Cancel();
        await it.Reaches("Canceling");
        while ((await service.Process(it.Id)).CurrentState == "Canceling")
            await it.MissesItsDeadline();
        (await it.Order).ShouldSatisfyAllConditions(order => order.Status.ShouldBe(OrderStatus.Canceled), order => order.Payment.IsVoidRequested.ShouldBeFalse());
    }, token: "tok_timeout");

    [Fact]
    public Task a_hold_that_nobody_releases_expires() => OneByOne(service, async it =>
    {
        await it.MissesItsDeadline();
        await it.Reaches("Canceled");
        (await it.Order).CancellationReason.ShouldBe("hold_expired");
        (await it.Facts<OrderHeld>()).Count.ShouldBe(1);
    }, lines: [new { sku = "MUG", quantity = 3, unitPrice = 20_000 }]);

    [Fact]
    public Task questions_are_asked_again_under_the_same_id() => OneByOne(service, async it =>
    {
        await it.Reaches("Routing");
        await it.MissesItsDeadline();
        (await it.Facts<RoutingRequested>()).Select(asked => asked.RoutingId).Distinct().Count().ShouldBe(1);
        await it.IsRouted();
        await it.Reaches("Reserving");
        await it.MissesItsDeadline();
        (await it.Facts<StockReservationRequested>()).Select(asked => asked.ReservationId).Distinct().Count().ShouldBe(1);
        await it.IsReserved();
        var asked = await it.IsAskedToShip();
        await it.MissesItsDeadline();
        (await it.Facts<OrderOverdue>()).Single().WaitingFor.ShouldBe("Fulfilling");
        await it.Cancel();
        await it.Reaches("Canceling");
        await it.MissesItsDeadline();
        (await it.Facts<FulfillmentCancellationRequested>()).Count.ShouldBe(2);
        await it.Stops(asked, "chicago");
        await it.Reaches("Canceled");
    });

    [Fact]
    public Task a_declined_capture_is_tried_again_as_a_new_transaction() => OneByOne(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var parcel = await it.Ships(await it.IsAskedToShip(), "chicago");
        await it.Notes<PaymentCaptureFailed>();
        await it.Arrives(parcel);
        await it.Reaches("Delivering");
        await it.MissesItsDeadline();
        await it.Reaches("Completed");
        (await it.Facts<PaymentCaptureRequested>()).Select(asked => asked.TransactionId).Distinct().Count().ShouldBe(2);
        (await it.Order).Payment.Captured.ShouldBe(33m);
    }, token: "tok_capture_declined");

    /// <summary>The money came in time; only the parcel is late.</summary>
    [Fact]
    public Task a_captured_order_is_overdue_a_week_later_and_not_before() => OneByOne(service, async it =>
    {
        await it.IsRouted();
        await it.IsReserved();
        var parcel = await it.Ships(await it.IsAskedToShip(), "chicago");
        await it.Reaches("Delivering");
        await it.Notes<PaymentCaptured>();
        var due = TimeSpan.Zero;
        await OrderFixture.Until(async () => (due = (await service.Process(it.Id)).DueAt!.Value - service.Clock.GetUtcNow()) > TimeSpan.FromDays(6),
            () => Task.FromResult($"It waits for {due}."));
        await it.MissesItsDeadline();
        (await it.Facts<OrderOverdue>()).Single().WaitingFor.ShouldBe("Delivering");
        await it.Arrives(parcel);
        await it.Reaches("Completed");
    });

    [Fact]
    public Task stock_is_looked_for_again_and_again() => OneByOne(service, async it =>
    {
        await it.IsUnroutable();
        await it.Reaches("Backordered");
        await it.MissesItsDeadline();
        (await it.IsUnroutable()).Attempt.ShouldBe(2);
        await it.Reaches("Backordered");
        await it.MissesItsDeadline();
        await it.IsRouted();
        await it.IsReserved();
        await it.GoesToTheDoor();
        (await it.Facts<BackorderRequested>()).Select(asked => asked.Attempt).ShouldBe([1, 2]);
    });
}

/// <summary>What takes weeks, on the machine alone.</summary>
public sealed class PatienceTests
{
    [Fact]
    public void backorders_are_looked_for_soon_and_then_ever_more_seldom_for_thirty_days()
    {
        var order = Kernel.Fold.All<Order, IOrderEvent>(PlaceOrderSlice.Decide(Given.Place, null, new()).Append(Given.ItWasPaid))!;
        var process = FulfillmentBeginning.Of(order, Given.Noon);
        var now = Given.Noon;
        void Hear(object message) => order = Machine.Consume(process, order, now, message).State;

        Hear(new Contracts.Orders.V1.PaymentAuthorized(Given.Authorization, order.Id, Given.Reference, 33m, "USD", now));
        List<TimeSpan> pauses = [];
        while (process.CurrentState != "Canceled")
        {
            process.CurrentState.ShouldBe("Routing");
            Hear(new Contracts.Routing.V1.OrderUnroutable(process.RoutingId, order.Id, "no_stock", [], now));
            process.CurrentState.ShouldBe("Backordered");
            pauses.Add(process.DueAt!.Value - now);
            now = process.DueAt!.Value;
            Hear(new DeadlinePassed(order.Id, now));
        }
        pauses.Count.ShouldBe(FulfillmentConditions.BackorderAttemptsMax);
        pauses[0].ShouldBe(TimeSpan.FromSeconds(2));
        pauses.ShouldBe(pauses.Order());
        pauses[^1].ShouldBe(TimeSpan.FromHours(6));
        (now - Given.Noon).ShouldBeInRange(TimeSpan.FromDays(29.5), TimeSpan.FromDays(30));
        (order.CancellationReason, order.Payment.IsVoidRequested).ShouldBe(("backorder_expired", true));
    }

    /// <summary>The money of a parcel that has left does not wait for the pieces that have not.</summary>
    [Theory]
    [InlineData("Backordered")]
    [InlineData("Fulfilling")]
    public void a_capture_that_was_not_answered_is_asked_for_again_while_the_rest_of_the_order_waits(string state)
    {
        var order = Kernel.Fold.All<Order, IOrderEvent>(Given.HalfShipped)!;
        var process = new FulfillmentState { CorrelationId = order.Id, CurrentState = state, BackorderAttempt = 1, DueAt = Given.Noon };
        Machine.Consume(process, order, Given.Noon, new DeadlinePassed(order.Id, Given.Noon)).Told.OfType<PaymentCaptureRequested>()
            .Select(asked => (asked.TransactionId, asked.Amount)).ShouldBe([(Given.Capture(Given.Parcel), 15m)]);
    }

    /// <summary>A reminder that was on its way while the process moved on is old news.</summary>
    [Fact]
    public void a_deadline_that_was_moved_has_not_passed()
    {
        var order = Kernel.Fold.All<Order, IOrderEvent>(Given.Paid)!;
        var process = FulfillmentBeginning.Of(order, Given.Noon);
        var due = process.DueAt!.Value;
        var paid = Machine.Consume(process, order, due.AddSeconds(-1), new Contracts.Orders.V1.PaymentAuthorized(Given.Authorization, order.Id, "r", 33m, "USD", due));
        process.DueAt!.Value.ShouldBeGreaterThan(due);
        Machine.Consume(process, paid.State, due, new DeadlinePassed(order.Id, due)).Told.ShouldBeEmpty();
    }
}
