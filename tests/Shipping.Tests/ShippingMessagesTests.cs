using Oms.Contracts;
using Oms.Contracts.Shipping.V1;
using static Oms.Shipping.Tests.ShippingFixture;

namespace Oms.Shipping.Tests;

public sealed class ShippingMessagesTests(ShippingFixture service) : IClassFixture<ShippingFixture>
{
    private static CancelFulfillmentOrders Cancel(Guid order, params Guid[] ids) => new(order, ids, "customer", Given.Noon);

    private async Task<string> State(Guid id)
    {
        var it = await service.Get(id);
        return $"{it.GetProperty("status")} {it.GetProperty("requestStatus")}";
    }

    [Fact]
    public async Task what_is_asked_twice_is_created_once()
    {
        var (id, order) = await service.Created();
        await service.Messages.Deliver(Asked(order, id));
        await service.Messages.Deliver(Asked(order, id));
        (await service.Story(id)).Count.ShouldBe(1);
        var told = await service.Messages.Hear<FulfillmentOrderCreated>(it => it.FulfillmentOrderId == id);
        (told.OrderId, told.LocationId).ShouldBe((order, "nyc"));
        service.Messages.Published<FulfillmentOrderCreated>().Count(it => it.FulfillmentOrderId == id).ShouldBe(1);
    }

    [Fact]
    public async Task one_message_asks_several_locations()
    {
        var (order, near, far) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Messages.Deliver(Asked(order, near) with
        {
            FulfillmentOrders = [new(near, "near", [new(1, "MUG", 1)], Given.Noon), new(far, "far", [new(1, "MUG", 2)], Given.Noon)],
        });
        (await service.Get($"/v1/orders/{order}/fulfillment-orders")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task a_cancellation_stops_what_has_not_left_and_is_answered_once()
    {
        var (id, order) = await service.Created();
        await Body(await service.Act(id, "hold", new { reason = "awaiting_payment" }), 200);
        await service.Messages.Deliver(Cancel(order, id));
        await service.Messages.Deliver(Cancel(order, id));
        (await State(id)).ShouldBe("canceled cancellation_accepted");
        var told = await service.Messages.Hear<FulfillmentOrderCanceled>(it => it.FulfillmentOrderId == id);
        (told.OrderId, told.ReservationId).ShouldBe((order, Given.Reservation));
        told.Lines.ShouldBe([new LineQuantity(1, "MUG", 3), new LineQuantity(2, "PLATE", 2)]);
        (await service.Story(id)).Count.ShouldBe(3);
        await Problem(await service.Act(id, "accept"), 409, "fulfillment-order-canceled");
    }

    [Fact]
    public async Task a_cancellation_after_a_parcel_stops_only_the_rest()
    {
        var (id, order) = await service.Created();
        await Body(await service.Act(id, "accept"), 200);
        await Body(await service.Act(id, "ship", new { lines = new[] { new { line = 1, quantity = 2 } } }), 201);
        await service.Messages.Deliver(Cancel(order, id));
        (await State(id)).ShouldBe("closed cancellation_accepted");
        (await service.Messages.Hear<FulfillmentOrderCanceled>(it => it.FulfillmentOrderId == id)).Lines
            .ShouldBe([new LineQuantity(1, "MUG", 1), new LineQuantity(2, "PLATE", 2)]);
    }

    [Fact]
    public async Task a_cancellation_that_comes_too_late_is_rejected_once()
    {
        var shipment = await service.Shipped();
        var (id, order) = (shipment.GetProperty("fulfillmentOrderId").GetGuid(), shipment.GetProperty("orderId").GetGuid());
        await service.Messages.Deliver(Cancel(order, id));
        await service.Messages.Deliver(Cancel(order, id));
        (await service.Messages.Hear<FulfillmentOrderCancellationRejected>(it => it.FulfillmentOrderId == id)).Reason.ShouldBe("already_shipped");
        (await State(id)).ShouldBe("closed cancellation_rejected");
        (await service.Story(id)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task a_cancellation_that_overtakes_the_creation_shuts_the_door()
    {
        var (id, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Messages.Deliver(Cancel(order, id));
        await service.Messages.Deliver(Cancel(order, id));
        await Problem(await service.Http.GetAsync($"/v1/fulfillment-orders/{id}"), 404, "fulfillment-order-not-found");
        await Problem(await service.Act(id, "accept"), 404, "fulfillment-order-not-found");
        (await service.Get($"/v1/orders/{order}/fulfillment-orders")).GetProperty("items").GetArrayLength().ShouldBe(0);
        service.Messages.Published<FulfillmentOrderCanceled>().ShouldNotContain(it => it.FulfillmentOrderId == id);

        await service.Messages.Deliver(Asked(order, id));
        await service.Messages.Deliver(Asked(order, id));
        (await State(id)).ShouldBe("canceled cancellation_accepted");
        (await service.Messages.Hear<FulfillmentOrderCanceled>(it => it.FulfillmentOrderId == id)).Lines.Sum(line => line.Quantity).ShouldBe(5);
        (await service.Story(id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task many_messages_at_once_are_decided_together_and_each_counts_once()
    {
        var asked = Enumerable.Range(0, 30).Select(_ => Asked(Guid.CreateVersion7(), Guid.CreateVersion7())).ToList();
        await Task.WhenAll(asked.Concat(asked).Select(it => service.Messages.Deliver(it))
            .Concat(asked.Where((_, index) => index % 3 == 0)
                .Select(it => service.Messages.Deliver(Cancel(it.OrderId, it.FulfillmentOrders[0].FulfillmentOrderId)))));

        foreach (var (index, it) in asked.Index())
            (await State(it.FulfillmentOrders[0].FulfillmentOrderId)).ShouldBe(index % 3 == 0 ? "canceled cancellation_accepted" : "open submitted");
    }

    [Fact]
    public async Task a_rejection_tells_which_pieces_need_another_place()
    {
        var (id, order) = await service.Created();
        await Body(await service.Act(id, "reject", new { reason = "damaged" }), 200);
        var told = await service.Messages.Hear<FulfillmentOrderRejected>(it => it.FulfillmentOrderId == id);
        (told.OrderId, told.LocationId, told.Reason, told.Lines.Sum(line => line.Quantity)).ShouldBe((order, "nyc", "damaged", 5));
    }

    [Fact]
    public async Task what_a_location_does_joins_the_trace_of_the_order()
    {
        var (id, _) = await service.Created();
        await Body(await service.Act(id, "accept"), 200);
        var shipment = await Body(await service.Act(id, "ship"), 201);
        var facts = (await service.Story(id)).Concat(await service.Story(shipment.GetProperty("id").GetGuid())).ToList();
        facts.Count.ShouldBe(4);
        facts.Select(e => ServiceDefaults.Tracing.TraceId(e.CorrelationId)).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
    }
}
