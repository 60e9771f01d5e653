using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Orders.V1;
using Oms.Returns.Domain;
using Oms.ServiceDefaults;
using static Oms.Returns.Tests.ReturnsFixture;
using Inventory = Oms.Contracts.Inventory.V1;
using V1 = Oms.Contracts.Returns.V1;

namespace Oms.Returns.Tests;

public sealed class ReturnMessagesTests(ReturnsFixture service) : IClassFixture<ReturnsFixture>
{
    private static PaymentRefunded Refunded(Guid id, Guid order, decimal amount = 29m) =>
        new(Guid.CreateVersion7(), order, null, id, "ref", amount, "EUR", Given.Noon);

    private static Inventory.ReturnRestocked Restocked(Guid id, Guid order) => new(id, order, "nyc", [], Given.Noon);

    private async Task<(Guid Id, Guid Order)> ReceivedReturn()
    {
        var order = await service.DeliveredOrder();
        var id = await service.ApprovedReturn(order);
        await Body(await service.Receive(id), 200);
        return (Guid.Parse(id), order);
    }

    [Fact]
    public async Task order_and_delivery_may_come_twice_and_in_any_order()
    {
        var (order, shipment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Messages.Deliver(Delivered(order, shipment));
        await service.Messages.Deliver(Placed(order));
        await service.Messages.Deliver(Placed(order));
        await service.Messages.Deliver(Delivered(order, shipment));
        await service.Messages.Deliver(Delivered(order, Guid.CreateVersion7(), mugs: 1, plates: 1));

        var known = await service.Load<ReturnableOrder>(order);
        known.Version.ShouldBe(3);
        known.Lines.Values.ShouldBe([new("MUG", 4, 0), new("PLATE", 3, 0)]);
    }

    [Fact]
    public async Task many_messages_at_once_are_all_counted_once()
    {
        Guid[] orders = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        var messages = orders.SelectMany(order => Enumerable.Range(0, 20).Select(_ => (order, shipment: Guid.CreateVersion7()))).ToList();
        await Task.WhenAll(messages.Concat(messages).Select(it => service.Messages.Deliver(Delivered(it.order, it.shipment, mugs: 1, plates: 2)))
            .Concat(orders.Select(order => service.Messages.Deliver(Placed(order)))));

        foreach (var order in orders)
            (await service.Load<ReturnableOrder>(order)).Lines.Values.Select(line => line.Delivered).ShouldBe([20, 40]);
    }

    [Fact]
    public async Task a_received_return_asks_and_closes_when_both_have_answered()
    {
        var (id, order) = await ReceivedReturn();
        var restock = await service.Messages.Hear<Inventory.RestockReturn>(asked => asked.ReturnId == id);
        (restock.OrderId, restock.LocationId).ShouldBe((order, "nyc"));
        restock.Lines.ShouldBe([new(1, "MUG", 2, "available"), new(2, "PLATE", 1, "damaged")]);
        var refund = await service.Messages.Hear<RefundReturn>(asked => asked.ReturnId == id);
        refund.Lines.ShouldBe([new(1, "MUG", 2), new(2, "PLATE", 1)]);

        var refunded = Refunded(id, order);
        await service.Messages.Deliver(refunded);
        await service.Messages.Deliver(refunded);
        (await service.Get($"/v1/returns/{id}")).GetProperty("status").GetString().ShouldBe("open");
        await service.Messages.Deliver(Restocked(id, order));
        await service.Messages.Deliver(Restocked(id, order));

        var closed = await service.Get($"/v1/returns/{id}");
        closed.GetProperty("status").GetString().ShouldBe("closed");
        closed.GetProperty("refund").GetRawText().ShouldBe("""{"status":"refunded","amount":29.00,"currency":"EUR"}""");
        closed.GetProperty("restock").GetProperty("status").GetString().ShouldBe("restocked");
        closed.GetProperty("version").GetInt64().ShouldBe(8);
        (await service.Messages.Hear<V1.ReturnClosed>(it => it.ReturnId == id)).ShouldBe(new(id, order, 29m, "EUR", Given.Noon));
    }

    [Fact]
    public async Task received_twice_asks_once()
    {
        var (id, _) = await ReceivedReturn();
        var version = (await Body(await service.Receive(id.ToString()), 200)).GetProperty("version").GetInt64();
        version.ShouldBe(5);
        await service.Messages.Hear<RefundReturn>(asked => asked.ReturnId == id);
        service.Messages.Published<RefundReturn>().Count(asked => asked.ReturnId == id).ShouldBe(1);
    }

    [Fact]
    public async Task a_rejected_refund_closes_too_and_shows()
    {
        var (id, order) = await ReceivedReturn();
        await service.Messages.Deliver(Restocked(id, order));
        await service.Messages.Deliver(new Contracts.Orders.V1.ReturnRefundRejected(id, order, "no capture", Given.Noon));
        var closed = await service.Get($"/v1/returns/{id}");
        (closed.GetProperty("status").GetString(), closed.GetProperty("refund").GetProperty("status").GetString()).ShouldBe(("closed", "rejected"));
    }

    [Fact]
    public async Task what_was_approved_and_did_not_come_can_be_returned_again()
    {
        var order = await service.DeliveredOrder();
        var id = await service.ApprovedReturn(order);
        using var content = JsonContent.Create(
            new { locationId = "nyc", lines = new[] { new { line = 1, quantity = 1, disposition = "not_restocked" } } });
        var received = await Body(await service.Http.PostAsync($"/v1/returns/{id}/receive", content), 200);
        received.GetProperty("restock").GetProperty("status").GetString().ShouldBe("none");
        received.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("received").GetInt32()).ShouldBe([1, 0]);
        (await service.Load<ReturnableOrder>(order)).Lines.Values.Select(line => line.Claimed).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task news_for_a_return_nobody_knows_changes_nothing()
    {
        var id = Guid.CreateVersion7();
        await service.Messages.Deliver(Refunded(id, Guid.CreateVersion7()));
        await service.Messages.Deliver(Restocked(id, Guid.CreateVersion7()));
        await service.Messages.Deliver(Refunded(id, Guid.CreateVersion7()) with { ReturnId = null });
        await Problem(await service.Http.GetAsync($"/v1/returns/{id}"), 404, "return-not-found");
    }

    [Fact]
    public async Task every_step_joins_the_trace_of_the_order()
    {
        var order = Guid.CreateVersion7();
        string trace;
        using (var placing = new Activity("placing").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            placing.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            trace = placing.TraceId.ToHexString();
            await service.Messages.Deliver(Placed(order));
        }
        await service.Messages.Deliver(Delivered(order, Guid.CreateVersion7()));
        var id = Guid.Parse(await service.ApprovedReturn(order));

        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        foreach (var happened in await session.Events.FetchStreamAsync(id))
            (Tracing.TraceId(happened.CorrelationId!), happened.UserName).ShouldBe((trace, "test"));
        (await session.Events.FetchStreamAsync(order)).Where(happened => happened.Data is OrderRecorded or PiecesClaimed)
            .Select(happened => Tracing.TraceId(happened.CorrelationId!)).ShouldBe([trace, trace]);
    }

    [Fact]
    public async Task snapshots_are_the_fold_of_their_streams()
    {
        var (id, order) = await ReceivedReturn();
        await service.Messages.Deliver(Refunded(id, order));
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var events = await session.Events.FetchStreamAsync(id);
        var folded = Kernel.Fold.All<Return, IReturnEvent>(events.Select(it => (IReturnEvent)it.Data))! with { Version = events.Count };
        JsonSerializer.Serialize(await session.LoadAsync<Return>(id)).ShouldBe(JsonSerializer.Serialize(folded));
    }
}
