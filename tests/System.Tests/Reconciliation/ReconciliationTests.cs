using System.Net;
using System.Text.Json.Nodes;

namespace Oms.SystemTests.Reconciliation;

/// <summary>A check that finds nothing proves nothing until it has been shown to find what is there.</summary>
public sealed class ReconciliationTests(StoresFixture stores) : IClassFixture<StoresFixture>
{
    [Fact]
    public async Task What_is_planted_is_named_and_nothing_else_and_a_rebuild_mends_what_can_be_mended()
    {
        var world = await World.Make(stores);
        await LetBackordersRest();
        var (clean, shown) = await stores.Launch("verify");
        clean.ShouldBe(0, shown);

        var plants = new Plants(stores, world);
        await plants.All();
        plants.Expected.Count.ShouldBe(37);

        var report = await stores.Merchant.Get("/v1/reconciliation");
        Named(report).ShouldBe(plants.Expected.Order());
        report["differencesFound"]!.GetValue<long>().ShouldBe(37);
        var (exitCode, output) = await stores.Launch("verify");
        exitCode.ShouldBe(1, output);
        plants.Expected.ShouldAllBe(it => output.Contains($": {it.What}, {it.Key}: expected ", StringComparison.Ordinal));

        // Documents come from events; what the events themselves say, and what is kept of others, does not.
        string[] services = ["Order", "Inventory", "Routing", "Shipping", "Returns", "Customer"];
        (await Task.WhenAll(services.Select(service => stores.RunService(service, "rebuild")))).ShouldAllBe(rebuild => rebuild.ExitCode == 0);
        Named(await stores.Merchant.Get("/v1/reconciliation")).Select(it => it.What).ShouldBe([
            "a_final_order_has_a_final_process", "availability_in_routing", "availability_in_routing", "capture_in_customer", "committed_is_what_reservations_hold",
            "counted_orders_are_those_assigned", "counts_after_movement", "customer_totals_are_those_of_the_orders", "decision_in_routing", "every_parcel_has_its_capture",
            "hold_in_inventory", "item_in_catalog", "item_in_catalog", "item_in_catalog", "location_in_inventory", "order_in_customer",
        ]);

        await stores.Kill("shipping");
        await HalfAReportIsNone();
    }

    /// <summary>Orders without stock ask again at ever longer intervals; for this test they have asked often enough.</summary>
    private async Task LetBackordersRest()
    {
        await stores.Merchant.When("/v1/reconciliation", _ => true);
        const string Waiting = "from oms.mt_doc_fulfillmentstate where data ->> 'currentState' = 'Backordered'";
        while (await stores.Read<long>("order", $"select count(*) {Waiting} and (data ->> 'backorderAttempt')::int > 1 and due_at > now() + interval '12 hours'") < 2)
        {
            if (await stores.Read<long>("order", $"select count(*) {Waiting} and (data ->> 'backorderAttempt')::int > 1") == 2)
                await stores.Change("order", 2, $"update oms.mt_doc_fulfillmentstate set due_at = now() + interval '1 day' where id in (select id {Waiting})");
            // Long enough for a reminder that was already on its way.
            await stores.Merchant.Get("/v1/reconciliation");
        }
    }

    private async Task HalfAReportIsNone()
    {
        // The launcher starts it again within seconds; until then there is either no report or a whole one.
        for (var look = 0; look < 3; look++)
        {
            using var answer = await stores.Merchant.Http.GetAsync("/v1/reconciliation");
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            if (answer.StatusCode == HttpStatusCode.OK)
                body["services"]!.AsObject().Count.ShouldBe(6);
            else
                (answer.StatusCode, body["code"]!.GetValue<string>()).ShouldBe((HttpStatusCode.ServiceUnavailable, "service-unavailable"));
        }
    }

    private static IEnumerable<(string What, string Key)> Named(JsonNode report) => report["services"]!.AsObject().Select(it => it.Value!).Append(report["across"]!)
        .SelectMany(it => it["differences"]!.AsArray()).Select(it => (What: it!["what"]!.GetValue<string>(), Key: it["key"]!.GetValue<string>())).Order();
}
