using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Oms.Shipping.Domain;
using static Oms.Shipping.Tests.ShippingFixture;

namespace Oms.Shipping.Tests;

public sealed class FulfillmentOrderApiTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    private static string Text(JsonElement it, string member) => it.GetProperty(member).GetString()!;

    private static Guid Id(JsonElement it) => it.GetProperty("id").GetGuid();

    [Fact]
    public async Task goes_from_open_to_closed_step_by_step()
    {
        var (id, order) = await service.Created();
        var created = await service.Http.GetAsync($"/v1/fulfillment-orders/{id}");
        created.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var it = await Body(created, 200);
        (Text(it, "status"), Text(it, "requestStatus"), Text(it, "locationId"), Text(it, "orderNumber"), Text(it, "serviceLevel"))
            .ShouldBe(("open", "submitted", "nyc", "#1001", "express"));
        Text(it.GetProperty("shipTo"), "postalCode").ShouldBe("10001");
        it.GetProperty("shipBy").GetDateTimeOffset().ShouldBe(Given.Noon);

        it = await Body(await service.Act(id, "accept"), 200);
        (Text(it, "status"), Text(it, "requestStatus")).ShouldBe(("in_progress", "accepted"));
        await Body(await service.Act(id, "pick", new { lines = new[] { new { line = 1, quantity = 2 } } }), 200);
        await Body(await service.Act(id, "pick"), 200);
        it = await Body(await service.Act(id, "pack", new { weightGrams = 900 }), 200);
        it.GetProperty("lines")[0].GetRawText().ShouldBe(
            """{"line":1,"sku":"MUG","quantity":3,"picked":3,"packed":3,"shipped":0,"canceled":0,"rejected":0}""");

        var answer = await service.Act(id, "ship");
        var shipment = await Body(answer, 201);
        answer.Headers.Location!.ToString().ShouldBe($"/v1/shipments/{Id(shipment)}");
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
        (Text(shipment, "status"), Text(shipment, "carrier"), Text(shipment, "service")).ShouldBe(("label_purchased", "sandbox", "Sandbox Overnight"));
        shipment.GetProperty("weightGrams").GetInt32().ShouldBe(900);
        (shipment.GetProperty("orderId").GetGuid(), shipment.GetProperty("fulfillmentOrderId").GetGuid()).ShouldBe((order, id));
        shipment.GetProperty("lines").GetRawText().ShouldBe("""[{"line":1,"sku":"MUG","quantity":3},{"line":2,"sku":"PLATE","quantity":2}]""");

        it = await service.Get(id);
        (Text(it, "status"), Text(it, "requestStatus"), it.GetProperty("version").GetInt32()).ShouldBe(("closed", "closed", 6));
        it.GetProperty("shipments")[0].GetGuid().ShouldBe(Id(shipment));
        (await service.Get($"/v1/shipments/{Id(shipment)}")).GetRawText().ShouldBe(shipment.GetRawText());
        (await service.Get($"/v1/orders/{order}/shipments")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await service.Get($"/v1/shipments?trackingNumber={Text(shipment, "trackingNumber")}")).GetProperty("items")[0].GetRawText()
            .ShouldBe(shipment.GetRawText());
    }

    [Fact]
    public async Task a_part_ships_first_and_the_rest_later()
    {
        var id = await service.Accepted();
        var first = await Body(await service.Act(id, "ship", new { lines = new[] { new { line = 1, quantity = 1 } } }), 201);
        Text(await service.Get(id), "status").ShouldBe("in_progress");
        var second = await Body(await service.Act(id, "ship"), 201);
        Text(second, "trackingNumber").ShouldNotBe(Text(first, "trackingNumber"));
        (await Body(await service.Act(id, "ship"), 200)).GetRawText().ShouldBe(second.GetRawText());

        var fact = (PiecesShipped)(await service.Story(id))[2].Data;
        fact.Lines.ShouldBe([new(1, "MUG", 1, 1, 1)]);
    }

    [Fact]
    public async Task the_rest_of_a_partial_shipment_can_be_rejected()
    {
        var id = await service.Accepted();
        await Body(await service.Act(id, "ship", new { lines = new[] { new { line = 1, quantity = 1 } } }), 201);
        var it = await Body(await service.Act(id, "reject", new { reason = "damaged" }), 200);
        (Text(it, "status"), Text(it, "requestStatus")).ShouldBe(("incomplete", "closed"));
        it.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("rejected").GetInt32()).ShouldBe([2, 2]);
        (await Body(await service.Act(id, "reject", new { reason = "again" }), 200)).GetProperty("version").GetInt32()
            .ShouldBe(it.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task holds_are_told_apart_by_their_reasons()
    {
        var id = await service.Accepted();
        await Body(await service.Act(id, "hold", new { reason = "awaiting_payment", note = "card" }), 200);
        var it = await Body(await service.Act(id, "hold", new { reason = "incorrect_address" }), 200);
        Text(it, "status").ShouldBe("on_hold");
        it.GetProperty("holds").EnumerateArray().Select(hold => Text(hold, "reason")).ShouldBe(["awaiting_payment", "incorrect_address"]);
        await Problem(await service.Act(id, "ship"), 409, "fulfillment-order-on-hold");
        Text(await Body(await service.Act(id, "release-hold", new { reason = "awaiting_payment" }), 200), "status").ShouldBe("on_hold");
        Text(await Body(await service.Act(id, "release-hold", new { reason = "incorrect_address" }), 200), "status").ShouldBe("in_progress");
        await Problem(await service.Act(id, "hold", new { reason = "Not a name" }), 422, "invalid-hold");
        await Problem(await service.Act(id, "release-hold", new { reason = "\u0001" }), 422, "invalid-hold");
    }

    [Fact]
    public async Task too_many_pieces_are_refused_with_the_numbers()
    {
        var (id, _) = await service.Created();
        await Problem(await service.Act(id, "pick"), 409, "fulfillment-order-not-accepted");
        await Body(await service.Act(id, "accept"), 200);
        var problem = await Problem(await service.Act(id, "pick", new { lines = new[] { new { line = 2, quantity = 3 } } }), 409, "pick-exceeds-ordered");
        problem.GetProperty("errors").GetProperty("lines[0]")[0].GetString()
            .ShouldBe("3 more pieces of line 2 are said to be picked; of 2 ordered 2 are left to pick.");
        await Problem(await service.Act(id, "pack"), 409, "nothing-to-pack");
        await Problem(await service.Act(id, "pack", new { lines = new[] { new { line = 2, quantity = 1 } } }), 409, "pack-exceeds-picked");
        await Problem(await service.Act(id, "ship", new { lines = new[] { new { line = 1, quantity = 4 } } }), 409, "ship-exceeds-ordered");
        await Problem(await service.Act(id, "ship", new { lines = new[] { new { line = 3, quantity = 1 } } }), 422, "unknown-line");
        (await service.Get(id)).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task everything_wrong_with_an_input_is_told_at_once()
    {
        var id = await service.Accepted();
        var problem = await Problem(await service.Act(id, "pack", new
        {
            weightGrams = 0, lines = new object?[] { new { line = 0, quantity = 0 }, new { line = 1, quantity = 1 }, new { line = 1, quantity = 1 }, null },
        }), 422, "invalid-pack");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .ShouldBe(["lines[0].line", "lines[0].quantity", "lines[2].line", "lines[3]", "weightGrams"]);
        await Problem(await service.Act(id, "pick", new { lines = Array.Empty<object>() }), 422, "invalid-pick");
        await Problem(await service.Act(id, "ship", new { lines = Enumerable.Range(1, 501).Select(n => new { line = n, quantity = 1 }) }), 422,
            "invalid-shipment");
        await Problem(await service.Act(id, "ship", new { carrier = "pigeons" }), 422, "unknown-carrier");
        await Problem(await service.Act(id, "reject", new { reason = " " }), 422, "invalid-rejection");
        await Problem(await service.Act(id, "reject", new { reason = "a\u0001b" }), 422, "invalid-rejection");
    }

    [Theory]
    [InlineData("reject", "{}")]
    [InlineData("reject", "{\"reason\":null}")]
    [InlineData("pick", "{\"lines\":[{\"line\":1,\"quantity\":99999999999}]}")]
    [InlineData("pick", "{\"lines\":{}}")]
    [InlineData("ship", "{\"color\":1}")]
    [InlineData("ship", "{")]
    [InlineData("hold", "{\"reason\":\"\\ud800\"}")]
    public async Task malformed_json_is_the_senders_fault(string action, string body) => await Problem(
        await service.Http.PostAsync($"/v1/fulfillment-orders/{Guid.CreateVersion7()}/{action}", new StringContent(body, Encoding.UTF8, "application/json")),
        400, "malformed-request");

    [Fact]
    public async Task what_nobody_knows_is_not_found()
    {
        foreach (var id in new[] { Guid.CreateVersion7(), Guid.Empty })
        {
            await Problem(await service.Http.GetAsync($"/v1/fulfillment-orders/{id}"), 404, "fulfillment-order-not-found");
            await Problem(await service.Http.GetAsync($"/v1/shipments/{id}"), 404, "shipment-not-found");
            await Problem(await service.Http.GetAsync($"/v1/shipments/{id}/label"), 404, "shipment-not-found");
            foreach (var action in new[] { "accept", "pick", "pack", "ship", "release-hold" })
                await Problem(await service.Act(id, action), 404, "fulfillment-order-not-found");
            await Problem(await service.Act(id, "reject", new { reason = "x" }), 404, "fulfillment-order-not-found");
            await Problem(await service.Act(id, "hold", new { reason = "x" }), 404, "fulfillment-order-not-found");
            (await service.Get($"/v1/orders/{id}/fulfillment-orders")).GetRawText().ShouldBe("""{"items":[]}""");
            (await service.Get($"/v1/orders/{id}/shipments")).GetRawText().ShouldBe("""{"items":[]}""");
        }
        await Problem(await service.Http.PostAsync("/v1/fulfillment-orders/seven/accept", null), 404, "not-found");
        await Problem(await service.CreateClient().GetAsync("/v1/fulfillment-orders"), 401, "unauthenticated");
    }

    [Fact]
    public async Task a_stale_version_is_refused_and_changes_nothing()
    {
        var id = await service.Accepted();
        await Problem(await service.Act(id, "ship", ifMatch: "\"1\""), 412, "stale-version");
        service.Carrier.Asked(Ids(id, 0)).ShouldBe(0);
        await Problem(await service.Act(id, "pick", ifMatch: "\"1\""), 412, "stale-version");
        var answer = await service.Act(id, "pick", ifMatch: "\"2\"");
        answer.Headers.ETag!.Tag.ShouldBe("\"3\"");
        await Body(answer, 200);
    }

    [Fact]
    public async Task an_action_without_a_body_is_one_too()
    {
        var (id, _) = await service.Created();
        foreach (var action in new[] { "accept", "pick", "pack", "release-hold" })
            await Body(await service.Http.PostAsync($"/v1/fulfillment-orders/{id}/{action}", null), 200);
        await Body(await service.Http.PostAsync($"/v1/fulfillment-orders/{id}/ship", null), 201);
    }

    [Fact]
    public async Task a_scan_under_a_key_counts_once()
    {
        var id = await service.Accepted();
        var scan = new { lines = new[] { new { line = 1, quantity = 1 } } };
        var first = await Body(await service.Act(id, "pick", scan, key: $"scan-{id}"), 200);
        var again = await service.Act(id, "pick", scan, key: $"scan-{id}");
        (await Body(again, 200)).GetRawText().ShouldBe(first.GetRawText());
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        await Problem(await service.Act(id, "pick", new { lines = new[] { new { line = 1, quantity = 2 } } }, key: $"scan-{id}"), 422,
            "idempotency-key-reused");
        (await service.Get(id)).GetProperty("lines")[0].GetProperty("picked").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task the_list_goes_oldest_first_page_by_page_with_filters()
    {
        var location = $"loc-{Guid.CreateVersion7():N}"[..30];
        List<Guid> ids = [];
        for (var count = 0; count < 5; count++)
            ids.Add((await service.Created(location)).Id);
        await Body(await service.Act(ids[1], "accept"), 200);
        await Body(await service.Act(ids[3], "reject", new { reason = "x" }), 200);

        List<Guid> listed = [];
        string? next = null;
        do
        {
            var page = await service.Get($"/v1/fulfillment-orders?locationId={location}&limit=2" + (next is null ? "" : $"&after={next}"));
            page.GetProperty("items").GetArrayLength().ShouldBeLessThanOrEqualTo(2);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);
        listed.ShouldBe(ids);

        async Task<IEnumerable<Guid>> Listed(string filter) =>
            (await service.Get($"/v1/fulfillment-orders?locationId={location}&{filter}")).GetProperty("items").EnumerateArray().Select(Id);
        (await Listed("status=in_progress")).ShouldBe([ids[1]]);
        (await Listed("requestStatus=rejected")).ShouldBe([ids[3]]);
        (await Listed("status=open&requestStatus=submitted")).ShouldBe([ids[0], ids[2], ids[4]]);
        (await Listed("status=scheduled")).ShouldBeEmpty();
        (await service.Get("/v1/fulfillment-orders?locationId=No%01where")).GetRawText().ShouldBe("""{"items":[]}""");
        (await service.Get("/v1/shipments?trackingNumber=No%01thing")).GetRawText().ShouldBe("""{"items":[]}""");
    }

    [Fact]
    public async Task the_fulfillment_orders_and_parcels_of_an_order_are_found()
    {
        var (first, order) = await service.Created();
        var (second, _) = await service.Created("far", order: order);
        (await service.Get($"/v1/orders/{order}/fulfillment-orders")).GetProperty("items").EnumerateArray().Select(Id).ShouldBe([first, second]);
        (await service.Get($"/v1/fulfillment-orders?orderId={order}&limit=1")).GetProperty("items").EnumerateArray().Select(Id).ShouldBe([first]);

        List<Guid> shipments = [];
        foreach (var id in new[] { first, second })
        {
            await Body(await service.Act(id, "accept"), 200);
            shipments.Add(Id(await Body(await service.Act(id, "ship"), 201)));
        }
        var page = await service.Get($"/v1/orders/{order}/shipments?limit=1");
        page.GetProperty("items").EnumerateArray().Select(Id).ShouldBe([shipments[0]]);
        (await service.Get($"/v1/orders/{order}/shipments?limit=1&after={Text(page, "next")}")).GetProperty("items").EnumerateArray().Select(Id)
            .ShouldBe([shipments[1]]);
    }

    [Theory]
    [InlineData("fulfillment-orders?limit=0", 422, "invalid-limit")]
    [InlineData("fulfillment-orders?limit=201", 422, "invalid-limit")]
    [InlineData("fulfillment-orders?limit=many", 400, "malformed-request")]
    [InlineData("fulfillment-orders?status=lost", 422, "invalid-status")]
    [InlineData("fulfillment-orders?status=1", 422, "invalid-status")]
    [InlineData("fulfillment-orders?requestStatus=lost", 422, "invalid-request-status")]
    [InlineData("fulfillment-orders?after=nonsense", 422, "invalid-cursor")]
    [InlineData("fulfillment-orders?orderId=7", 400, "malformed-request")]
    [InlineData("shipments?limit=0", 422, "invalid-limit")]
    [InlineData("shipments?after=nonsense", 422, "invalid-cursor")]
    public async Task a_list_that_cannot_be_is_refused(string query, int status, string code) =>
        await Problem(await service.Http.GetAsync($"/v1/{query}"), status, code);

    private static Guid Ids(Guid fulfillmentOrder, int parcel) => Kernel.Ids.Derive("shipment", $"{fulfillmentOrder:N}", $"{parcel}");
}
