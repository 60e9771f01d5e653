using Npgsql;

namespace Oms.SystemTests.Faults;

/// <summary>Payment gateways and carriers are other people's systems.</summary>
[Collection(typeof(FaultCollection))]
public sealed class OutsideTests(FaultPlatform platform)
{
    /// <summary>It has charged, and its answer is lost: asked again it answers the same, so that the customer pays once.</summary>
    [Fact]
    public async Task A_payment_gateway_that_times_out_after_charging_charges_once()
    {
        using var load = await Load.Prepare(platform, orders: 8);
        List<LoadOrder> lost = [.. Enumerable.Range(0, 8).Select(_ => new LoadOrder(Merchant.Unique("lost"), Fate.Delivered, "tok_timeout_once", [(load.Shelves.First, 1)]))];
        await load.While(async () =>
        {
            foreach (var order in lost)
                order.Id = (await load.Caller.Say("/v1/orders", order.Body, order.Number))["id"]!.GetValue<Guid>();
            foreach (var order in lost)
            {
                await load.Caller.Look($"/v1/orders/{order.Id}/fulfillment-orders", page => page["items"]!.AsArray().Count == 1);
                await load.Caller.Say($"/v1/orders/{order.Id}/cancellation", new { reason = "enough" }, $"{order.Number}-cancel");
            }
        });

        foreach (var order in lost)
            await load.Caller.Look($"/v1/orders/{order.Id}", it => it["payment"]!["voided"]!.GetValue<bool>());
        (await AuthorizationsOf(lost)).ShouldAllBe(entry => entry.Attempts == 2);
        await Invariants.Hold(platform, load);
    }

    /// <summary>The events of a parcel come one by one, the end first, each several times, from several callers at once.</summary>
    [Fact]
    public async Task A_carrier_that_says_everything_twice_and_in_any_order_delivers_once()
    {
        using var load = await Load.Prepare(platform, orders: 8);
        var merchant = Merchant.Of(platform.Platform);
        var id = await merchant.Place((load.Shelves.First, 1, 10m), (load.Shelves.Second, 2, 5m));
        var parcel = (await merchant.Ship(id)).Single();
        string[] said = [.. Enumerable.Repeat((string[])["DV", "IT", "PU", "OD", "AD"], 3).SelectMany(codes => codes)];
        new Random(FaultSettings.Seed).Shuffle(said);

        await load.While(() => Task.WhenAll(said.Select(code => merchant.Track(parcel, code))));

        await merchant.OrderWhen(id, "completed");
        var shipment = (await merchant.Get($"/v1/orders/{id}/shipments"))["items"]!.AsArray().Single()!;
        shipment["status"]!.GetValue<string>().ShouldBe("delivered");
        var timeline = await merchant.Get($"/v1/orders/{id}/timeline");
        timeline["items"]!.AsArray().Count(fact => fact!["type"]!.GetValue<string>() == "order_delivered").ShouldBe(1);
        load.Also((load.Shelves.First, 1), (load.Shelves.Second, 2));
        await Invariants.Hold(platform, load);
    }

    private async Task<List<(string Authorization, int Attempts)>> AuthorizationsOf(List<LoadOrder> orders)
    {
        await using var database = NpgsqlDataSource.Create(platform.Platform.ConnectionStrings["orderdb"]);
        await using var command = database.CreateCommand(
            """
            select entry.authorization_id, entry.attempts from oms.sandbox_payment entry
            join oms.mt_doc_order o on entry.authorization_id = o.data -> 'payment' ->> 'reference'
            where o.id = any($1) and entry.kind = 'authorization'
            """);
        command.Parameters.Add(new() { Value = orders.Select(order => order.Id).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        List<(string, int)> found = [];
        while (await reader.ReadAsync())
            found.Add((reader.GetString(0), reader.GetInt32(1)));
        found.Count.ShouldBe(orders.Count);
        return found;
    }
}
