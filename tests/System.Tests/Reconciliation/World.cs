using System.Text.Json.Nodes;

namespace Oms.SystemTests.Reconciliation;

public sealed record PlacedOrder(Guid Id, string Number, Guid CustomerId);

/// <summary>Orders at every kind of end, and some that wait: what there is to damage.</summary>
internal sealed record World(
    string Near, string Far, string Sku, string Other, string Rare, IReadOnlyList<PlacedOrder> Completed, PlacedOrder Returned, Guid Refunded,
    IReadOnlyList<PlacedOrder> Open, IReadOnlyList<PlacedOrder> Backordered, PlacedOrder Canceled)
{
    public static async Task<World> Make(StoresFixture stores)
    {
        var merchant = stores.Merchant;
        var (near, far) = (await merchant.Location(capacityPerDay: 1_000), await merchant.Location("Boston", "02108", 42.36, -71.06));
        var (sku, other, rare, missing) = (await merchant.Item(), await merchant.Item(), await merchant.Item(), await merchant.Item());
        await merchant.Receive(near, sku, 50);
        await merchant.Receive(far, other, 10);
        await merchant.Receive(near, rare, 1);

        var completed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Completed(sku)));
        var returned = await Completed(sku, quantity: 3);
        var refunded = await Return(merchant, returned.Id, near);
        PlacedOrder[] open = [await Placed(sku, "in_fulfillment"), await Placed(rare, "in_fulfillment")];
        var canceled = await Placed(sku, "in_fulfillment");
        await merchant.OpenFulfillmentOrders(canceled.Id);
        await merchant.Post($"/v1/orders/{canceled.Id}/cancellation", new { reason = "changed my mind" });
        await merchant.OrderWhen(canceled.Id, "canceled");
        PlacedOrder[] backordered = [await Placed(missing, "backordered"), await Placed(missing, "backordered")];
        return new(near, far, sku, other, rare, completed, returned, refunded, open, backordered, canceled);

        async Task<PlacedOrder> Placed(string item, string status) => Of(await merchant.OrderWhen(await merchant.Place((item, 1, 10m)), status));

        async Task<PlacedOrder> Completed(string item, int quantity = 1) => Of(await merchant.ShipAndDeliver(await merchant.Place((item, quantity, 10m))));
    }

    private static PlacedOrder Of(JsonNode order) => new(order["id"]!.GetValue<Guid>(), order["number"]!.GetValue<string>(), order["customerId"]!.GetValue<Guid>());

    private static async Task<Guid> Return(Merchant merchant, Guid order, string location)
    {
        var rma = await merchant.PostUntilAccepted("/v1/returns", new { orderId = order, reason = "too_small", lines = new[] { new { line = 1, quantity = 1 } } });
        await merchant.Post($"/v1/returns/{rma["id"]}/approve", new { });
        await merchant.Post($"/v1/returns/{rma["id"]}/receive", new { locationId = location, lines = new[] { new { line = 1, quantity = 1, disposition = "restocked" } } });
        await merchant.When($"/v1/returns/{rma["id"]}", it => it["status"]!.GetValue<string>() == "closed");
        return rma["id"]!.GetValue<Guid>();
    }
}
