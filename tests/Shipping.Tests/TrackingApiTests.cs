using System.Net.Http.Json;
using System.Text.Json;
using Oms.Contracts.Shipping.V1;
using static Oms.Shipping.Tests.ShippingFixture;

namespace Oms.Shipping.Tests;

public sealed class TrackingApiTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    private Task<JsonElement> Read(JsonElement shipment) => service.Get($"/v1/shipments/{shipment.GetProperty("id")}");

    [Fact]
    public async Task a_parcel_is_followed_to_the_door()
    {
        var shipment = await service.Shipped();
        Outcomes(await service.Track(service.Event(shipment, "PU", 1), service.Event(shipment, "IT", 2), service.Event(shipment, "OD", 3),
            service.Event(shipment, "DV", 4)))
            .ShouldBe(["recorded", "recorded", "recorded", "recorded"]);

        var it = await Read(shipment);
        (it.GetProperty("status").GetString(), it.GetProperty("deliveredAt").GetDateTimeOffset()).ShouldBe(("delivered", Given.Noon.AddHours(4)));
        var first = it.GetProperty("events")[0];
        (first.GetProperty("id").GetString(), first.GetProperty("status").GetString(), first.GetProperty("carrierCode").GetString(),
            first.GetProperty("message").GetString(), first.GetProperty("location").GetString())
            .ShouldBe(("PU-1", "carrier_picked_up", "PU", "It is PU.", "Newark"));

        var id = shipment.GetProperty("id").GetGuid();
        var delivered = await service.Messages.Hear<ShipmentDelivered>(told => told.ShipmentId == id);
        (delivered.FulfillmentOrderId, delivered.DeliveredAt, delivered.Lines.Count)
            .ShouldBe((shipment.GetProperty("fulfillmentOrderId").GetGuid(), Given.Noon.AddHours(4), 2));
        service.Messages.Published<ShipmentStatusChanged>().Where(told => told.ShipmentId == id).Select(told => told.Status)
            .ShouldBe(["carrier_picked_up", "in_transit", "out_for_delivery"]);
    }

    [Fact]
    public async Task late_twice_and_out_of_order_are_all_fine()
    {
        var shipment = await service.Shipped();
        Outcomes(await service.Track(service.Event(shipment, "DV", 4), service.Event(shipment, "DV", 4), service.Event(shipment, "PU", 1)))
            .ShouldBe(["recorded", "duplicate", "recorded"]);
        Outcomes(await service.Track(service.Event(shipment, "OD", 3), service.Event(shipment, "DV", 4), service.Event(shipment, "DV", 5)))
            .ShouldBe(["recorded", "duplicate", "recorded"]);

        var it = await Read(shipment);
        (it.GetProperty("status").GetString(), it.GetProperty("deliveredAt").GetDateTimeOffset()).ShouldBe(("delivered", Given.Noon.AddHours(4)));
        it.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()).ShouldBe(["PU-1", "OD-3", "DV-4", "DV-5"]);
        var id = shipment.GetProperty("id").GetGuid();
        await service.Messages.Hear<ShipmentDelivered>(told => told.ShipmentId == id);
        service.Messages.Published<ShipmentDelivered>().Count(told => told.ShipmentId == id).ShouldBe(1);
    }

    [Fact]
    public async Task many_parcels_go_in_one_batch_and_each_row_has_its_own_outcome()
    {
        var (first, second) = (await service.Shipped(), await service.Shipped());
        var results = await service.Track(
            service.Event(first, "PU", 1), service.Event(second, "PU", 1),
            new { carrier = "sandbox", trackingNumber = "9400000000", eventId = "x", code = "PU", occurredAt = Given.Noon },
            new { carrier = "pigeons", trackingNumber = "9400000000", eventId = "x", code = "PU", occurredAt = Given.Noon },
            service.Event(first, "??", 2), new { }, service.Event(first, "IT", 24 * 365 * 50));
        Outcomes(results).ShouldBe(["recorded", "recorded", "unknown_tracking_number", "refused", "refused", "refused", "refused"]);
        results[5].GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["carrier", "eventId", "occurredAt", "trackingNumber"]);
        results[6].GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["occurredAt"]);
        foreach (var shipment in new[] { first, second })
            (await Read(shipment)).GetProperty("status").GetString().ShouldBe("carrier_picked_up");
    }

    [Fact]
    public async Task batches_about_the_same_parcels_at_the_same_time_lose_nothing()
    {
        var (first, second) = (await service.Shipped(), await service.Shipped());
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => service.Track(service.Event(first, "IT", n), service.Event(second, "IT", n))));
        foreach (var shipment in new[] { first, second })
            (await Read(shipment)).GetProperty("events").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task a_batch_has_its_bounds()
    {
        await Problem(await service.Http.PostAsJsonAsync("/v1/tracking-events", new { events = Array.Empty<object>() }), 422, "invalid-batch");
        await Problem(await service.Http.PostAsJsonAsync("/v1/tracking-events", new { events = Enumerable.Range(0, 501).Select(_ => new { }) }), 422,
            "invalid-batch");
        await Problem(await service.Http.PostAsJsonAsync("/v1/tracking-events", new { }), 400, "malformed-request");
        var rows = await service.Track([.. Enumerable.Range(0, 500)
            .Select(n => (object)new { carrier = "sandbox", trackingNumber = "94", eventId = $"{n}", code = "IT", occurredAt = Given.Noon })]);
        Outcomes(rows).ShouldAllBe(outcome => outcome == "unknown_tracking_number");
    }

    [Fact]
    public async Task control_characters_are_refused_and_not_stored()
    {
        var shipment = await service.Shipped();
        var rows = await service.Track(new
        {
            carrier = "sandbox", trackingNumber = shipment.GetProperty("trackingNumber").GetString(), eventId = "a\u0001", code = "IT", message = "\u0001",
            location = "\u0001", occurredAt = Given.Noon,
        });
        rows[0].GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["eventId", "location", "message"]);
    }

    [Fact]
    public async Task what_carriers_tell_joins_the_trace_of_the_order()
    {
        var shipment = await service.Shipped();
        await service.Track(service.Event(shipment, "PU", 1));
        (await service.Story(shipment.GetProperty("id").GetGuid())).Select(e => ServiceDefaults.Tracing.TraceId(e.CorrelationId)).Distinct()
            .ShouldHaveSingleItem().ShouldNotBeNull();
    }
}
