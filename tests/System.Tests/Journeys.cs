using System.Text.Json.Nodes;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests;

/// <summary>Orders on their way through six services, the broker and the gateway, as processes, two of Order and of Inventory.</summary>
[Collection(typeof(FaultCollection))]
public sealed class Journeys(FaultPlatform platform)
{
    private readonly Merchant merchant = Merchant.Of(platform.Platform);

    [Fact]
    public async Task An_order_travels_to_the_door_under_one_trace()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, 10);

        var id = await merchant.Place((sku, 3, 9.99m));
        var order = await merchant.ShipAndDeliver(id);

        order["payment"]!["captured"]!.GetValue<decimal>().ShouldBe(29.97m);
        // Inventory hears of the shipment on a way of its own.
        await merchant.When($"/v1/inventory/{sku}/levels/{location}", level =>
            (level["onHand"]!.GetValue<int>(), level["available"]!.GetValue<int>(), level["committed"]!.GetValue<int>()) == (7, 7, 0));

        var timeline = await merchant.Get($"/v1/orders/{id}/timeline");
        var steps = timeline["items"]!.AsArray();
        steps.Select(step => step!["type"]!.GetValue<string>()).ShouldBe([
            "order_placed", "payment_authorization_requested", "payment_authorized", "routing_requested", "order_routed", "stock_reservation_requested",
            "stock_reserved", "fulfillment_requested", "order_shipped", "payment_capture_requested", "payment_captured", "order_fulfilled", "order_delivered",
            "order_completed",
        ], ignoreOrder: true);
        steps.Select(step => step!["traceId"]!.GetValue<string>()).Distinct().ShouldBe([timeline["traceId"]!.GetValue<string>()]);

        var decision = await merchant.Get($"/v1/orders/{id}/routing-decision");
        decision["assignments"]!.AsArray().Single()!["locationId"]!.GetValue<string>().ShouldBe(location);
        decision["rules"]!.AsArray().Count.ShouldBeGreaterThan(0);

        var customer = await merchant.When($"/v1/customers/{order["customerId"]}", it => Amount(it["lifetimeValue"]) == 29.97m);
        customer["ordersCount"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task An_order_that_one_location_cannot_fill_is_split_and_captured_parcel_by_parcel()
    {
        var (here, there, sku, other) = (await merchant.Location(), await merchant.Location("Boston", "02108", 42.36, -71.06), await merchant.Item(), await merchant.Item());
        await merchant.Receive(here, sku, 5);
        await merchant.Receive(there, other, 5);

        var id = await merchant.Place((sku, 2, 10m), (other, 1, 5m));
        await merchant.When($"/v1/orders/{id}/fulfillment-orders", page => page["items"]!.AsArray().Count == 2);
        var order = await merchant.ShipAndDeliver(id);

        order["payment"]!["captured"]!.GetValue<decimal>().ShouldBe(25m);
        (await merchant.Get($"/v1/orders/{id}/timeline"))["items"]!.AsArray()
            .Count(step => step!["type"]!.GetValue<string>() == "payment_captured").ShouldBe(2);
    }

    [Fact]
    public async Task What_nobody_has_waits_and_is_served_oldest_order_first()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        var first = await merchant.Place((sku, 2, 10m));
        await merchant.OrderWhen(first, "backordered");
        var second = await merchant.Place((sku, 2, 10m));
        await merchant.OrderWhen(second, "backordered");

        await merchant.Receive(location, sku, 2);
        await merchant.OrderWhen(first, "in_fulfillment");
        // Both were looked at again; only one of them got what has come.
        await merchant.OrderWhen(second, "backordered");

        await merchant.Receive(location, sku, 2);
        await merchant.OrderWhen(second, "in_fulfillment");
        await merchant.ShipAndDeliver(first);
        await merchant.ShipAndDeliver(second);
    }

    [Fact]
    public async Task A_canceled_order_gives_its_stock_and_its_authorization_back()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, 4);
        var id = await merchant.Place((sku, 4, 2.50m));
        await merchant.OpenFulfillmentOrders(id);

        await merchant.Post($"/v1/orders/{id}/cancellation", new { reason = "changed my mind" });
        var order = await merchant.OrderWhen(id, it => it["status"]!.GetValue<string>() == "canceled" && it["payment"]!["voided"]!.GetValue<bool>());

        order["payment"]!["captured"]!.GetValue<decimal>().ShouldBe(0);
        await merchant.When($"/v1/inventory/{sku}/levels/{location}", level => level["available"]!.GetValue<int>() == 4);
        var fulfillment = await merchant.Get($"/v1/orders/{id}/fulfillment-orders");
        fulfillment["items"]!.AsArray().Single()!["status"]!.GetValue<string>().ShouldBe("canceled");
    }

    [Fact]
    public async Task A_location_that_says_no_is_replaced_by_another()
    {
        var (near, far, sku) = (await merchant.Location(), await merchant.Location("Los Angeles", "90001", 33.97, -118.25), await merchant.Item());
        await merchant.Receive(near, sku, 5);
        await merchant.Receive(far, sku, 5);
        var id = await merchant.Place((sku, 1, 10m));
        var refused = (await merchant.OpenFulfillmentOrders(id)).Single();

        await merchant.Post($"/v1/fulfillment-orders/{refused}/reject", new { reason = "damaged on the shelf" });
        var orders = await merchant.When($"/v1/orders/{id}/fulfillment-orders", page => page["items"]!.AsArray().Count == 2);

        var locations = orders["items"]!.AsArray().Select(it => it!["locationId"]!.GetValue<string>()).ToArray();
        locations.ShouldBe([near, far], ignoreOrder: true);
        await merchant.ShipAndDeliver(id);
    }

    [Fact]
    public async Task Returned_goods_are_on_the_shelf_again_and_their_money_is_back()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, 3);
        var id = await merchant.Place((sku, 3, 3.33m));
        var order = await merchant.ShipAndDeliver(id);

        var request = new { orderId = id, reason = "too_small", lines = new[] { new { line = 1, quantity = 1 } } };
        var rma = await merchant.PostUntilAccepted("/v1/returns", request);        // the news of the delivery may still be on its way
        await merchant.Post($"/v1/returns/{rma["id"]}/approve", new { });
        await merchant.Post($"/v1/returns/{rma["id"]}/receive", new { locationId = location, lines = new[] { new { line = 1, quantity = 1, disposition = "restocked" } } });

        await merchant.When($"/v1/returns/{rma["id"]}", it => it["status"]!.GetValue<string>() == "closed");
        (await merchant.OrderWhen(id, "partially_returned"))["payment"]!["refunded"]!.GetValue<decimal>().ShouldBe(3.33m);
        await merchant.When($"/v1/inventory/{sku}/levels/{location}", level => level["available"]!.GetValue<int>() == 1);
        await merchant.When($"/v1/customers/{order["customerId"]}", it => Amount(it["lifetimeValue"]) == 6.66m);
    }

    [Fact]
    public async Task A_hot_item_is_never_sold_twice()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, 20);

        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => merchant.Place((sku, 1, 1m))));
        var settled = await Task.WhenAll(ids.Select(id =>
            merchant.OrderWhen(id, order => order["status"]!.GetValue<string>() is "in_fulfillment" or "backordered")));

        settled.Count(order => order["status"]!.GetValue<string>() == "in_fulfillment").ShouldBe(20);
        var level = await merchant.Get($"/v1/inventory/{sku}/levels/{location}");
        (level["available"]!.GetValue<int>(), level["committed"]!.GetValue<int>()).ShouldBe((0, 20));

        var late = settled.Where(order => order["status"]!.GetValue<string>() == "backordered").Select(order => order["id"]!.GetValue<Guid>()).ToArray();
        await Task.WhenAll(late.Select(id => merchant.Post($"/v1/orders/{id}/cancellation", new { reason = "too late" })));
        await Task.WhenAll(late.Select(id => merchant.OrderWhen(id, "canceled")));
    }

    private static decimal Amount(JsonNode? perCurrency) =>
        perCurrency?.AsArray().Where(it => it!["currency"]!.GetValue<string>() == "USD").Sum(it => it!["amount"]!.GetValue<decimal>()) ?? 0;
}
