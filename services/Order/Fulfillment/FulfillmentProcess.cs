using MassTransit;
using static Oms.Orders.Fulfillment.FulfillmentConditions;
using static Oms.Orders.Fulfillment.FulfillmentVerbs;

namespace Oms.Orders.Fulfillment;

/// <summary>
/// How an order gets from placed to the door, in the words of the warehouse. It begins in the commit of the placing
/// (<see cref="FulfillmentBeginning"/>). The state tells what happens to the pieces that nobody has been asked to ship yet; parcels, captures and
/// deliveries are welcome in all of them. Only this class branches: verbs remember or ask for one thing, conditions look.
/// </summary>
public sealed partial class FulfillmentProcess : MassTransitStateMachine<FulfillmentState>
{
    public FulfillmentProcess()
    {
        InstanceState(x => x.CurrentState);
        CorrelateEverythingByOrderId();

        During(Held,
            When(OrderReleased, NothingHoldsIt).IfElse(NotYetPaid,
                pay => pay.Do(AskForAuthorization).TransitionTo(Authorizing),
                go => go.Do(AskForRoute).TransitionTo(Routing)),
            When(PaymentDeclined).Do(GiveUpForPayment).TransitionTo(Canceled),
            When(DeadlinePassed, IsDue).Do(CancelForWaitingTooLong).IfElse(SomethingIsBeingFulfilled, StopTheRest, FinishCancellation));

        During(Authorizing,
            When(PaymentAuthorized).IfElse(IsHeld, HoldOn, RouteWhatIsOpen),
            When(PaymentDeclined).Do(GiveUpForPayment).TransitionTo(Canceled),
            When(OrderCancellationRequested).Do(CancelWhatIsOpen).Do(WaitForCancellation).TransitionTo(Canceling),
            When(DeadlinePassed, IsDue).IfElse(RemindersAreLeft,
                again => again.Do(AskForAuthorization),
                people => people.Do(HoldForUnknownPayment).TransitionTo(Held)));

        During(Routing,
            When(OrderRouted, IsTheCurrentRoute).Do(RememberRoute).IfElse(IsHeld, HoldOn, go => go.Do(AskForStock).TransitionTo(Reserving)),
            When(OrderUnroutable, IsTheCurrentDeadEnd).Do(RememberNoRoute).Do(QueueBackorder).IfElse(SomethingIsBeingFulfilled, WaitForTheRest, WaitInQueue),
            When(DeadlinePassed, IsDue).Do(AskForRouteAgain));

        During(Reserving,
            When(StockReserved, IsTheCurrentReservation).IfElse(IsHeld,
                wait => wait.Do(AskToReleaseReservation).Do(WaitForPeople).TransitionTo(Held),
                go => go.Do(AskToFulfill).IfElse(PiecesAreOpen, RouteWhatIsOpen, WaitForTheRest)),
            When(StockReservationRejected, IsTheCurrentRejection).Do(RememberShortages).IfElse(AnotherRouteMayHelp, RouteWhatIsOpen,
                enough => enough.Do(QueueBackorder).IfElse(SomethingIsBeingFulfilled, WaitForTheRest, WaitInQueue)),
            When(OrderCancellationRequested).Do(AskToReleaseReservation).Do(CancelWhatIsOpen)
                .IfElse(SomethingIsBeingFulfilled, StopTheRest, FinishCancellation),
            When(DeadlinePassed, IsDue).Do(AskForStockAgain));

        During(Backordered,
            When(DeadlinePassed, IsDue).IfElse(PatienceIsLeft,
                look => look.Do(AskAgainForCaptures).Do(TakeAllFromQueue).Do(AskForRoute).TransitionTo(Routing),
                enough => enough.Do(CancelForWaitingTooLong).IfElse(SomethingIsBeingFulfilled, StopTheRest, FinishCancellation)));

        During(Fulfilling,
            When(ShipmentDispatched).Do(RememberParcel).IfElse(SomethingIsBeingFulfilled, GoOn, AfterTheLastParcel),
            When(ShipmentDelivered).Do(RememberDelivery).IfElse(SomethingIsBeingFulfilled, GoOn, AfterTheLastParcel),
            When(FulfillmentOrderRejected).Do(TakeBackRejected).IfElse(PiecesAreOpen, RouteUnlessHeld, GoOn),
            When(DeadlinePassed, IsDue).Do(NoteOverdue).Do(AskAgainForCaptures).Do(WaitForLocations));

        // Stock may arrive, and a location may say no, whatever the rest of the order is doing.
        During((State[])[Backordered, Fulfilling], When(BackorderReady).Do(TakeFromQueue).IfElse(PiecesAreOpen, RouteUnlessHeld, GoOn));
        During((State[])[Held, Routing, Reserving],
            When(BackorderReady).Do(TakeFromQueue),                             // they go with the next plan
            When(FulfillmentOrderRejected).Do(TakeBackRejected),
            When(ShipmentDispatched).Do(RememberParcel));
        During((State[])[Held, Routing, Reserving, Backordered], When(ShipmentDelivered).Do(RememberDelivery));

        // Canceled on the way: stop what has not left, give back what was taken, keep what has shipped.
        During((State[])[Held, Routing, Backordered, Fulfilling],
            When(OrderCancellationRequested).Do(CancelWhatIsOpen).IfElse(SomethingIsBeingFulfilled, StopTheRest, FinishCancellation));
        During(Canceling,
            When(PaymentAuthorized).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(PaymentDeclined).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(FulfillmentOrderCanceled).Do(RememberStopped).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(FulfillmentOrderRejected).Do(TakeBackRejected).Do(CancelWhatIsOpen).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(ShipmentDispatched).Do(RememberParcel).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(ShipmentDelivered).Do(RememberDelivery).IfElse(SomethingIsBeingFulfilled, GoOn, FinishCancellation),
            When(DeadlinePassed, IsDue).IfElse(SomethingIsBeingFulfilled,
                stop => stop.Do(AskToStopFulfillment),
                pay => pay.IfElse(RemindersAreLeft, again => again.Do(AskForAuthorization), FinishCancellation)));

        During(Delivering,
            When(ShipmentDelivered).Do(RememberDelivery).IfElse(EverythingIsSettled, CompleteOrder, GoOn),
            When(PaymentCaptured).IfElse(EverythingIsSettled, CompleteOrder, wait => wait.Do(WaitForDelivery)),
            When(DeadlinePassed, IsDue).Do(NoteOverdue).Do(AskAgainForCaptures).Do(WaitForDelivery));

        During(Canceled, When(PaymentAuthorized).Do(VoidPayment));              // authorized after we had given up

        // At-least-once delivery: old news is not news. A pair that is missing here is a message in the _error queue.
        IgnoreOldNews();
    }

    private static EventActivityBinder<FulfillmentState, T> GoOn<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on;

    private EventActivityBinder<FulfillmentState, T> RouteWhatIsOpen<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(AskForRoute).TransitionTo(Routing);

    private EventActivityBinder<FulfillmentState, T> RouteUnlessHeld<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.IfElse(IsHeld, HoldOn, RouteWhatIsOpen);

    private EventActivityBinder<FulfillmentState, T> HoldOn<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(WaitForPeople).TransitionTo(Held);

    private EventActivityBinder<FulfillmentState, T> WaitForTheRest<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(WaitForLocations).TransitionTo(Fulfilling);

    private EventActivityBinder<FulfillmentState, T> WaitInQueue<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(WaitForStock).TransitionTo(Backordered);

    private EventActivityBinder<FulfillmentState, T> AfterTheLastParcel<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.IfElse(PiecesAreBackordered, WaitInQueue, Deliver);

    private EventActivityBinder<FulfillmentState, T> Deliver<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on
        .IfElse(CancellationCameTooLate, tell => tell.Do(RejectCancellation), GoOn)     // the parcel won the race
        .Do(MarkFulfilled).IfElse(EverythingIsSettled, CompleteOrder, wait => wait.Do(WaitForDelivery).TransitionTo(Delivering));

    private EventActivityBinder<FulfillmentState, T> CompleteOrder<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(VoidPayment).Do(MarkCompleted).TransitionTo(Completed);

    private EventActivityBinder<FulfillmentState, T> StopTheRest<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.Do(AskToStopFulfillment).TransitionTo(Canceling);

    private EventActivityBinder<FulfillmentState, T> FinishCancellation<T>(EventActivityBinder<FulfillmentState, T> on) where T : class => on.IfElse(SomethingHasShipped,
        Deliver, nothing => nothing.Do(VoidPayment).Do(MarkCanceled).TransitionTo(Canceled));
}
