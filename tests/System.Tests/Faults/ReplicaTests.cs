namespace Oms.SystemTests.Faults;

/// <summary>Of two processes of a service one dies and does not come back: the other takes over what it had in hand.</summary>
[Collection(typeof(FaultCollection))]
public sealed class ReplicaTests(FaultPlatform platform)
{
    private readonly int dies = FaultSettings.Seed % 2;

    /// <summary>The dead stay dead until everything has arrived and adds up.</summary>
    [Fact]
    public async Task The_death_of_one_of_two_processes_is_not_noticed()
    {
        using var load = await Load.Prepare(platform);
        var dying = platform.Platform.Services.Where(process => process.Service is "order" or "inventory" && process.Replica == dies).ToArray();
        try
        {
            await load.While(async () =>
            {
                await load.Reached(0.3);
                await Task.WhenAll(dying.Select(process => process.Process.KillForGood()));
            });
            await Invariants.Hold(platform, load);
            dying.ShouldAllBe(process => process.Process.Pid == 0);
        }
        finally
        {
            await Task.WhenAll(dying.Select(process => process.Process.Start()));
        }
    }

    /// <summary>Both sweep; whoever is left goes on, so that a process whose question got lost is reminded.</summary>
    [Fact]
    public async Task Deadlines_are_kept_by_the_process_that_is_left()
    {
        using var load = await Load.Prepare(platform, orders: 4);
        var merchant = Merchant.Of(platform.Platform);
        var dead = platform.Platform.Process("order", dies);
        await dead.KillForGood();
        try
        {
            // Nobody has it: the order waits for its next look, seconds later, and finds what has come meanwhile without being told.
            var sku = await merchant.Item();
            var id = (await load.Caller.Say("/v1/orders", Merchant.Order(Merchant.Unique("late"), (sku, 1, 5m)), $"late-{dies}-{sku}"))["id"]!.GetValue<Guid>();
            await load.Caller.Look($"/v1/orders/{id}", order => order["status"]!.GetValue<string>() == "backordered");
            var looks = await Looks(load, id, _ => true);
            await Looks(load, id, count => count >= looks + 2);

            await load.Caller.Say($"/v1/orders/{id}/cancellation", new { reason = "enough" }, $"{id}-cancel");
            await load.Caller.Look($"/v1/orders/{id}", order => order["status"]!.GetValue<string>() == "canceled");
            await load.While(() => Task.CompletedTask);
            await Invariants.Hold(platform, load);
        }
        finally
        {
            await dead.Start();
        }
    }

    private static async Task<int> Looks(Load load, Guid order, Func<int, bool> enough)
    {
        var count = 0;
        await load.Caller.Look($"/v1/orders/{order}/timeline", timeline =>
            enough(count = timeline["items"]!.AsArray().Count(fact => fact!["type"]!.GetValue<string>() == "routing_requested")));
        return count;
    }
}
