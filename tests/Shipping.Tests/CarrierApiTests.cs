using System.Net.Http.Json;
using System.Text.Json;
using Oms.Contracts.Shipping.V1;
using Oms.Kernel;
using static Oms.Shipping.Tests.ShippingFixture;

namespace Oms.Shipping.Tests;

/// <summary>Labels are bought outside the commit: whatever happens in between, there is one label for one parcel.</summary>
public sealed class CarrierApiTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    private static Guid Parcel(Guid fulfillmentOrder, int number = 0) => Ids.Derive("shipment", $"{fulfillmentOrder:N}", $"{number}");

    private static readonly object AMug = new { lines = new[] { new { line = 1, quantity = 1 } } };

    [Fact]
    public async Task a_process_that_dies_after_buying_buys_no_second_label()
    {
        var id = await service.Accepted();
        service.Carrier.DiesAfterBuying.Add(Parcel(id));
        ((int)(await service.Act(id, "ship", AMug, key: $"ship-{id}")).StatusCode).ShouldBe(500);
        (await service.Get(id)).GetProperty("version").GetInt32().ShouldBe(2);

        var shipment = await Body(await service.Act(id, "ship", AMug, key: $"ship-{id}"), 201);
        shipment.GetProperty("id").GetGuid().ShouldBe(Parcel(id));
        service.Carrier.Asked(Parcel(id)).ShouldBe(2);
        service.Carrier.Asked(Parcel(id, 1)).ShouldBe(0);
    }

    [Fact]
    public async Task a_request_whose_answer_got_lost_ships_once_and_asks_no_carrier_again()
    {
        var id = await service.Accepted();
        var first = await Body(await service.Act(id, "ship", AMug, key: $"ship-{id}"), 201);
        var again = await service.Act(id, "ship", AMug, key: $"ship-{id}");
        (await Body(again, 201)).GetRawText().ShouldBe(first.GetRawText());
        again.Headers.Location!.ToString().ShouldBe($"/v1/shipments/{Parcel(id)}");
        (service.Carrier.Asked(Parcel(id)), service.Carrier.Asked(Parcel(id, 1))).ShouldBe((1, 0));
        (await service.Get(id)).GetProperty("shipments").GetArrayLength().ShouldBe(1);
        await service.Messages.Hear<ShipmentDispatched>(it => it.FulfillmentOrderId == id);
        service.Messages.Published<ShipmentDispatched>().Count(it => it.FulfillmentOrderId == id).ShouldBe(1);
    }

    [Fact]
    public async Task two_at_once_make_one_parcel()
    {
        var id = await service.Accepted();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.Act(id, "ship")));
        answers.Select(it => (int)it.StatusCode).Order().ShouldBe([200, 200, 200, 200, 200, 201]);
        (await service.Get($"/v1/shipments/{Parcel(id)}")).GetProperty("version").GetInt32().ShouldBe(1);
        service.Carrier.Asked(Parcel(id, 1)).ShouldBe(0);
    }

    [Fact]
    public async Task a_carrier_that_does_not_answer_changes_nothing()
    {
        var id = await service.Accepted(postalCode: "00000");
        var answer = await service.Act(id, "ship");
        answer.Headers.GetValues("Retry-After").ShouldBe(["1"]);
        await Problem(answer, 503, "carrier-unavailable");
        var it = await service.Get(id);
        (it.GetProperty("version").GetInt32(), it.GetProperty("status").GetString()).ShouldBe((2, "in_progress"));
        await Problem(await service.Http.GetAsync($"/v1/shipments/{Parcel(id)}"), 404, "shipment-not-found");
        await Problem(await service.Act(id, "ship", new { carrier = "sandbox-down" }), 503, "carrier-unavailable");
        await Body(await service.Act(id, "ship"), 201);
    }

    [Fact]
    public async Task the_label_is_rendered_for_printers()
    {
        var shipment = await service.Shipped();
        var answer = await service.Http.GetAsync($"/v1/shipments/{shipment.GetProperty("id")}/label");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var zpl = await answer.Content.ReadAsStringAsync();
        zpl.ShouldStartWith("^XA");
        zpl.ShouldContain(shipment.GetProperty("trackingNumber").GetString()!);
        zpl.ShouldContain("Ann Example");
    }

    [Fact]
    public async Task a_batch_takes_many_fulfillment_orders_from_open_to_shipped()
    {
        List<Guid> ids = [];
        for (var count = 0; count < 4; count++)
            ids.Add((await service.Created()).Id);
        (Guid, string)[] actions = [.. ids.SelectMany(id => new[] { "accept", "pick", "pack", "ship" }.Select(action => (id, action)))];

        var results = (await service.Batch(actions)).GetProperty("results");
        Outcomes(results).ShouldAllBe(outcome => outcome == "done");
        results.EnumerateArray().Where(it => it.TryGetProperty("shipment", out _)).Select(it => it.GetProperty("shipment").GetProperty("id").GetGuid())
            .ShouldBe(ids.Select(id => Parcel(id)));
        foreach (var id in ids)
            (await service.Messages.Hear<ShipmentDispatched>(it => it.FulfillmentOrderId == id)).Closed.ShouldBeTrue();

        var again = (await service.Batch(actions)).GetProperty("results");
        Outcomes(again).ShouldAllBe(outcome => outcome == "unchanged");
        again[3].GetProperty("shipment").GetRawText().ShouldBe(results[3].GetProperty("shipment").GetRawText());
        ids.ShouldAllBe(id => service.Carrier.Asked(Parcel(id)) == 1);
    }

    [Fact]
    public async Task a_bad_row_stops_no_other()
    {
        var (good, unlucky, rejected) = (await service.Accepted(), await service.Accepted("00000"), await service.Accepted());
        var results = (await Body(await service.Http.PostAsJsonAsync("/v1/fulfillment-orders/batch", new
        {
            actions = new object?[]
            {
                new { fulfillmentOrderId = good, action = "ship" }, new { fulfillmentOrderId = Guid.CreateVersion7(), action = "ship" }, null,
                new { fulfillmentOrderId = unlucky, action = "ship" }, new { fulfillmentOrderId = unlucky, action = "pick" },
                new { fulfillmentOrderId = rejected, action = "reject", reason = "damaged" }, new { fulfillmentOrderId = rejected, action = "reject" },
                new { fulfillmentOrderId = rejected, action = "ship" }, new { fulfillmentOrderId = good, action = "dance" }, new { action = "ship" },
            },
        }), 200)).GetProperty("results");

        Outcomes(results).ShouldBe(["done", "refused", "refused", "refused", "done", "done", "refused", "refused", "refused", "refused"]);
        results.EnumerateArray().Select(it => it.TryGetProperty("code", out var code) ? code.GetString() : null).ShouldBe(
        [
            null, "fulfillment-order-not-found", "invalid-action", "carrier-unavailable", null, null, "invalid-action", "fulfillment-order-rejected",
            "invalid-action", "invalid-action",
        ]);
        results[6].GetProperty("errors").GetProperty("reason")[0].GetString().ShouldBe("is required");
        (await service.Get(unlucky)).GetProperty("lines")[0].GetProperty("picked").GetInt32().ShouldBe(3);
        (await service.Batch((unlucky, "ship"))).GetProperty("results")[0].GetProperty("outcome").GetString().ShouldBe("done");
    }

    [Fact]
    public async Task a_batch_has_its_bounds()
    {
        await Problem(await service.Http.PostAsJsonAsync("/v1/fulfillment-orders/batch", new { actions = Array.Empty<object>() }), 422, "invalid-batch");
        await Problem(await service.Http.PostAsJsonAsync("/v1/fulfillment-orders/batch",
            new { actions = Enumerable.Range(0, 101).Select(_ => new { fulfillmentOrderId = Guid.CreateVersion7(), action = "pick" }) }), 422, "invalid-batch");
        await Problem(await service.Http.PostAsJsonAsync("/v1/fulfillment-orders/batch", new { }), 400, "malformed-request");
    }

    [Fact]
    public async Task each_fact_of_a_batch_joins_the_trace_of_its_own_order()
    {
        var (first, second) = (await service.Created(), await service.Created());
        await service.Batch((first.Id, "accept"), (second.Id, "accept"), (first.Id, "ship"));
        foreach (var stream in new[] { first.Id, second.Id })
        {
            var traces = (await service.Story(stream)).Select(e => ServiceDefaults.Tracing.TraceId(e.CorrelationId)).Distinct().ToList();
            traces.ShouldHaveSingleItem().ShouldNotBeNull();
        }
        (await service.Story(Parcel(first.Id)))[0].CorrelationId![..35].ShouldBe((await service.Story(first.Id))[0].CorrelationId![..35]);
    }
}
