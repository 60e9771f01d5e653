using JasperFx.Events;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Orders.Domain;
using Oms.Orders.Integration;
using Oms.ServiceDefaults;
using V1 = Oms.Contracts.Orders.V1;

namespace Oms.Orders.Tests.Language;

public sealed class PublishedLanguageTests
{
    // Everything that leaves; the rest is private: the answers of others, which they publish themselves, and notes.
    private static readonly Dictionary<Type, Type> Leaving = new()
    {
        [typeof(OrderPlaced)] = typeof(V1.OrderPlaced),
        [typeof(OrderHeld)] = typeof(V1.OrderHeld),
        [typeof(OrderHoldReleased)] = typeof(V1.OrderReleased),
        [typeof(OrderBackordered)] = typeof(V1.OrderBackordered),
        [typeof(OrderCancellationRequested)] = typeof(V1.OrderCancellationRequested),
        [typeof(OrderCanceled)] = typeof(V1.OrderCanceled),
        [typeof(OrderFulfilled)] = typeof(V1.OrderFulfilled),
        [typeof(OrderCompleted)] = typeof(V1.OrderCompleted),
        [typeof(PaymentAuthorizationRequested)] = typeof(V1.AuthorizePayment),
        [typeof(PaymentCaptureRequested)] = typeof(V1.CapturePayment),
        [typeof(PaymentVoidRequested)] = typeof(V1.VoidPayment),
        [typeof(RefundRequested)] = typeof(V1.RefundPayment),
        [typeof(PaymentAuthorized)] = typeof(V1.PaymentAuthorized),
        [typeof(PaymentDeclined)] = typeof(V1.PaymentDeclined),
        [typeof(PaymentCaptured)] = typeof(V1.PaymentCaptured),
        [typeof(PaymentCaptureFailed)] = typeof(V1.PaymentCaptureFailed),
        [typeof(PaymentVoided)] = typeof(V1.PaymentVoided),
        [typeof(PaymentRefunded)] = typeof(V1.PaymentRefunded),
        [typeof(RefundFailed)] = typeof(V1.ReturnRefundRejected),
        [typeof(ReturnRefundRejected)] = typeof(V1.ReturnRefundRejected),
        [typeof(RoutingRequested)] = typeof(RouteOrder),
        [typeof(StockReservationRequested)] = typeof(ReserveStock),
        [typeof(StockReleaseRequested)] = typeof(ReleaseStock),
        [typeof(BackorderRequested)] = typeof(QueueBackorder),
        [typeof(BackorderCancellationRequested)] = typeof(CancelBackorder),
        [typeof(FulfillmentRequested)] = typeof(CreateFulfillmentOrders),
        [typeof(FulfillmentCancellationRequested)] = typeof(CancelFulfillmentOrders),
    };

    private static object? Translate(object fact) => OrderPublishedLanguage.Translate(new Event<object>(fact));

    [Fact]
    public void each_fact_leaves_in_its_own_words_or_not_at_all()
    {
        foreach (var fact in Examples.All)
            Translate(fact)?.GetType().ShouldBe(Leaving.GetValueOrDefault(fact.GetType()), fact.GetType().Name);
        Examples.All.Where(fact => Translate(fact) is not null).Select(fact => fact.GetType()).ShouldBe(Leaving.Keys, ignoreOrder: true);
    }

    /// <summary>What goes by the same name in the fact and in the contract is the same thing.</summary>
    [Fact]
    public void nothing_is_lost_or_mixed_up_in_translation()
    {
        foreach (var fact in Examples.All)
        {
            if (Translate(fact) is not { } contract)
                continue;
            foreach (var told in contract.GetType().GetProperties())
            {
                var value = told.GetValue(contract);
                var source = fact.GetType().GetProperty(told.Name) ?? (told.Name.EndsWith("At", StringComparison.Ordinal) ? fact.GetType().GetProperty("At") : null);
                if (source?.PropertyType == told.PropertyType)
                    value.ShouldBe(source.GetValue(fact), $"{contract.GetType().Name}.{told.Name}");
                value.ShouldNotBeNull($"{contract.GetType().Name}.{told.Name}");
            }
        }
    }

    [Fact]
    public void what_asks_is_a_command_and_what_tells_is_not()
    {
        foreach (var (fact, contract) in Leaving)
            contract.IsDefined(typeof(CommandAttribute), inherit: false).ShouldBe(fact.Name.EndsWith("Requested", StringComparison.Ordinal) && fact != typeof(OrderCancellationRequested), contract.Name);
    }

    [Fact]
    public void only_the_last_release_is_news() => Translate(Given.ItWasReleased(last: false)).ShouldBeNull();

    [Fact]
    public void a_failed_appeasement_is_no_news_for_returns() => Translate(new RefundFailed(Given.Order, Given.Refund, null, "exceeds_capture", Given.Noon)).ShouldBeNull();

    [Fact]
    public void a_release_without_lines_is_of_all_that_is_held()
    {
        var all = new StockReleaseRequested(Given.Order, Given.Reservation, Given.Reservation, [], "order_stopped", Given.Noon);
        Translate(all).ShouldBeOfType<ReleaseStock>().Lines.ShouldBeNull();
        Translate(all with { Lines = [new(1, "MUG", "chicago", 2)] }).ShouldBeOfType<ReleaseStock>().Lines.ShouldNotBeNull().ShouldBe([new(1, "MUG", "chicago", 2)]);
    }

    [Fact]
    public void an_order_is_told_line_by_line()
    {
        var told = Translate(Given.ItWasPlaced).ShouldBeOfType<V1.OrderPlaced>();
        told.Lines.ShouldBe([new(1, "MUG", "Mug", 3, 4m, 2.50m, 0.50m, 10m), new(2, "PLATE", "Plate", 2, 9m, 0, 0, 18m)]);
        (told.ShipTo.PostalCode, told.Total, told.Shipping).ShouldBe(("62701", 33m, 5m));
    }
}
