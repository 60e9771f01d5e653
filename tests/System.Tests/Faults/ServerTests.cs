namespace Oms.SystemTests.Faults;

/// <summary>Broker and database fail under load: what was accepted arrives, and what could not be accepted is accepted when it is said again.</summary>
[Collection(typeof(FaultCollection))]
public sealed class ServerTests(FaultPlatform platform)
{
    [Fact]
    public async Task A_broker_that_is_killed_under_load_loses_nothing()
    {
        using var load = await Load.Prepare(platform);
        await load.While(async () =>
        {
            await load.Reached(0.25);
            await platform.Servers.Rabbit!.Kill();
            await platform.Servers.Rabbit.WaitUntilReady();
        });
        await Invariants.Hold(platform, load);
    }

    /// <summary>One of the two processes that have accepted them dies meanwhile and does not come back: the other tells what both have accepted.</summary>
    [Fact]
    public async Task Without_a_broker_orders_are_accepted_and_arrive_when_it_is_back()
    {
        using var load = await Load.Prepare(platform, openMax: int.MaxValue);
        var dying = platform.Platform.Process("order", FaultSettings.Seed % 2);
        await platform.Servers.Rabbit!.Stop();
        try
        {
            await load.While(async () =>
            {
                await load.AllAccepted();
                await Pass(FaultSettings.Outage);
                (await Invariants.Untold(platform.Platform.ConnectionStrings["orderdb"])).ShouldBeGreaterThanOrEqualTo(load.Orders.Count);
                load.Caller.Unanswered.ShouldBe(0);
                await dying.KillForGood();
                await platform.Servers.Rabbit.Start();
            });
            await Invariants.Hold(platform, load);
        }
        finally
        {
            await dying.Start();
        }
    }

    /// <summary>The broker keeps its connections and takes nothing any more: to a publisher that is worse than one that is gone.</summary>
    [Fact]
    public async Task When_the_disk_of_the_broker_is_full_orders_are_accepted_and_arrive_when_it_is_not()
    {
        using var load = await Load.Prepare(platform, openMax: int.MaxValue);
        await platform.Servers.Demand(["-q", "set_disk_free_limit", "100000GB"], CancellationToken.None);
        await load.While(async () =>
        {
            await load.AllAccepted();
            await Pass(FaultSettings.Outage);
            (await Invariants.Untold(platform.Platform.ConnectionStrings["orderdb"])).ShouldBeGreaterThan(0, "The broker should take nothing.");
            load.Caller.Unanswered.ShouldBe(0);
            await platform.Servers.Demand(["-q", "set_disk_free_limit", "50MB"], CancellationToken.None);
        });
        await Invariants.Hold(platform, load);
    }

    [Fact]
    public async Task A_database_server_that_is_killed_under_load_loses_nothing()
    {
        using var load = await Load.Prepare(platform);
        var starts = platform.Servers.Postgres.Starts;
        await load.While(async () =>
        {
            await load.Reached(0.3);
            await platform.Servers.Postgres.Kill();
            await platform.Servers.Postgres.WaitUntilReady();
        });
        platform.Servers.Postgres.Starts.ShouldBeGreaterThan(starts);
        await Invariants.Hold(platform, load);
    }

    /// <summary>The length of the outage is the fault itself, and not a wait for anything.</summary>
    private static async Task Pass(TimeSpan time)
    {
        using var end = new PeriodicTimer(time);
        await end.WaitForNextTickAsync();
    }
}
