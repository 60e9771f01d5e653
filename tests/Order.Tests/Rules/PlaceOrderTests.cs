using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Testing;

namespace Oms.Orders.Tests.Rules;

public sealed class PlaceOrderTests
{
    private static readonly RiskPolicy NoRisk = new() { HoldFromTotal = null, HoldFromQuantity = null };

    private static Scenario<Order, IOrderEvent>.Outcome Placing(PlaceOrder command, RiskPolicy? risk = null, params IOrderEvent[] before) =>
        Scenario<Order, IOrderEvent>.Given(before).When(order => PlaceOrderSlice.Decide(command, order, risk ?? NoRisk));

    [Fact]
    public void a_new_order_asks_for_its_payment()
    {
        var order = Placing(Given.Place).Then(Given.ItWasPlaced, Given.PaymentWasAskedFor)!;
        (order.Status, order.Total, order.Version).ShouldBe((OrderStatus.PaymentPending, 33m, 0));
        order.Lines.Select(line => (line.Open, line.Quantity)).ShouldBe([(3, 3), (2, 2)]);
        order.TraceParent.ShouldBe(Given.Trace);
    }

    [Fact]
    public void the_same_order_again_changes_nothing() => Placing(Given.Place with { Number = "#2002", At = Given.Noon.AddDays(1) }, null, Given.ItWasPlaced).NothingHappened();

    [Fact]
    public void the_same_order_again_changes_nothing_even_when_it_is_canceled() =>
        Placing(Given.Place, null, Given.ItWasPlaced, Given.CancellationWasAskedFor, Given.AllLinesWereCanceled, Given.ItWasCanceled).NothingHappened();

    [Fact]
    public void another_content_under_the_same_number_is_refused() =>
        Placing(Given.Place with { Fingerprint = "other" }, null, Given.ItWasPlaced).Refused("order-differs");

    [Fact]
    public void an_order_at_risk_is_held_for_every_reason_and_nothing_is_asked_for()
    {
        var order = Placing(Given.Place, new() { HoldFromTotal = 33, HoldFromQuantity = 3 }).Then(
            it => it.ShouldBe(Given.ItWasPlaced),
            it => it.ShouldBeOfType<OrderHeld>().Reason.ShouldBe("high_risk_of_fraud"),
            it => it.ShouldBeOfType<OrderHeld>().Reason.ShouldBe("unusual_quantity"))!;
        (order.Status, order.Payment.AuthorizationId).ShouldBe((OrderStatus.OnHold, null));
    }

    [Fact]
    public void a_customer_is_known_by_the_email()
    {
        Placing(Given.Place).After()!.CustomerId.ShouldBe(Ids.Derive("customer", "ada@example.com"));
        Placing(Given.Place with { CustomerEmail = null }).After()!.CustomerId.ShouldBeNull();
    }

    [Fact]
    public void the_total_is_the_lines_and_the_shipping()
    {
        Placing(Given.Place with { Shipping = 0 }).After()!.Total.ShouldBe(28m);
        var yen = Placing(Given.Place with { Currency = "JPY", Lines = [Given.Mugs with { Total = 1_000 }], Shipping = 500 }).After()!;
        (yen.Total, yen.Currency).ShouldBe((1_500m, "JPY"));
    }

    [Fact]
    public void an_order_that_costs_nothing_is_asked_for_nothing()
    {
        var order = Placing(Given.Place with { Lines = [Given.Mugs with { UnitPrice = 0, Discount = 0, Tax = 0, Total = 0 }], Shipping = 0 }).Then(
            it => it.ShouldBeOfType<OrderPlaced>().Total.ShouldBe(0),
            it => it.ShouldBeOfType<PaymentAuthorizationRequested>().Amount.ShouldBe(0))!;
        order.Status.ShouldBe(OrderStatus.PaymentPending);
    }

    [Fact]
    public void a_line_costs_its_pieces_less_the_discount_and_with_the_tax() =>
        new OrderBody.LineBody("MUG", 3, 4m, "Mug", 2.50m, 0.50m).Placed(1, "Mug", "USD").ShouldBe(Given.Mugs);

    [Fact]
    public void ids_meet_when_a_channel_says_a_number_twice_and_never_otherwise()
    {
        PlaceOrderSlice.OrderId("web", "W-1").ShouldBe(PlaceOrderSlice.OrderId("web", "W-1"));
        Guid[] others = [PlaceOrderSlice.OrderId("web", "W-2"), PlaceOrderSlice.OrderId("pos", "W-1"), PlaceOrderSlice.OrderId("webW", "-1")];
        others.ShouldNotContain(PlaceOrderSlice.OrderId("web", "W-1"));
    }
}

public sealed class RiskPolicyTests
{
    private static IEnumerable<string> Assess(decimal total, int quantity, RiskPolicy? policy = null) =>
        (policy ?? new()).Assess(Given.ItWasPlaced with { Total = total, Lines = [Given.Mugs with { Quantity = quantity }] }).Select(it => it.Reason);

    [Fact]
    public void ordinary_orders_pass() => Assess(49_999.99m, 9_999).ShouldBeEmpty();

    [Fact]
    public void large_totals_are_held() => Assess(50_000m, 1).ShouldBe(["high_risk_of_fraud"]);

    [Fact]
    public void large_quantities_are_held() => Assess(1, 10_000).ShouldBe(["unusual_quantity"]);

    [Fact]
    public void both_rules_can_be_switched_off() => Assess(1_000_000, 1_000_000, new() { HoldFromTotal = null, HoldFromQuantity = null }).ShouldBeEmpty();
}
