using System.Collections.Immutable;
using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using Oms.Orders.Domain;
using Told = Oms.ServiceDefaults.Story<Oms.Orders.Domain.Order, Oms.Orders.Domain.IOrderEvent>;

namespace Oms.Orders.Fulfillment;

/// <summary>
/// What the process does: each verb remembers one thing or asks for one thing, by appending it to the order's story. Said twice, a verb that
/// remembers changes nothing, and one that asks asks under the same id.
/// </summary>
public static partial class FulfillmentVerbs
{
    private static readonly TimeSpan AnswerAwaited = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PaymentAwaited = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PeopleAwaited = TimeSpan.FromDays(30);
    private static readonly TimeSpan StockLookedAfterAtFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StockLookedAfterAtMost = TimeSpan.FromHours(6);
    private static readonly TimeSpan ShipmentAwaited = TimeSpan.FromDays(1);
    private static readonly TimeSpan DeliveryAwaited = TimeSpan.FromDays(7);
    private static readonly TimeSpan CaptureAwaited = TimeSpan.FromMinutes(15);

    public static EventActivityBinder<FulfillmentState, T> Do<T>(
        this EventActivityBinder<FulfillmentState, T> on, Action<FulfillmentState, Told> verb) where T : class =>
        on.Then(x => verb(x.Saga, x.Story()));

    public static EventActivityBinder<FulfillmentState, T> Do<T>(
        this EventActivityBinder<FulfillmentState, T> on, Action<FulfillmentState, Told, T> verb) where T : class =>
        on.Then(x => verb(x.Saga, x.Story(), x.Message));

    // Waiting. Who begins to wait says until when.

    public static void WaitForPeople(FulfillmentState saga, Told story) => saga.WaitsUntil(story.Now + PeopleAwaited);

    /// <summary>
    /// Soon at first, because Routing may not have heard yet of stock that is there; then twice as long each time, because arrivals are told.
    /// </summary>
    public static void WaitForStock(FulfillmentState saga, Told story)
    {
        var doubled = StockLookedAfterAtFirst * Math.Pow(2, Math.Min(saga.BackorderAttempt, 20) - 1);
        saga.WaitsUntil(story.Now + (doubled < StockLookedAfterAtMost ? doubled : StockLookedAfterAtMost));
    }

    public static void WaitForLocations(FulfillmentState saga, Told story) => saga.WaitsUntil(story.Now + ShipmentAwaited);

    public static void WaitForCancellation(FulfillmentState saga, Told story) => saga.WaitsUntil(story.Now + AnswerAwaited);

    public static void WaitForDelivery(FulfillmentState saga, Told story) =>
        saga.WaitsUntil(story.Now + (story.State.Payment.IsCaptured ? DeliveryAwaited : CaptureAwaited));

    public static void NoteOverdue(FulfillmentState saga, Told story) =>
        story.Append(new OrderOverdue(story.State.Id, saga.CurrentState, saga.DueAt ?? story.Now, story.Now));

    // Payment.

    public static void AskForAuthorization(FulfillmentState saga, Told story)
    {
        var order = story.State;
        saga.Reminders = order.Payment.AuthorizationId is null ? 0 : saga.Reminders + 1;
        saga.WaitsUntil(story.Now + PaymentAwaited);
        story.Append(FulfillmentBeginning.Authorization(order, story.Now));
    }

    public static void HoldForUnknownPayment(FulfillmentState saga, Told story)
    {
        saga.Reminders = 0;
        WaitForPeople(saga, story);
        story.Append(new OrderHeld(story.State.Id, "payment_unknown", "The payment gateway has not answered.", story.Now));
    }

    public static void GiveUpForPayment(FulfillmentState saga, Told story)
    {
        CancelWhatIsOpen(saga, story);
        saga.WaitsForNothing();
        story.Append(new OrderCanceled(story.State.Id, story.State.CustomerId, "payment_declined", story.Now));
    }

    /// <summary>Gives back what was authorized and will not be captured. Only when no capture is on its way: it would find nothing left.</summary>
    public static void VoidPayment(FulfillmentState saga, Told story)
    {
        var payment = story.State.Payment;
        if (payment is { Reference: { } reference, IsVoidRequested: false } && payment.Captured < payment.Authorized)
            story.Append(new PaymentVoidRequested(story.State.Id, Ids.Derive("void", $"{story.State.Id:N}"), reference, story.Now));
    }

    /// <summary>Asks for what the shipped pieces were sold for, and with the first parcel for the charge of shipping.</summary>
    private static void AskForCapture(Told story, Order before, OrderShipped parcel)
    {
        var shipping = before.Payment.Captures.IsEmpty ? before.Shipping : 0;
        var amount = parcel.Lines.GroupBy(piece => piece.Line).Aggregate(new Money(shipping, before.Currency),
            (sum, pieces) => sum + before.Line(pieces.Key).ValueOf(before.Line(pieces.Key).Shipped, pieces.Sum(piece => piece.Quantity), before.Currency));
        story.Append(new PaymentCaptureRequested(
            before.Id, Ids.Derive("capture", $"{parcel.ShipmentId:N}"), parcel.ShipmentId, before.Payment.Reference!, amount.Amount, before.Currency,
            shipping > 0, story.Now));
    }

    /// <summary>
    /// What the gateway has not answered is asked under the same id. What it has declined is tried again as a new transaction, because it
    /// remembers its answer.
    /// </summary>
    public static void AskAgainForCaptures(FulfillmentState saga, Told story)
    {
        saga.Reminders++;
        foreach (var capture in story.State.Payment.Captures.Where(capture => capture.Status != TransactionStatus.Succeeded))
            story.Append(new PaymentCaptureRequested(
                story.State.Id,
                capture.Status == TransactionStatus.Pending
                    ? capture.TransactionId
                    : Ids.Derive("capture", $"{capture.ShipmentId:N}", $"{saga.Reminders}"),
                capture.ShipmentId, story.State.Payment.Reference!, capture.Amount, story.State.Currency, IncludesShipping: false, story.Now));
    }

    // Routing and stock.

    public static void AskForRoute(FulfillmentState saga, Told story)
    {
        saga.RoutingAttempt++;
        saga.RoutingId = Ids.Derive("routing", $"{saga.CorrelationId:N}", $"{saga.RoutingAttempt}");
        AskForRouteAgain(saga, story);
    }

    public static void AskForRouteAgain(FulfillmentState saga, Told story)
    {
        var order = story.State;
        saga.WaitsUntil(story.Now + AnswerAwaited);
        story.Append(new RoutingRequested(
            order.Id, saga.RoutingId, saga.RoutingAttempt, order.OpenPieces(), order.ShipTo, order.ServiceLevel, order.ShipComplete,
            saga.ExcludedLocations, saga.Shortages, story.Now));
    }

    public static void RememberRoute(FulfillmentState saga, Told story, Contracts.Routing.V1.OrderRouted routed)
    {
        saga.Plan = [.. routed.Assignments.Select(to => new Assignment(to.LocationId, to.Lines.AsPieces(), to.ShipBy))];
        story.Append(new Domain.OrderRouted(story.State.Id, routed.RoutingId, saga.Plan, routed.Unfillable.AsPieces(), routed.RoutedAt));
        Queue(saga, story, routed.Unfillable.AsPieces());
    }

    public static void RememberNoRoute(FulfillmentState saga, Told story, Contracts.Routing.V1.OrderUnroutable unroutable) => story.Append(
        new Domain.OrderUnroutable(story.State.Id, unroutable.RoutingId, unroutable.Reason, unroutable.Unfillable.AsPieces(), unroutable.DecidedAt));

    public static void AskForStock(FulfillmentState saga, Told story)
    {
        saga.ReservationId = Ids.Derive("reservation", $"{saga.RoutingId:N}");
        AskForStockAgain(saga, story);
    }

    public static void AskForStockAgain(FulfillmentState saga, Told story)
    {
        saga.WaitsUntil(story.Now + AnswerAwaited);
        story.Append(new StockReservationRequested(story.State.Id, saga.ReservationId,
            [.. saga.Plan.SelectMany(to => to.Lines.Select(piece => new PiecesAt(piece.Line, piece.Sku, to.LocationId, piece.Quantity)))], story.Now));
    }

    public static void RememberShortages(FulfillmentState saga, Told story, Contracts.Inventory.V1.StockReservationRejected rejected)
    {
        ImmutableArray<Domain.Shortage> shortages = [.. rejected.Shortages.Select(it => new Domain.Shortage(it.Sku, it.LocationId, it.Available))];
        saga.RejectionsInARow++;
        saga.Shortages = [.. saga.Shortages.Where(old => !shortages.Any(it => it.Sku == old.Sku && it.LocationId == old.LocationId)), .. shortages];
        saga.Plan = [];
        story.Append(new Domain.StockReservationRejected(story.State.Id, rejected.ReservationId, rejected.Reason, shortages, rejected.RejectedAt));
    }

    public static void AskToReleaseReservation(FulfillmentState saga, Told story)
    {
        saga.Plan = [];
        story.Append(new StockReleaseRequested(story.State.Id, saga.ReservationId, saga.ReservationId, [], "order_stopped", story.Now));
    }

    // Backorders.

    public static void QueueBackorder(FulfillmentState saga, Told story) => Queue(saga, story, story.State.OpenPieces());

    public static void TakeFromQueue(FulfillmentState saga, Told story, Contracts.Inventory.V1.BackorderReady ready)
    {
        if (story.State.Backorders.FirstOrDefault(it => it.Id == ready.BackorderId) is not { } waiting)
            return;
        ImmutableArray<Pieces> pieces = [.. ready.Lines.AsPieces().Where(piece =>
            waiting.Lines.Any(line => line.Line == piece.Line && line.Quantity >= piece.Quantity))];
        if (pieces.IsEmpty)
            return;
        // New stock has come: what was short may be short no more.
        (saga.Shortages, saga.RejectionsInARow) = ([], 0);
        story.Append(new Domain.BackorderReady(story.State.Id, ready.BackorderId, pieces, ready.ReadyAt));
    }

    public static void TakeAllFromQueue(FulfillmentState saga, Told story)
    {
        (saga.Shortages, saga.RejectionsInARow) = ([], 0);
        foreach (var waiting in story.State.Backorders)
            story.Append(new BackorderCancellationRequested(story.State.Id, waiting.Id, waiting.Lines, story.Now));
    }

    private static void Queue(FulfillmentState saga, Told story, ImmutableArray<Pieces> pieces)
    {
        if (pieces.IsEmpty)
            return;
        saga.BackorderAttempt++;
        var backorderId = Ids.Derive("backorder", $"{saga.CorrelationId:N}", $"{saga.BackorderAttempt}");
        story.Append(new OrderBackordered(story.State.Id, pieces, story.Now));
        story.Append(new BackorderRequested(story.State.Id, backorderId, saga.BackorderAttempt, pieces, story.State.PlacedAt, story.Now));
    }

    private static void WaitsUntil(this FulfillmentState saga, DateTimeOffset due) => saga.DueAt = due;

    private static void WaitsForNothing(this FulfillmentState saga) => saga.DueAt = null;

    private static ImmutableArray<Pieces> OpenPieces(this Order order) =>
        [.. order.Lines.Where(line => line.Open > 0).Select(line => new Pieces(line.Line, line.Sku, line.Open))];

    private static ImmutableArray<Pieces> AsPieces(this IEnumerable<Contracts.LineQuantity> lines) =>
        [.. lines.Select(line => new Pieces(line.Line, line.Sku, line.Quantity))];
}
