using System.Net;
using Oms.AppHost.Local;
using Oms.Client;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests;

/// <summary>What others write against: the generated clients, on a real platform.</summary>
[Collection(typeof(FaultCollection))]
public sealed class ClientJourneys(FaultPlatform platform)
{
    private readonly Merchant merchant = Merchant.Of(platform.Platform);

    [Fact]
    public async Task The_CSharp_client_sells_ships_and_pages()
    {
        var (oms, location, sku) = (new OmsClient(merchant.Http), await merchant.Location(), await merchant.Item());
        await oms.ReceiveStockAsync(new() { LocationId = location, Lines = [new() { Sku = sku, Quantity = 10 }] }, idempotencyKey: $"receipt-{sku}");
        await oms.ReceiveStockAsync(new() { LocationId = location, Lines = [new() { Sku = sku, Quantity = 10 }] }, idempotencyKey: $"receipt-{sku}");
        (await oms.GetLevelAsync(sku, location)).OnHand.ShouldBe(10);

        var order = await oms.PlaceOrderAsync(Order(sku, quantity: 3, unitPrice: 9.99m));
        order.Total.ShouldBe(29.97m);
        await merchant.ShipAndDeliver(order.Id);

        var delivered = await oms.GetOrderAsync(order.Id);
        (delivered.Status, delivered.Payment.Captured).ShouldBe((OrderStatus.Completed, 29.97m));
        var movements = await oms.ListAllMovementsAsync(sku, limit: 1).ToListAsync();
        movements.Sum(it => it.Changes.GetValueOrDefault("onHand")).ShouldBe(7);
        movements.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task The_CSharp_client_tells_why_it_was_refused()
    {
        var (oms, sku) = (new OmsClient(merchant.Http), await merchant.Item());

        var unknown = await Should.ThrowAsync<OmsException>(() => oms.GetOrderAsync(Guid.CreateVersion7()));
        (unknown.Status, unknown.Code).ShouldBe((HttpStatusCode.NotFound, "order-not-found"));
        unknown.Problem!.TraceId.ShouldNotBeNullOrEmpty();

        var order = await oms.PlaceOrderAsync(Order(sku, quantity: 1, unitPrice: 1m));
        var stale = await Should.ThrowAsync<OmsException>(() => oms.HoldOrderAsync(order.Id, new() { Reason = "address" }, ifMatch: "\"0\""));
        stale.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        await CallOff(order.Id);
    }

    [Fact]
    public async Task The_CSharp_client_imports_many_orders_at_once()
    {
        var (oms, sku) = (new OmsClient(merchant.Http), await merchant.Item());

        var rows = await oms.ImportOrdersAsync([Order(sku, 1, 1m), Order("no such item", 1, 1m), Order(sku, 2, 1m)]).ToListAsync();

        rows.Count.ShouldBe(3);
        rows.Select(row => row.Code is null).ShouldBe([true, false, true]);
        await CallOff(rows[0].Id!.Value, rows[2].Id!.Value);
    }

    [Fact]
    public async Task The_TypeScript_client_passes_its_own_tests()
    {
        var said = await TypeScriptClient.Test(platform.Platform.Gateway, platform.Platform.ApiKey, _ => { }, CancellationToken.None);

        said.ShouldMatch(@"pass [1-9]");
        said.ShouldContain("skipped 0");
        said.ShouldContain("todo 0");
    }

    /// <summary>Nobody has what they want, and they would wait for ever.</summary>
    private async Task CallOff(params Guid[] orders)
    {
        foreach (var order in orders)
        {
            await merchant.Post($"/v1/orders/{order}/cancellation", new { reason = "a test" });
            await merchant.OrderWhen(order, "canceled");
        }
    }

    private static OrderBody Order(string sku, int quantity, decimal unitPrice)
    {
        var number = Merchant.Unique("cs");
        return new()
        {
            Channel = "online_store",
            ChannelOrderNumber = number,
            Customer = new() { Email = $"{number}@customers.example", Name = "Ann Example" },
            ShipTo = new() { Name = "Ann Example", Line1 = "1 Main St", City = "New York", Region = "NY", PostalCode = "10001", Country = "US" },
            Currency = "USD",
            Lines = [new() { Sku = sku, Quantity = quantity, UnitPrice = unitPrice }],
        };
    }
}
