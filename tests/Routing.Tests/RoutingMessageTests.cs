using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Routing.Integration;
using static Oms.Routing.Tests.RoutingFixture;

namespace Oms.Routing.Tests;

/// <summary>Each test has SKUs and locations of its own.</summary>
public sealed class RoutingMessages(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    private async Task<OrderRouted> Routed(RouteOrder asked)
    {
        await service.Messages.Deliver(asked);
        return await service.Messages.Hear<OrderRouted>(it => it.RoutingId == asked.RoutingId);
    }

    private async Task<OrderUnroutable> Unroutable(RouteOrder asked)
    {
        await service.Messages.Deliver(asked);
        return await service.Messages.Hear<OrderUnroutable>(it => it.RoutingId == asked.RoutingId);
    }

    [Fact]
    public async Task an_order_is_routed_and_the_decision_explains_itself()
    {
        await service.Register("r1");
        await service.Stocked("R-1", "r1", 5);
        var asked = Asked("R-1", 2, postalCode: "99950");
        var routed = await Routed(asked);
        routed.OrderId.ShouldBe(asked.OrderId);
        routed.Assignments.Single().LocationId.ShouldBe("r1");
        routed.Assignments.Single().Lines.ShouldBe([new LineQuantity(1, "R-1", 2)]);
        routed.Assignments.Single().ShipBy.ShouldBeGreaterThan(routed.RoutedAt);
        routed.Unfillable.ShouldBeEmpty();

        var response = await service.Http.GetAsync($"/v1/orders/{asked.OrderId}/routing-decision");
        response.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var decision = await Body(response, 200);
        decision.GetProperty("outcome").GetString().ShouldBe("routed");
        decision.GetProperty("routingId").GetGuid().ShouldBe(asked.RoutingId);
        decision.GetProperty("strategyVersion").GetInt32().ShouldBe(0);
        decision.GetProperty("destination").GetRawText().ShouldBe("""{"country":"US","region":"New York","postalCode":"99950"}""");
        Values(decision.GetProperty("rules"), "type").ShouldBe(["minimize_splits", "stay_in_market", "ranked_locations", "closest"]);
        foreach (var rule in decision.GetProperty("rules").EnumerateArray())
            rule.GetProperty("ranking")[0].GetProperty("locationId").GetString().ShouldBe("r1");
        decision.GetProperty("assignments")[0].GetProperty("lines").GetRawText().ShouldBe("""[{"line":1,"sku":"R-1","quantity":2}]""");
        decision.GetProperty("attempts").GetArrayLength().ShouldBe(1);
        decision.GetRawText().ShouldNotContain("Buyer");
    }

    [Fact]
    public async Task a_request_that_comes_twice_is_decided_once()
    {
        await service.Register("t1");
        await service.Stocked("T-1", "t1", 5);
        var asked = Asked("T-1");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.Messages.Deliver(asked)));
        await service.Stocked("T-1", "t1", 0, version: 2);
        await service.Messages.Deliver(asked);

        await service.Messages.Hear<OrderRouted>(it => it.RoutingId == asked.RoutingId);
        service.Messages.Published<OrderRouted>().Count(it => it.RoutingId == asked.RoutingId).ShouldBe(1);
        service.Messages.Published<OrderUnroutable>().ShouldNotContain(it => it.RoutingId == asked.RoutingId);
        (await service.Decision(asked.OrderId)).GetProperty("attempts").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task every_attempt_is_kept()
    {
        await service.Register("e1");
        await service.Register("e2");
        await service.Stocked("E-1", "e1", 5);
        await service.Stocked("E-1", "e2", 5);
        var first = Asked("E-1", 2);
        (await Routed(first)).Assignments.Single().LocationId.ShouldBe("e1");
        var second = Asked("E-1", 2, first.OrderId, attempt: 2) with { Shortages = [new("E-1", "e1", 1)] };
        (await Routed(second)).Assignments.Single().LocationId.ShouldBe("e2");
        var third = Asked("E-1", 2, first.OrderId, attempt: 3) with { ExcludedLocations = ["e1", "e2"] };
        (await Unroutable(third)).Reason.ShouldBe("no_stock");

        var latest = await service.Decision(first.OrderId);
        latest.GetProperty("attempt").GetInt32().ShouldBe(3);
        latest.GetProperty("reason").GetString().ShouldBe("no_stock");
        latest.GetProperty("assignments").GetArrayLength().ShouldBe(0);
        Values(latest.GetProperty("attempts"), "outcome").ShouldBe(["routed", "routed", "unroutable"]);
        latest.GetProperty("excluded").EnumerateArray().Select(it => it.GetRawText()).ShouldContain("""{"locationId":"e1","why":"declined_this_order"}""");
        (await service.Decision(first.OrderId, attempt: 1)).GetProperty("assignments")[0].GetProperty("locationId").GetString().ShouldBe("e1");
        await Problem(await service.Http.GetAsync($"/v1/orders/{first.OrderId}/routing-decision?attempt=4"), 404, "routing-decision-not-found");
        await Problem(await service.Http.GetAsync($"/v1/orders/{Guid.CreateVersion7()}/routing-decision"), 404, "routing-decision-not-found");
        await Problem(await service.Http.GetAsync($"/v1/orders/{first.OrderId}/routing-decision?attempt=x"), 400, "malformed-request");
    }

    [Fact]
    public async Task old_news_about_a_level_is_ignored()
    {
        await service.Register("o1");
        await service.Stocked("O-1", "o1", 3, version: 9);
        await service.Stocked("O-1", "o1", 50, version: 8);
        await service.Stocked("O-1", "o1", 3, version: 9);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(it => service.Stocked("O-2", "o1", it, version: it)));

        (await Routed(Asked("O-1", 50))).Unfillable.Single().Quantity.ShouldBe(47);
        (await Routed(Asked("O-2", 50))).Unfillable.Single().Quantity.ShouldBe(30);
    }

    [Fact]
    public async Task pieces_that_were_just_planned_are_not_planned_again_before_inventory_has_answered()
    {
        await service.Register("q1");
        await service.Stocked("Q-1", "q1", 10);
        var asked = Enumerable.Range(0, 15).Select(_ => Asked("Q-1")).ToArray();
        await Task.WhenAll(asked.Select(it => service.Messages.Deliver(it)));
        await Unroutable(Asked("Q-1"));

        (await Task.WhenAll(asked.Select(it => service.Decision(it.OrderId)))).Count(it => it.GetProperty("outcome").GetString() == "routed").ShouldBe(10);
        // Two seconds later the view counts as it is.
        service.Clock.Advance(TimeSpan.FromSeconds(3));
        await Routed(Asked("Q-1"));
    }

    [Fact]
    public async Task a_location_at_capacity_gets_no_more_orders_that_day()
    {
        await service.Register("c1", capacityPerDay: 2);
        await service.Stocked("C-1", "c1", 100);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Routed(Asked("C-1"))));
        var refused = Asked("C-1");
        (await Unroutable(refused)).Reason.ShouldBe("no_stock");
        (await service.Decision(refused.OrderId)).GetProperty("excluded").EnumerateArray().Select(it => it.GetRawText()).ShouldContain("""{"locationId":"c1","why":"at_capacity"}""");

        service.Clock.Advance(TimeSpan.FromHours(25));
        await Routed(Asked("C-1"));
    }

    [Fact]
    public async Task a_change_of_a_location_counts_from_the_next_order_on()
    {
        await service.Register("n1");
        await service.Stocked("N-1", "n1", 100);
        await Routed(Asked("N-1"));
        await service.Register("n1", active: false);
        await Unroutable(Asked("N-1"));
        await service.Register("n1");
        await Routed(Asked("N-1"));
    }

    [Fact]
    public async Task a_destination_is_found_by_its_code_or_by_those_that_begin_like_it()
    {
        await service.Register("d1");
        await service.Stocked("D-1", "d1", 100);
        const string codes = """{"items":[{"country":"US","postalCode":"60601","latitude":41.8,"longitude":-87.6},{"country":"US","postalCode":"60602","latitude":41.9,"longitude":-87.7}]}""";
        (await service.Http.PutAsync("/v1/postal-codes", new StringContent(codes, System.Text.Encoding.UTF8, "application/json"))).IsSuccessStatusCode.ShouldBeTrue();

        async Task<string> Where(string code)
        {
            var asked = Asked("D-1", postalCode: code);
            await Routed(asked);
            return (await service.Decision(asked.OrderId)).GetProperty("destination").TryGetProperty("coordinates", out var point) ? point.GetRawText() : "nowhere";
        }
        (await Where("60601-1234")).ShouldBe("""{"latitude":41.8,"longitude":-87.6}""");
        (await Where("60699")).ShouldBe("""{"latitude":41.85,"longitude":-87.65}""");
        (await Where("90210")).ShouldBe("nowhere");
        (await Where("not a code")).ShouldBe("nowhere");
    }

    [Fact]
    public void a_request_for_nothing_is_a_bug_of_the_sender()
    {
        Should.Throw<ArgumentException>(() => RouteOrderConsumer.Read(Asked("X-1", quantity: 0)));
        Should.Throw<ArgumentException>(() => RouteOrderConsumer.Read(Asked("X-1") with { Lines = [] }));
    }

    [Fact]
    public async Task a_decision_belongs_to_the_trace_of_its_order()
    {
        await service.Register("z1");
        await service.Stocked("Z-1", "z1", 100);
        var asked = Asked("Z-1");
        using var activity = new Activity("order").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await Routed(asked);

        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var facts = await session.Events.FetchStreamAsync(Domain.RoutingDecision.Key(asked.OrderId, asked.RoutingId));
        facts.Single().CorrelationId.ShouldNotBeNull().ShouldContain(activity.TraceId.ToHexString());
    }
}
