namespace Oms.SystemTests;

/// <summary>Everything may die between any two lines: the result is the same.</summary>
public sealed class Faults(PlatformFixture platform)
{
    private const int Orders = 24;

    private readonly Merchant merchant = platform.Merchant();

    [Theory]
    [InlineData("order")]
    [InlineData("inventory")]
    [InlineData("routing")]
    [InlineData("shipping")]
    public async Task A_service_that_is_killed_under_load_loses_and_doubles_nothing(string service)
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, Orders);

        // The service dies between the commits of these orders and what follows from them; it is started again by the launcher.
        var placing = Enumerable.Range(0, Orders).Select(async index =>
        {
            var body = Merchant.Order(Merchant.Unique($"kill-{service}"), (sku, 1, 10m));
            if (index == Orders / 2)
                await platform.Platform.Kill(service);
            return (await merchant.PostUntilAccepted("/v1/orders", body))["id"]!.GetValue<Guid>();
        });
        var ids = await Task.WhenAll(placing);

        ids.Distinct().Count().ShouldBe(Orders);
        foreach (var id in ids)
            (await merchant.OpenFulfillmentOrders(id)).Count.ShouldBe(1);
        var level = await merchant.When($"/v1/inventory/{sku}/levels/{location}", it => it["committed"]!.GetValue<int>() == Orders);
        (level["available"]!.GetValue<int>(), level["onHand"]!.GetValue<int>()).ShouldBe((0, Orders));
        (await merchant.Get("/v1/inventory/reconciliation"))["differences"]!.AsArray().ShouldBeEmpty();
        (await platform.Platform.Servers.CountErrorQueueMessages()).ShouldBe(0);
    }

    [Fact]
    public async Task Without_its_broker_the_platform_goes_on_accepting_and_catches_up()
    {
        var (location, sku) = (await merchant.Location(), await merchant.Item());
        await merchant.Receive(location, sku, 5);
        await merchant.When($"/v1/inventory/{sku}/levels/{location}", level => level["available"]!.GetValue<int>() == 5);

        await platform.Platform.Servers.Rabbit!.Kill();                 // the launcher starts it again, which takes seconds
        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => merchant.Place((sku, 1, 10m))));

        foreach (var id in ids)
            await merchant.OpenFulfillmentOrders(id);
    }
}
