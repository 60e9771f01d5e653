using System.Text.Json.Nodes;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests.Examples;

/// <summary>Everything that the API describes, done as its examples say: one merchant's first days.</summary>
[Collection(typeof(FaultCollection))]
public sealed class ExamplesTests(FaultPlatform platform) : IAsyncLifetime
{
    private readonly Merchant merchant = Merchant.Of(platform.Platform);
    private ExampleCaller examples = null!;

    public async ValueTask InitializeAsync() => examples = new(merchant.Http, await merchant.Get("/openapi/v1.json"));

    public ValueTask DisposeAsync()
    {
        merchant.Http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_operation_does_what_its_example_says_and_keeps_every_convention()
    {
        await TheMerchantSetsUp();
        await WhatNobodyHasIsHeldAndCanceled();
        await ALocationHandsBack();
        await AnOrderIsDeliveredAndComesBack();
        await KeysAndPeopleComeAndGo();
        foreach (var report in (string[])["Orders", "Inventory", "Routing", "Shipping", "Returns", "Customers", ""])
            await examples.Do($"Reconcile{report}");

        examples.NotCalled.ShouldBeEmpty();
    }

    private async Task TheMerchantSetsUp()
    {
        await All("RegisterLocation", "GetLocation", "DefineMarket", "GetMarket", "ListMarkets", "PutPostalCodes", "GetPostalCode");
        await examples.Do("GetRoutingStrategyVersion", new() { ["version"] = (await examples.Do("ChooseRoutingStrategy"))["version"]! });
        await All("GetRoutingStrategy", "RegisterItem", "GetItem", "RegisterItems", "ListItems", "ReceiveStock", "AdjustStock", "SetStock", "MoveStock");
        await All("GetInventory", "GetLevel", "ListLevels", "ListLocations");
        // The order of the examples itself: its id in them is the one that it gets.
        await All("ImportOrders", "CancelOrder");
    }

    private async Task WhatNobodyHasIsHeldAndCanceled()
    {
        var order = await Place(order => order["lines"]![0]!["sku"] = "MUG-2");
        await merchant.OrderWhen(order, "backordered");
        await examples.Do("ListBackorders");
        await All(Of(order), "HoldOrder", "ReleaseHold", "CancelOrder");
        await merchant.OrderWhen(order, "canceled");
    }

    private async Task ALocationHandsBack()
    {
        var order = await Place();
        var fulfillmentOrder = (await merchant.OpenFulfillmentOrders(order))[0];
        await examples.Do("ActOnFulfillmentOrders", change: batch => batch["actions"]!.AsArray().ToList().ForEach(action => action!["fulfillmentOrderId"] = fulfillmentOrder));
        await examples.Do("RejectFulfillmentOrder", new() { ["id"] = fulfillmentOrder });
        await examples.Do("CancelOrder", Of(order));
        await merchant.OrderWhen(order, "canceled");
    }

    private async Task AnOrderIsDeliveredAndComesBack()
    {
        var order = await Place();
        var id = new Dictionary<string, object> { ["id"] = (await merchant.OpenFulfillmentOrders(order))[0] };
        await All(id, "HoldFulfillmentOrder", "ReleaseFulfillmentOrderHold", "AcceptFulfillmentOrder", "PickPieces", "PackPieces", "GetFulfillmentOrder");
        var shipment = await examples.Do("ShipPieces", id);
        id["id"] = shipment["id"]!;
        await All(id, "GetShipment", "GetLabel");
        foreach (var code in (string[])["PU", "DV"])
        {
            await examples.Do("RecordTrackingEvents", change: batch =>
                (batch["events"]![0]!["trackingNumber"], batch["events"]![0]!["eventId"], batch["events"]![0]!["code"]) = (shipment["trackingNumber"]!.DeepClone(), code, code));
        }
        var completed = await merchant.OrderWhen(order, "completed");
        await All(Of(order), "GetOrder", "GetOrderTimeline", "RefundOrder", "GetRoutingDecision", "ListFulfillmentOrdersOfOrder", "ListShipmentsOfOrder");
        await examples.Do("GetOrderByNumber", new() { ["channelOrderNumber"] = completed["channelOrderNumber"]! });
        await All("ListOrders", "ListFulfillmentOrders", "ListShipments");
        var movements = await examples.Do("ListMovements");
        await examples.Do("GetReservation", new() { ["id"] = movements["items"]!.AsArray().First(it => it!["reservationId"] is not null)!["reservationId"]! });

        await examples.Do("CancelReturn", await Return(order));
        await examples.Do("DeclineReturn", await Return(order));
        var back = await Return(order);
        await All(back, "ApproveReturn", "ReceiveReturn", "GetReturn");
        await All(Of(order), "ListReturnsOfOrder");
        await examples.Do("ListReturns");

        var customer = new Dictionary<string, object> { ["customerId"] = completed["customerId"]! };
        await merchant.When($"/v1/customers/{completed["customerId"]}", it => it["ordersCount"]!.GetValue<int>() > 0);
        await All(customer, "GetCustomer", "ListOrdersOfCustomer");
        await examples.Do("ListCustomers");
    }

    private async Task KeysAndPeopleComeAndGo()
    {
        var created = await examples.Do("CreateApiKey");
        var key = new Dictionary<string, object> { ["keyId"] = created["key"]!["id"]! };
        await All(key, "GetApiKey", "RotateApiKey", "RevokeApiKey");
        await All("ListApiKeys", "ListRefusedRequests");

        var person = new Dictionary<string, object> { ["personId"] = (await examples.Do("CreatePerson"))["person"]!["id"]! };
        await All(person, "GetPerson", "ChangeRoles", "DeactivatePerson", "ActivatePerson", "ResetPerson");
        await examples.Do("ListPeople");
    }

    private async Task<Guid> Place(Action<JsonNode>? change = null) => (await examples.Do("PlaceOrder", change: order =>
    {
        order["channelOrderNumber"] = Merchant.Unique("example");
        change?.Invoke(order);
    }))["id"]!.GetValue<Guid>();

    // Returns hears of the delivery a moment later.
    private async Task<Dictionary<string, object>> Return(Guid order) =>
        new() { ["returnId"] = (await examples.Do("RequestReturn", change: it => it["orderId"] = order, whenPossible: true))["id"]! };

    private static Dictionary<string, object> Of(Guid order) => new() { ["orderId"] = order };

    private Task All(params string[] operations) => All([], operations);

    private async Task All(Dictionary<string, object> path, params string[] operations)
    {
        foreach (var operation in operations)
            await examples.Do(operation, path);
    }
}
