using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Routing.V1;
using Oms.Routing.Domain;
using Oms.Testing;
using static Oms.Routing.Tests.RoutingFixture;

namespace Oms.Routing.Tests;

/// <summary>A database of its own: it looks at everything, and is damaged on purpose.</summary>
public sealed class ReconciliationTests(RoutingFixture service) : IClassFixture<RoutingFixture>
{
    [Fact]
    public async Task finds_what_was_tampered_with_and_nothing_else()
    {
        await service.Register("here", capacityPerDay: 50);
        await service.Register("there");
        await service.Stocked("MUG", "here", 5);
        var (first, second) = (Asked("MUG", 2), Asked("MUG"));
        foreach (var asked in new[] { first, second })
        {
            await service.Messages.Deliver(asked);
            await service.Messages.Hear<Contracts.Routing.V1.OrderRouted>(it => it.RoutingId == asked.RoutingId);
        }
        (await Differences()).ShouldBeEmpty();

        var models = new ReadModelDump(service.Services.GetRequiredService<IDocumentStore>());
        var gone = RoutingDecision.Key(first.OrderId, first.RoutingId);
        await models.Tamper(1, $"delete from oms.mt_doc_routingdecision where id = '{gone}'");
        await models.Tamper(1, "update oms.mt_doc_location set data = jsonb_set(data, '{details,name}', '\"Nowhere\"') where id = 'location/there'");
        await models.Tamper(1, "update oms.location_load set orders = orders + 1 where location_id = 'here'");

        (await Differences()).ShouldBe(
        [
            ("routing_decision_has_a_document", gone), ("location_is_the_fold_of_its_events", "location/there"), ("counted_orders_are_those_assigned", "here"),
        ], ignoreOrder: true);

        await models.Rebuild();
        (await Differences()).ShouldBe([("counted_orders_are_those_assigned", "here")]);
    }

    private async Task<IReadOnlyList<(string?, string?)>> Differences() => [.. (await service.Get("/v1/routing/reconciliation")).GetProperty("differences").EnumerateArray()
        .Select(it => (it.GetProperty("what").GetString(), it.GetProperty("key").GetString()))];
}
