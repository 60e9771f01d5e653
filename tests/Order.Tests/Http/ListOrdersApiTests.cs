using System.Text.Json;
using Oms.Contracts.Inventory.V1;
using static Oms.Orders.Tests.OrderFixture;

namespace Oms.Orders.Tests.Http;

public sealed class ListOrdersApiTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private async Task<List<JsonElement>> List(string query) => [.. (await service.Get($"/v1/orders?{query}")).GetProperty("items").EnumerateArray()];

    private static Guid Id(JsonElement order) => order.GetProperty("id").GetGuid();

    private async Task<Guid> Placed(string channel, DateTimeOffset? at = null, string? email = null) =>
        Id(await Answer(await service.Post(Body(channel: channel, placedAt: at, email: email)), 201));

    [Fact]
    public async Task newest_come_first_and_those_of_the_same_moment_once()
    {
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        List<Guid> placed = [];
        for (var number = 0; number < 9; number++)
            placed.Add(await Placed("paged", noon.AddTicks(number / 3)));                    // ticks are finer than the database's microseconds
        List<JsonElement> walked = [];
        for (var query = "channel=paged&limit=2"; ;)
        {
            var page = await service.Get($"/v1/orders?{query}");
            walked.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next", out var next))
                break;
            page.GetProperty("items").GetArrayLength().ShouldBe(2);
            query = $"channel=paged&limit=2&after={next.GetString()}";
        }
        walked.Select(Id).ShouldBe(placed, ignoreOrder: true);
        (await List("channel=paged")).Select(Id).ShouldBe(walked.Select(Id));
        (await service.Get("/v1/orders?channel=paged&limit=9")).TryGetProperty("next", out _).ShouldBeFalse();

        await Placed("paged", noon.AddHours(-1));
        var latest = await Placed("paged", noon.AddHours(1));
        (await List("channel=paged&limit=1")).Select(Id).ShouldBe([latest]);
    }

    [Fact]
    public async Task pages_stay_right_while_orders_are_being_placed()
    {
        var before = await Task.WhenAll(Enumerable.Range(0, 25).Select(number => Placed("busy", Given.Noon.AddMinutes(number % 7))));
        using var enough = new CancellationTokenSource();
        var placing = Task.Run(async () =>
        {
            for (var number = 0; !enough.IsCancellationRequested; number++)
                await Placed("busy", Given.Noon.AddMinutes(number % 11));
        });
        List<Guid> walked = [];
        for (string? after = null; ;)
        {
            var page = await service.Get($"/v1/orders?channel=busy&limit=3{(after is null ? "" : $"&after={after}")}");
            walked.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            if (!page.TryGetProperty("next", out var next))
                break;
            after = next.GetString();
        }
        await enough.CancelAsync();
        await placing;
        walked.Distinct().Count().ShouldBe(walked.Count);
        before.Except(walked).ShouldBeEmpty();
    }

    [Fact]
    public async Task orders_are_found_by_channel_status_customer_and_time()
    {
        var noon = new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var early = await Placed("found", noon, "bob@example.com");
        var late = await Placed("found", noon.AddHours(2), "Bob@Example.com ");
        var other = await Placed("found", noon.AddHours(1), "eve@example.com");
        (await List("channel=found")).Select(Id).ShouldBe([late, other, early]);
        (await List($"customerId={(await service.Order(early)).CustomerId}")).Select(Id).ShouldBe([late, early]);
        (await List("channel=found&placedFrom=2025-06-01T13:00:00Z")).Select(Id).ShouldBe([late, other]);
        (await List("channel=found&placedTo=2025-06-01T15:00:00%2B02:00")).Select(Id).ShouldBe([early]);
        (await List("channel=found&placedFrom=2025-06-01T13:00:00Z&placedTo=2025-06-01T13:00:00.001Z")).Select(Id).ShouldBe([other]);
        (await List("channel=no-such")).ShouldBeEmpty();
        (await List($"customerId={Guid.CreateVersion7()}")).ShouldBeEmpty();

        await Until(async () => (await List("channel=found&status=routing")).Count == 3, () => Task.FromResult("They are not routed."));
        var held = Id(await Answer(await service.Post(Body(channel: "found", lines: [new { sku = "MUG", quantity = 1, unitPrice = 60_000 }])), 201));
        (await List("channel=found&status=on_hold")).Select(Id).ShouldBe([held]);
        (await List("channel=found&status=partially_returned")).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_makes_no_sense_is_refused()
    {
        foreach (var (query, status, code) in ((string, int, string)[])
        [
            ("limit=0", 422, "invalid-limit"), ("limit=-1", 422, "invalid-limit"), ("limit=201", 422, "invalid-limit"), ("limit=x", 400, "malformed-request"),
            ("limit=99999999999", 400, "malformed-request"), ("after=x", 422, "invalid-cursor"), ("after=%00", 400, "malformed-request"), ("after=MTIz", 422, "invalid-cursor"),
            ("status=lost", 422, "invalid-status"), ("status=OnHold", 422, "invalid-status"), ("status=1", 422, "invalid-status"),
            ("customerId=bob", 400, "malformed-request"), ("channel=%00", 400, "malformed-request"), ("placedFrom=yesterday", 400, "malformed-request"),
        ])
            await Problem(await service.Http.GetAsync($"/v1/orders?{query}"), status, code);
    }

    /// <summary>One that reached the database would make the next request on that connection fail.</summary>
    [Fact]
    public async Task a_zero_in_a_filter_harms_nobody_else()
    {
        for (var time = 0; time < 5; time++)
        {
            await Problem(await service.Http.GetAsync("/v1/orders?channel=a%00b&limit=7"), 400, "malformed-request");
            await List("channel=a&limit=7");
        }
    }

    [Fact]
    public async Task strange_filters_find_nothing()
    {
        foreach (var query in (string[])["channel=' or 1=1 --", $"channel={new string('x', 5_000)}", "placedFrom=9999-12-31T23:59:59Z", "placedTo=0001-01-01T00:00:00Z"])
            (await List(query)).ShouldBeEmpty(query);
        // A cursor for the end of time and the beginning of it.
        (await List("channel=found&placedFrom=0001-01-01T00:00:00Z&limit=1")).Count.ShouldBeLessThanOrEqualTo(1);
    }
}
