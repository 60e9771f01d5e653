using MassTransit;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Fulfillment;

/// <summary>What the process looks at before it chooses a way.</summary>
public static class FulfillmentConditions
{
    public const int RemindersMax = 5;
    public const int RejectionsInARowMax = 10;

    /// <summary>The first look comes after seconds, later ones a quarter of a day apart: thirty days in all.</summary>
    public const int BackorderAttemptsMax = 132;

    public static bool IsHeld<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().IsHeld;

    /// <summary>News of a release may come when the order is held again.</summary>
    public static bool NothingHoldsIt<T>(BehaviorContext<FulfillmentState, T> x) where T : class => !x.Order().IsHeld;

    public static bool NotYetPaid<T>(BehaviorContext<FulfillmentState, T> x) where T : class => !x.Order().Payment.IsAuthorized;

    public static bool PiecesAreOpen<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().HasOpen;

    public static bool PiecesAreBackordered<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().HasBackordered;

    public static bool SomethingIsBeingFulfilled<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().IsBeingFulfilled;

    public static bool SomethingHasShipped<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().HasShipped;

    /// <summary>Somebody wanted it canceled, and everything had left before anything could be stopped.</summary>
    public static bool CancellationCameTooLate<T>(BehaviorContext<FulfillmentState, T> x) where T : class =>
        x.Order().CancellationReason is not null && x.Order().Lines.All(line => line.Canceled == 0);

    public static bool EverythingIsSettled<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Order().IsSettled;

    public static bool RemindersAreLeft<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Saga.Reminders < RemindersMax;

    public static bool PatienceIsLeft<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Saga.BackorderAttempt < BackorderAttemptsMax;

    public static bool AnotherRouteMayHelp<T>(BehaviorContext<FulfillmentState, T> x) where T : class => x.Saga.RejectionsInARow < RejectionsInARowMax;

    public static bool IsDue(BehaviorContext<FulfillmentState, DeadlinePassed> x) => DeadlineExtensions.IsDue(x);

    public static bool IsTheCurrentRoute(BehaviorContext<FulfillmentState, Contracts.Routing.V1.OrderRouted> x) => x.Message.RoutingId == x.Saga.RoutingId;

    public static bool IsTheCurrentDeadEnd(BehaviorContext<FulfillmentState, Contracts.Routing.V1.OrderUnroutable> x) =>
        x.Message.RoutingId == x.Saga.RoutingId;

    public static bool IsTheCurrentReservation(BehaviorContext<FulfillmentState, Contracts.Inventory.V1.StockReserved> x) =>
        x.Message.ReservationId == x.Saga.ReservationId;

    public static bool IsTheCurrentRejection(BehaviorContext<FulfillmentState, Contracts.Inventory.V1.StockReservationRejected> x) =>
        x.Message.ReservationId == x.Saga.ReservationId;

    internal static Order Order<T>(this BehaviorContext<FulfillmentState, T> x) where T : class => x.Story().State;

    internal static Story<Order, IOrderEvent> Story<T>(this BehaviorContext<FulfillmentState, T> x) where T : class =>
        x.GetPayload<Story<Order, IOrderEvent>>();
}
