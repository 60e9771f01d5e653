using JasperFx.Events;
using Oms.Contracts;
using Oms.Returns.Domain;
using Oms.Returns.Integration;
using Oms.ServiceDefaults;
using Inventory = Oms.Contracts.Inventory.V1;
using Orders = Oms.Contracts.Orders.V1;
using V1 = Oms.Contracts.Returns.V1;

namespace Oms.Returns.Tests;

public sealed class StoredNames
{
    /// <summary>What has been stored under a name is read under it for ever: this list only grows.</summary>
    [Fact]
    public void never_change() => Facts.Of<IReturnEvent>().Concat(Facts.Of<IReturnableOrderEvent>()).Select(Facts.StoredName).ShouldBe(
    [
        "refund_requested", "restock_requested", "return_approved", "return_canceled", "return_closed", "return_declined", "return_received",
        "return_refund_rejected", "return_refunded", "return_requested", "return_restocked",
        "claim_released", "delivery_recorded", "order_recorded", "pieces_claimed",
    ]);
}

public sealed class PublishedLanguageTests
{
    private static object? Translate(object fact) => ReturnsPublishedLanguage.Translate(new Event<object>(fact));

    [Fact]
    public void asks_inventory_to_restock()
    {
        var asked = Translate(new RestockRequested(Given.ReturnId, Given.Order, "nyc", [new(1, "MUG", 2, "available")], Given.Noon)).ShouldBeOfType<Inventory.RestockReturn>();
        (asked.ReturnId, asked.OrderId, asked.LocationId, asked.RequestedAt).ShouldBe((Given.ReturnId, Given.Order, "nyc", Given.Noon));
        asked.Lines.ShouldBe([new(1, "MUG", 2, "available")]);
    }

    [Fact]
    public void asks_the_order_service_to_refund()
    {
        var asked = Translate(new RefundRequested(Given.ReturnId, Given.Order, [new(1, "MUG", 2)], "too small", Given.Noon)).ShouldBeOfType<Orders.RefundReturn>();
        (asked.ReturnId, asked.OrderId, asked.Reason).ShouldBe((Given.ReturnId, Given.Order, "too small"));
        asked.Lines.ShouldBe([new LineQuantity(1, "MUG", 2)]);
    }

    [Fact]
    public void tells_what_was_received_by_line() =>
        Translate(new ReturnReceived(Given.ReturnId, Given.Order, "nyc", [new(1, "MUG", 1, Disposition.Damaged), new(1, "MUG", 2, Disposition.Restocked)], Given.Noon))
            .ShouldBeOfType<V1.ReturnReceived>().Lines.ShouldBe([new LineQuantity(1, "MUG", 3)]);

    [Fact]
    public void tells_every_step_of_a_return()
    {
        Translate(Given.ItWasRequested).ShouldBeOfType<V1.ReturnRequested>().Number.ShouldBe("RMA-1001");
        Translate(Given.ItWasApproved).ShouldBe(new V1.ReturnApproved(Given.ReturnId, Given.Order, Given.Noon));
        Translate(Given.ItWasDeclined).ShouldBe(new V1.ReturnDeclined(Given.ReturnId, Given.Order, "too late", Given.Noon));
        Translate(Given.ItWasCanceled).ShouldBe(new V1.ReturnCanceled(Given.ReturnId, Given.Order, Given.Noon));
        Translate(Given.Closed(29m)).ShouldBe(new V1.ReturnClosed(Given.ReturnId, Given.Order, 29m, "EUR", Given.Noon));
    }

    [Fact]
    public void keeps_the_rest_private()
    {
        foreach (var fact in new object[] { Given.ItWasPlaced, Given.ItWasDelivered, Given.Claimed((1, 1)), Given.Released((1, 1)), Given.ItWasRestocked, Given.ItWasRefunded })
            Translate(fact).ShouldBeNull();
    }
}
