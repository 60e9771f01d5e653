using System.Text.Json;
using Oms.Contracts.Orders.V1;
using Oms.Customers.Features;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Fulfillment;
using Oms.Returns.Domain;
using Oms.Shipping.Domain;
using Order = Oms.Orders.Domain.Order;
using RefundStatus = Oms.Returns.Domain.RefundStatus;

namespace Oms.SystemTests.Simulation;

/// <summary>What must hold when a world has come to rest, service by service and between them.</summary>
internal sealed partial class World
{
    private List<string> findings = [];

    /// <returns>Every rule that does not hold.</returns>
    public IReadOnlyList<string> Check()
    {
        findings = [];
        foreach (var complaint in Gateway.Complaints)
            findings.Add($"gateway_was_asked_for_nonsense: {complaint}");
        foreach (var error in Network.Errors.Where(error => !IsHeld(error.Message)))
            findings.Add($"nothing_is_left_in_error_queues: {error}");
        var sent = Floor.Shipments.All.ToLookup(it => it.OrderId);
        foreach (var order in Sales.Orders.All)
            CheckOrder(order, Sales.Processes[order.Id], sent[order.Id]);
        foreach (var order in Sales.Orders.All)
            CheckMoney(order);
        CheckStock(sent.SelectMany(it => it).ToList());
        CheckFloor();
        CheckReturns();
        CheckCustomers();
        return findings;
    }

    private void CheckOrder(Order order, FulfillmentState process, IEnumerable<Shipment> shipments)
    {
        Folds("order", order.Number, Sales.Orders, order.Id);
        foreach (var (what, expected, actual) in ReconcileOrdersSlice.Check(order, process))
            Expect(what, order.Number, expected, actual);
        var isFinal = process.CurrentState is nameof(FulfillmentProcess.Completed) or nameof(FulfillmentProcess.Canceled);
        Expect("order_is_final_or_waits_for_something", order.Number, true, isFinal || NameOfWaiting(process, order) is not null, process.CurrentState);
        Expect("only_who_waits_has_a_deadline", order.Number, !isFinal, process.DueAt is not null);
        Expect("nothing_is_being_fulfilled", order.Number, 0, order.FulfillmentOrders.Length);
        var parcels = shipments.ToList();
        Expect("no_parcel_left_for_a_canceled_order", order.Number, 0, order.IsCanceled ? parcels.Count : 0);
        foreach (var line in order.Lines)
        {
            var left = parcels.SelectMany(it => it.Lines).Where(it => it.Line == line.Line).Sum(it => it.Quantity);
            Expect("what_left_is_what_the_order_knows", $"{order.Number}/{line.Line}", left, line.Shipped);
            Expect("no_more_left_than_ordered", $"{order.Number}/{line.Line}", true, left <= line.Quantity);
        }
    }

    // Of an order that people hold nobody is asked anything, and so not for a capture that was not answered; a refund waits for that.
    private bool IsHeld(object message) => message is RefundReturn refund && Sales.Orders[refund.OrderId]!.IsHeld;

    private void CheckMoney(Order order)
    {
        var (payment, isFinal) = (order.Payment, order.IsCanceled || order.IsCompleted);
        if (order.IsHeld && !payment.IsCaptured)
            return;
        var account = payment.AuthorizationId is { } id ? Gateway.Of(id) : null;
        var shipped = order.Lines.Sum(line => line.ValueOf(0, line.Shipped, order.Currency).Amount) + (order.HasShipped ? order.Shipping : 0);
        Expect("captured_at_the_gateway_is_what_shipped", order.Number, shipped, account?.Captured ?? 0);
        Expect("captured_at_the_gateway_is_what_the_order_knows", order.Number, payment.Captured, account?.Captured ?? 0);
        Expect("refunded_at_the_gateway_is_what_the_order_knows", order.Number, payment.Refunded, account?.Refunded ?? 0);
        if (isFinal && account is not null && (payment.IsAuthorized || payment.DeclineReason is not null))
            Expect("authorized_is_captured_or_voided", order.Number, account.Authorized, account.Captured + account.Voided);
        Expect("transactions_are_settled", order.Number, 0,
            payment.Captures.Count(it => it.Status != TransactionStatus.Succeeded) + payment.Refunds.Count(it => it.Status == TransactionStatus.Pending));
        var returned = order.Lines.Sum(line => line.ValueOf(0, line.Returned, order.Currency).Amount);
        Expect("refunded_is_what_came_back", order.Number, returned, payment.Refunds.Where(it => it.ReturnId is not null).Sum(it => it.Amount));
    }

    private void CheckStock(List<Shipment> shipments)
    {
        var held = Stockroom.Reservations.All.SelectMany(it => it.Lines).GroupBy(line => InventoryLevel.Key(line.LocationId, line.Sku))
            .ToDictionary(it => it.Key, it => it.Sum(line => line.Held));
        foreach (var key in Stockroom.Levels.Keys)
        {
            var (level, counts) = (Stockroom.Levels[key]!, StockCounts.None);
            foreach (var movement in Stockroom.Levels.Of(key))
                counts += movement.Changes;
            Expect("level_is_the_fold_of_its_events", key, counts, level.Counts);
            Expect("on_hand_is_the_sum_of_states", key, true, level.Counts.AddsUp() && !level.Counts.IsNegativeSomewhere());
            Expect("committed_is_what_reservations_hold", key, held.GetValueOrDefault(key), level.Counts.Committed);
            Expect("nothing_stays_committed", key, 0, level.Counts.Committed);
            Expect("on_hand_is_what_stands_on_the_shelf", key, Books.Shelves.GetValueOrDefault((level.LocationId, level.Sku)), level.Counts.OnHand);
            Expect("routing_sees_what_is_available", key, level.Counts.Available, Planner.Seen(level.LocationId, level.Sku)?.Available ?? 0);
        }
        foreach (var key in Stockroom.Reservations.Keys)
            Folds("reservation", key, Stockroom.Reservations, key);
        var consumed = Stockroom.Reservations.All.SelectMany(it => it.Lines).Sum(line => line.Shipped);
        Expect("consumed_is_what_left", "all", shipments.SelectMany(it => it.Lines).Sum(it => it.Quantity), consumed);
        var waiting = Stockroom.Waiting.Values.SelectMany(it => it).GroupBy(it => it.OrderId).ToDictionary(it => it.Key, it => it.Sum(line => line.Quantity));
        foreach (var order in Sales.Orders.All)
            Expect("who_queues_is_who_waits", order.Number, true, waiting.GetValueOrDefault(order.Id) <= order.Lines.Sum(line => line.Backordered));
    }

    private void CheckFloor()
    {
        foreach (var it in Floor.FulfillmentOrders.All)
        {
            Expect("fulfillment_order_has_ended", $"{it.Id}", false, it.IsLive());
            Folds("fulfillment_order", $"{it.Id}", Floor.FulfillmentOrders, it.Id);
        }
    }

    private void CheckReturns()
    {
        foreach (var it in Returns.Returns.All)
        {
            Expect("return_has_ended_or_its_refund_waits_for_people", it.Number, true,
                it.Status is ReturnStatus.Closed or ReturnStatus.Declined or ReturnStatus.Canceled || Sales.Orders[it.OrderId]!.IsHeld, $"{it.Status}");
            Folds("return", it.Number, Returns.Returns, it.Id);
            if (it.ReceivedAt is null)
                continue;
            var refund = Sales.Orders[it.OrderId]!.Payment.Refunds.SingleOrDefault(refund => refund.ReturnId == it.Id);
            Expect("refund_is_what_the_order_paid", it.Number, refund is { Status: TransactionStatus.Succeeded } ? refund.Amount : 0, it.Refunded);
            Expect("return_is_refunded_or_told_why_not", it.Number, it.Refund == RefundStatus.Refunded, refund is { Status: TransactionStatus.Succeeded });
            Expect("what_was_delivered_can_be_refunded", it.Number, 0, Sales.Orders.Of(it.OrderId).OfType<Oms.Orders.Domain.ReturnRefundRejected>()
                .Count(no => no.ReturnId == it.Id && no.Reason == "not_delivered"));
        }
        var claimed = Returns.Returns.All.Where(it => it.Status is not (ReturnStatus.Declined or ReturnStatus.Canceled)).ToLookup(it => it.OrderId);
        foreach (var order in Returns.Orders.All)
        {
            Folds("returnable_order", $"{order.Number}", Returns.Orders, order.Id);
            foreach (var (number, line) in order.Lines)
            {
                Expect("returns_know_what_was_delivered", $"{order.Number}/{number}", Sales.Orders[order.Id]!.Line(number).Delivered, line.Delivered);
                Expect("only_returns_have_claims", $"{order.Number}/{number}", claimed[order.Id].Sum(it => Claimed(it, number)), line.Claimed);
            }
        }
    }

    private static int Claimed(Return it, int line) => it.ReceivedAt is null
        ? it.Lines.Where(piece => piece.Line == line).Sum(piece => piece.Quantity)
        : it.Received.Where(piece => piece.Line == line).Sum(piece => piece.Quantity);

    private void CheckCustomers()
    {
        var ofCustomers = Customers.Orders.All.ToLookup(order => order.CustomerId);
        foreach (var customer in Customers.Customers.All)
        {
            var sums = ReconcileCustomersSlice.Sums.Of(ofCustomers[customer.Id]);
            Expect("customer_is_the_sum_of_orders", customer.Email ?? "", true,
                ReconcileCustomersSlice.Sums.Same(sums, new(customer.CanceledOrders, customer.Totals)));
            foreach (var (currency, totals) in customer.Totals)
            {
                var orders = Sales.Orders.All.Where(order => order.CustomerId == customer.Id && order.Currency == currency).ToList();
                Expect("lifetime_value_is_captured_less_refunded", $"{customer.Email} {currency}",
                    orders.Sum(order => order.Payment.Captured - order.Payment.Refunded), totals.LifetimeValue());
                Expect("customer_counts_orders", $"{customer.Email} {currency}", orders.Count(order => !order.IsCanceled), totals.Orders);
            }
        }
        Expect("every_order_is_known_to_customers", "all", Sales.Orders.All.Count(), Customers.Orders.All.Count());
    }

    private void Folds<TKey, TState, TEvent>(string what, string key, Streams<TKey, TState, TEvent> streams, TKey stream)
        where TKey : notnull where TState : class, IFold<TState, TEvent> where TEvent : class =>
        Expect($"{what}_is_the_fold_of_its_events", key,
            JsonSerializer.Serialize(Fold.All<TState, TEvent>(streams.Of(stream))), JsonSerializer.Serialize(streams[stream]));

    private void Expect<T>(string rule, string key, T expected, T actual, string? because = null)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            findings.Add($"{rule} {key}: expected {expected}, was {actual} {because}");
    }
}
