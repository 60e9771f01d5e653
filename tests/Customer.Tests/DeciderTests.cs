using Oms.Customers.Domain;
using Oms.Customers.Features;
using Oms.Kernel;
using static Oms.Customer.Tests.Given;
using TheOrder = Oms.Testing.Scenario<Oms.Customers.Domain.CustomerOrder, Oms.Customers.Domain.ICustomerOrderEvent>;

namespace Oms.Customer.Tests;

public sealed class RecordOrderTests
{
    private static Decision<ICustomerOrderEvent> Decide(CustomerOrder? order) => RecordOrderSlice.Decide(Place, order);

    [Fact]
    public void records_it() => TheOrder.Given().When(Decide).Then(ItWasPlaced);

    [Fact]
    public void repeated_changes_nothing() => TheOrder.Given(ItWasPlaced).When(Decide).NothingHappened();

    [Fact]
    public void may_come_after_its_money_and_its_cancellation() =>
        TheOrder.Given(ItWasCaptured, ItWasRefunded, ItWasCanceled).When(Decide).Then(ItWasPlaced)!.Number.ShouldBe("#1001");
}

public sealed class RecordPaymentTests
{
    private static Decision<ICustomerOrderEvent> Capture(CustomerOrder? order) =>
        RecordPaymentSlice.Decide(new RecordCapture(Order, Ann, Transaction, Euro(40), Noon), order);

    private static Decision<ICustomerOrderEvent> Refund(CustomerOrder? order) =>
        RecordPaymentSlice.Decide(new RecordRefund(Order, Ann, Transaction, Euro(10), Noon), order);

    [Fact]
    public void counts_a_capture_once()
    {
        TheOrder.Given(ItWasPlaced).When(Capture).Then(ItWasCaptured);
        TheOrder.Given(ItWasPlaced, ItWasCaptured).When(Capture).NothingHappened();
    }

    [Fact]
    public void counts_a_refund_once()
    {
        TheOrder.Given(ItWasPlaced, ItWasCaptured).When(Refund).Then(ItWasRefunded);
        TheOrder.Given(ItWasPlaced, ItWasCaptured, ItWasRefunded).When(Refund).NothingHappened();
    }

    [Fact]
    public void does_not_wait_for_the_order()
    {
        TheOrder.Given().When(Refund).Then(ItWasRefunded);
        TheOrder.Given(ItWasRefunded).When(Capture).Then(ItWasCaptured);
    }
}

public sealed class RecordCancellationTests
{
    private static Decision<ICustomerOrderEvent> Decide(CustomerOrder? order) => RecordCancellationSlice.Decide(new(Order, Ann, Noon), order);

    [Fact]
    public void records_it() => TheOrder.Given(ItWasPlaced).When(Decide).Then(ItWasCanceled);

    [Fact]
    public void does_not_wait_for_the_order() => TheOrder.Given().When(Decide).Then(ItWasCanceled);

    [Fact]
    public void repeated_changes_nothing() => TheOrder.Given(ItWasCanceled).When(Decide).NothingHappened();
}

public sealed class AttributeToCustomerTests
{
    private static ICustomerEvent[] After(ICustomerOrderEvent happened, ICustomerOrderEvent[] before, params ICustomerEvent[] customer) =>
    [
        .. AttributeToCustomerSlice.Decide(
            happened, Fold.All<CustomerOrder, ICustomerOrderEvent>([.. before, happened])!, Fold.All<Customers.Domain.Customer, ICustomerEvent>(customer)),
    ];

    [Fact]
    public void the_first_order_registers_the_customer() => After(ItWasPlaced, []).ShouldBe([SheRegistered, SheOrdered]);

    [Fact]
    public void the_next_one_does_not() => After(ItWasPlaced, [], SheRegistered, SheOrderedLater).ShouldBe([SheOrdered]);

    [Fact]
    public void money_that_came_first_does_not_stand_for_a_registration() =>
        After(ItWasPlaced, [ItWasCaptured], ShePaid).ShouldBe([SheRegistered, SheOrdered]);

    [Fact]
    public void money_counts_at_once()
    {
        After(ItWasCaptured, []).ShouldBe([ShePaid]);
        After(ItWasRefunded, [ItWasCaptured], ShePaid).ShouldBe([SheWasPaidBack]);
    }

    [Fact]
    public void a_cancellation_counts_once_the_order_is_known()
    {
        After(ItWasCanceled, [ItWasPlaced], SheRegistered, SheOrdered).ShouldBe([HerOrderWasCanceled]);
        After(ItWasCanceled, []).ShouldBeEmpty();
        After(ItWasPlaced, [ItWasCanceled]).ShouldBe([SheRegistered, SheOrdered, HerOrderWasCanceled]);
    }

    [Fact]
    public void an_order_without_an_address_has_no_customer()
    {
        After(ItWasPlaced with { CustomerId = null }, []).ShouldBeEmpty();
        After(ItWasCaptured with { CustomerId = null }, []).ShouldBeEmpty();
        After(ItWasRefunded with { CustomerId = null }, []).ShouldBeEmpty();
        After(ItWasCanceled with { CustomerId = null }, [ItWasPlaced with { CustomerId = null }]).ShouldBeEmpty();
    }
}

public sealed class CustomerTests
{
    private static CustomerView After(params ICustomerEvent[] facts) => CustomerView.Of(Fold.All<Customers.Domain.Customer, ICustomerEvent>(facts)!);

    [Fact]
    public void lifetime_value_is_captured_less_refunded_by_currency() =>
        After(ShePaid, SheWasPaidBack, ShePaid with { Amount = 500m, Currency = "JPY" }).LifetimeValue.ShouldBe([new("EUR", 30m), new("JPY", 500m)]);

    [Fact]
    public void average_order_value_is_rounded_to_minor_units() =>
        After(SheRegistered, SheOrdered, SheOrderedLater).AverageOrderValue.ShouldBe([new("EUR", 32.51m)]);    // 65.01 / 2

    [Fact]
    public void a_canceled_order_leaves_count_and_average()
    {
        var ann = After(SheRegistered, SheOrdered, SheOrderedLater, HerOrderWasCanceled);
        (ann.OrdersCount, ann.CanceledOrdersCount).ShouldBe((1, 1));
        ann.AverageOrderValue.ShouldBe([new("EUR", 25.01m)]);
        After(SheRegistered, SheOrdered, HerOrderWasCanceled).AverageOrderValue.ShouldBeEmpty();
    }

    [Fact]
    public void the_newest_order_tells_where_she_is_and_the_newest_named_one_who()
    {
        foreach (var ann in new[] { After(SheRegistered, SheOrdered, SheOrderedLater), After(SheRegistered, SheOrderedLater, SheOrdered) })
        {
            ann.Location.ShouldBe(Boston);
            ann.Name.ShouldBe("Ann");
            (ann.FirstOrderAt, ann.LastOrderAt).ShouldBe((Noon, Noon.AddDays(1)));
            ann.Channels.ShouldBe(["pos", "web"]);
        }
    }

    [Fact]
    public void registered_twice_is_a_bug() =>
        Should.Throw<InvalidOperationException>(() => Fold.All<Customers.Domain.Customer, ICustomerEvent>([SheRegistered, SheRegistered]));
}
