using Oms.AppHost.Local;

namespace Oms.SystemTests.Faults;

/// <summary>Every process may die between any two lines: the result is the same.</summary>
[Collection(typeof(FaultCollection))]
public sealed class KillTests(FaultPlatform platform)
{
    /// <summary>One process of each service at a time, and all processes of Order and of Inventory at once: until they are back nobody answers in their place.</summary>
    [Fact]
    public async Task Services_that_are_killed_again_and_again_lose_and_double_nothing()
    {
        using var load = await Load.Prepare(platform);
        var random = new Random(FaultSettings.Seed);
        var replicated = FaultPlatform.Services.Where(service => platform.Replicas(service) > 1);
        SupervisedProcess[][] strikes =
        [
            .. Enumerable.Range(0, FaultSettings.Rounds).SelectMany(round => FaultPlatform.Services, (round, service) =>
                (SupervisedProcess[])[platform.Platform.Process(service, (FaultSettings.Seed + round) % platform.Replicas(service))]),
            .. replicated.Select(service => platform.Platform.Services.Where(process => process.Service == service).Select(process => process.Process).ToArray()),
        ];
        random.Shuffle(strikes);

        await load.While(async () =>
        {
            foreach (var (index, strike) in strikes.Index())
            {
                await load.Reached(0.9 * (index + random.NextDouble()) / strikes.Length);
                await Task.WhenAll(strike.Select(process => process.Kill()));
            }
        });

        Load.Say($"{strikes.Sum(strike => strike.Length)} kills");
        await platform.WholeAgain(TestContext.Current.CancellationToken);
        await Invariants.Hold(platform, load);
    }

    /// <summary>All services die under the same load, each at another point; the seed says which at which, and with more rounds each has died at all of them.</summary>
    [Fact]
    public async Task A_process_that_dies_at_the_worst_moment_has_lost_and_doubled_nothing()
    {
        string[] points = ["before-commit", "after-commit", "after-publish", "before-acknowledge"];
        var (random, services) = (new Random(FaultSettings.Seed), FaultPlatform.Services.ToArray());
        random.Shuffle(services);
        for (var round = 0; round < (FaultSettings.Rounds > 1 ? points.Length : 1); round++)
        {
            using var load = await Load.Prepare(platform);
            // Returns tells nobody anything before a customer sends something back.
            (string Service, string Point)[] deaths =
                [.. services.Select((service, index) => (service, points[(index + round) % points.Length])).Where(death => death != ("returns", "after-publish"))];
            Load.Say(string.Join(", ", deaths.Select(death => $"{death.Service} {death.Point}")));
            foreach (var (service, point) in deaths)
                platform.CrashAt(service, point, pass: random.Next(1, 6));
            await AllDie(deaths, () => load.While(() => Task.CompletedTask));
            await Invariants.Hold(platform, load);
        }
    }

    /// <summary>What waited for a service while it was away comes to it many at a time; it dies around the commit of all of them.</summary>
    [Fact]
    public async Task A_process_that_dies_with_a_page_of_several_orders_has_lost_and_doubled_nothing()
    {
        const int streamsOfSeveralOrders = 4;
        (string Service, string Point)[] deaths = [("inventory", "before-commit"), ("inventory", "after-commit"), ("customer", "before-commit"), ("customer", "after-commit")];
        using var load = await Load.Prepare(platform);
        var away = platform.Platform.Services.Where(process => deaths.Any(death => death.Service == process.Service)).Select(process => process.Process).ToArray();
        await AllDie(deaths, async () =>
        {
            await Task.WhenAll(away.Select(process => process.KillForGood()));
            var rows = await load.Caller.Import("/v1/orders/import", load.Orders.Select(order => order.Body));
            await ReservationsWait([.. rows.Select(row => row["id"]!.GetValue<Guid>())], load.Caller);
            foreach (var (service, point) in deaths)
                platform.CrashAt(service, point, streams: streamsOfSeveralOrders..);
            await Task.WhenAll(away.Select(process => process.Start()));
            await load.While(() => Task.CompletedTask);
        }, startedBesides: away.Length);
        await Invariants.Hold(platform, load);
    }

    /// <summary>Until half of the orders wait for their stock.</summary>
    private static Task<string> ReservationsWait(Guid[] orders, PatientCaller caller) => PatientCaller.Until("The reservations", async () =>
    {
        var timelines = await Task.WhenAll(orders.Select(id => caller.Look($"/v1/orders/{id}/timeline")));
        var waiting = timelines.Count(timeline => timeline["items"]!.AsArray().Any(fact => fact!["type"]!.GetValue<string>() == "stock_reservation_requested"));
        return (waiting * 2 >= orders.Length ? "" : null, $"{waiting} wait");
    });

    private async Task AllDie((string Service, string Point)[] deaths, Func<Task> work, int startedBesides = 0)
    {
        var before = Starts();
        await work();
        deaths.Where(death => !platform.HasStruck(death.Service, death.Point)).ShouldBeEmpty("They should have died.");
        await PatientCaller.Until("Started again", () => Task.FromResult(((object?)(Starts() - before == deaths.Length + startedBesides ? "" : null), $"{Starts() - before} starts")));
        await platform.WholeAgain(TestContext.Current.CancellationToken);

        int Starts() => FaultPlatform.Services.Sum(platform.Starts);
    }

    /// <summary>The second page of rows dies with its process before its commit; sent again, the whole file dies after that commit; and is sent once more.</summary>
    [Fact]
    public async Task An_import_that_is_cut_off_in_the_middle_and_sent_again_has_every_order_once()
    {
        const int rows = 60, rowsPerCommit = 50;
        string[] points = ["before-commit-of-new", "after-commit-of-new"];
        using var load = await Load.Prepare(platform, orders: rows, openMax: rows);
        foreach (var point in points)
            platform.CrashAt("order", point, streams: ..(rowsPerCommit - 1));
        var outcomes = await load.Caller.Import("/v1/orders/import", load.Orders.Select(order => order.Body));

        points.ShouldAllBe(point => platform.HasStruck("order", point));
        // Both deaths are behind what the last answer tells: it finds the first page since the first sending, the second since the second.
        outcomes.Select(row => row["outcome"]!.GetValue<string>()).ShouldAllBe(outcome => outcome == "duplicate");
        // Placing them one by one finds them.
        await load.While(() => Task.CompletedTask);
        load.Orders.Select(order => order.Id).ShouldBe(outcomes.Select(row => row["id"]!.GetValue<Guid>()));
        await Invariants.Hold(platform, load);
    }
}
