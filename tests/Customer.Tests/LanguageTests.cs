using JasperFx.Events;
using Oms.Customers.Domain;
using Oms.Customers.Integration;
using Oms.ServiceDefaults;
using V1 = Oms.Contracts.Customers.V1;

namespace Oms.Customer.Tests;

public sealed class StoredNames
{
    /// <summary>What has been stored under a name is read under it for ever: this list only grows.</summary>
    [Fact]
    public void never_change() => Facts.Of<ICustomerEvent>().Concat(Facts.Of<ICustomerOrderEvent>()).Select(Facts.StoredName).ShouldBe(
    [
        "customer_order_canceled", "customer_order_recorded", "customer_payment_captured", "customer_payment_refunded", "customer_registered",
        "cancellation_recorded", "capture_recorded", "order_recorded", "refund_recorded",
    ]);
}

public sealed class PublishedLanguageTests
{
    [Fact]
    public void tells_of_new_customers_and_of_nothing_else()
    {
        CustomerPublishedLanguage.Translate(new Event<object>(Given.SheRegistered)).ShouldBe(new V1.CustomerRegistered(Given.Ann, Given.Noon));
        foreach (var fact in new object[] { Given.SheOrdered, Given.ShePaid, Given.SheWasPaidBack, Given.HerOrderWasCanceled, Given.ItWasPlaced, Given.ItWasCaptured })
            CustomerPublishedLanguage.Translate(new Event<object>(fact)).ShouldBeNull();
    }
}
