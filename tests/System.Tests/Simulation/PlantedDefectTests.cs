using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Shipping.V1;

namespace Oms.SystemTests.Simulation;

/// <summary>The simulation can fail: a network that loses a message for good, or invents one, is found out by name.</summary>
public sealed class PlantedDefectTests
{
    private const int SeedsMax = 50;

    [Fact]
    public void a_release_that_is_lost_for_good_leaves_stock_committed() =>
        Finding("nothing_stays_committed", it => it is ReleaseStock ? [] : [it]);

    [Fact]
    public void a_parcel_that_inventory_never_hears_of_still_stands_on_the_shelf() =>
        Finding("consumed_is_what_left", it => it is ShipmentDispatched ? [] : [it]);

    [Fact]
    public void a_parcel_that_nobody_sent_is_missed_on_the_floor() => Finding("what_left_is_what_the_order_knows", it => it is FulfillmentOrderCreated created
        ? [it, new ShipmentDelivered(Guid.Empty, created.FulfillmentOrderId, created.OrderId, created.Lines, created.CreatedAt)]
        : [it]);

    [Fact]
    public void money_that_is_captured_twice_is_more_than_what_shipped() => Finding("captured_at_the_gateway_is_what_shipped", it => it is CapturePayment m
        ? [it, m with { TransactionId = Guid.Empty, Amount = 0.01m }]
        : [it]);

    [Fact]
    public void pieces_that_are_restocked_twice_do_not_stand_on_the_shelf() => Finding("on_hand_is_what_stands_on_the_shelf", it => it is RestockReturn m
        ? [it, m with { ReturnId = Guid.Empty }]
        : [it]);

    [Fact]
    public void a_refund_that_customers_never_hear_of_stays_in_their_lifetime_value() =>
        Finding("lifetime_value_is_captured_less_refunded", it => it is PaymentRefunded ? [] : [it]);

    private static void Finding(string rule, Func<object, IEnumerable<object>> tampering) =>
        Enumerable.Range(1, SeedsMax).SelectMany(seed => Simulation.Play(seed, tampering).Findings).ShouldContain(it => it.StartsWith(rule));
}
