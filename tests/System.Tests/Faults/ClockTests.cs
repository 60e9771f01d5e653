using System.Text.Json.Nodes;

namespace Oms.SystemTests.Faults;

/// <summary>What waits is woken when its time has come, also when the clock jumps there, and works on when it jumps back.</summary>
[Collection(typeof(FaultCollection))]
public sealed class ClockTests(FaultPlatform platform)
{
    private static readonly TimeSpan PaymentAwaited = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerAwaited = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PeopleAwaited = TimeSpan.FromDays(30);

    /// <summary>The gateway has perhaps charged and never answers: it is asked again, then people are, and then nobody waits any longer.</summary>
    [Fact]
    public async Task A_payment_gateway_that_never_answers_ends_with_people_and_then_with_nothing()
    {
        using var load = await Load.Prepare(platform);
        var id = await PlaceUnpaid(load);
        var clock = TimeSpan.Zero;
        await load.While(async () =>
        {
            // The first question and five reminders.
            for (var asked = 1; asked <= 6; asked++)
            {
                var questions = asked;
                await load.Caller.Look($"/v1/orders/{id}/timeline", timeline => Facts(timeline, "payment_authorization_requested") >= questions);
                platform.MoveClock("order", clock += PaymentAwaited + TimeSpan.FromSeconds(1));
            }

            var held = await load.Caller.Look($"/v1/orders/{id}", order => order["holds"]!.AsArray().Count > 0);
            held["holds"]![0]!["reason"]!.GetValue<string>().ShouldBe("payment_unknown");
            platform.MoveClock("order", clock += PeopleAwaited + TimeSpan.FromSeconds(1));
            await load.Caller.Look($"/v1/orders/{id}", order => order["status"]!.GetValue<string>() == "canceled");
            // And back, while the others are on their way.
            platform.MoveClock("order", TimeSpan.Zero);
        });
        await Invariants.Hold(platform, load);
    }

    [Fact]
    public async Task A_route_that_is_not_answered_is_asked_for_again_and_taken_once()
    {
        using var load = await Load.Prepare(platform, openMax: int.MaxValue);
        var routing = platform.Platform.Process("routing");
        await routing.KillForGood();
        await load.While(async () =>
        {
            await load.AllAccepted();
            var waiting = load.Orders.First(order => order.Fate == Fate.Delivered).Id;
            await load.Caller.Look($"/v1/orders/{waiting}/timeline", timeline => Facts(timeline, "routing_requested") == 1);
            platform.MoveClock("order", AnswerAwaited + TimeSpan.FromSeconds(1));
            await load.Caller.Look($"/v1/orders/{waiting}/timeline", timeline => Facts(timeline, "routing_requested") == 2);
            platform.MoveClock("order", TimeSpan.Zero);
            await routing.Start();
        });
        await Invariants.Hold(platform, load);
    }

    private static async Task<Guid> PlaceUnpaid(Load load)
    {
        var order = new LoadOrder(Merchant.Unique("unpaid"), Fate.Declined, "tok_timeout", [(load.Shelves.First, 1)]);
        return (await load.Caller.Say("/v1/orders", order.Body, order.Number))["id"]!.GetValue<Guid>();
    }

    private static int Facts(JsonNode timeline, string type) =>
        timeline["items"]!.AsArray().Count(fact => fact!["type"]!.GetValue<string>() == type);
}
