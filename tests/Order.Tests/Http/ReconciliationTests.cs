using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Orders.Fulfillment;
using Oms.Orders.Tests.Process;
using Oms.Testing;

namespace Oms.Orders.Tests.Http;

public sealed class ReconciliationTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private Task<JsonElement> Reconcile() => service.Get("/v1/orders/reconciliation");

    [Fact]
    public async Task everything_adds_up_while_orders_are_on_their_way()
    {
        using var enough = new CancellationTokenSource();
        var moving = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await Journey.Of(service, await service.Placed()).GoesThrough();
        })));
        for (var look = 0; look < 30; look++)
        {
            var report = await Reconcile();
            report.GetProperty("differences").GetRawText().ShouldBe("[]");
        }
        await enough.CancelAsync();
        await moving;

        var end = await Reconcile();
        var total = end.GetProperty("totals").EnumerateArray().Single(it => it.GetProperty("currency").GetString() == "USD");
        var orders = total.GetProperty("orders").GetInt32();
        (total.GetProperty("orderValue").GetDecimal(), total.GetProperty("captured").GetDecimal(), total.GetProperty("refunded").GetDecimal()).ShouldBe((33m * orders, 33m * orders, 0m));
        end.GetProperty("checks").GetInt64().ShouldBe(1 + (2 + 8) * (orders + end.GetProperty("totals").EnumerateArray().Where(it => it.GetProperty("currency").GetString() != "USD").Sum(it => it.GetProperty("orders").GetInt32())));
    }

    /// <summary>A check that can never fail checks nothing.</summary>
    [Fact]
    public async Task what_does_not_add_up_is_named()
    {
        var body = OrderFixture.Body(currency: "EUR");
        var id = (await OrderFixture.Answer(await service.Post(body), 201)).GetProperty("id").GetGuid();
        await Journey.Of(service, id).GoesThrough();
        var (order, process) = (await service.Order(id), await service.Process(id));
        var store = service.Services.GetRequiredService<IDocumentStore>();

        await using (var session = store.LightweightSession())
        {
            session.Store(order with { Lines = order.Lines.SetItem(0, order.Lines[0] with { Shipped = 2, Delivered = 2 }) });
            await session.SaveChangesAsync();
        }
        // What the events say still adds up; only what is shown does not.
        var difference = (await Reconcile()).GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        (difference.GetProperty("what").GetString(), difference.GetProperty("key").GetString()).ShouldBe(("order_is_the_fold_of_its_events", $"{id}"));
        difference.GetProperty("actual").GetString()!.ShouldContain("\"shipped\":2");
        await new ReadModelDump(store).Rebuild();
        (await Reconcile()).GetProperty("differences").GetRawText().ShouldBe("[]");

        await using (var session = store.LightweightSession())
        {
            process.CurrentState = "Delivering";
            session.UpdateRevision(process, process.Version + 1);
            await session.SaveChangesAsync();
        }
        (await Reconcile()).GetProperty("differences").EnumerateArray().Single().GetProperty("what").GetString().ShouldBe("a_final_order_has_a_final_process");

        await using (var session = store.LightweightSession())
        {
            session.Delete<FulfillmentState>(id);
            await session.SaveChangesAsync();
        }
        (await Reconcile()).GetProperty("differences").EnumerateArray().Single().GetProperty("actual").GetString().ShouldBe("none");
        await using (var session = store.LightweightSession())
        {
            process.CurrentState = "Completed";
            session.Insert(process);
            await session.SaveChangesAsync();
        }
        (await Reconcile()).GetProperty("differences").GetRawText().ShouldBe("[]");
    }

    [Fact]
    public async Task each_rule_about_an_order_can_fail()
    {
        var id = await service.Placed();
        await Journey.Of(service, id).GoesThrough();
        var (order, process) = (await service.Order(id), await service.Process(id));
        Broken(order).ShouldBeEmpty();

        var line = order.Lines[0];
        Broken(order with { Lines = order.Lines.SetItem(0, line with { Shipped = line.Shipped - 1 }) })
            .ShouldBe(["captured_is_the_value_of_what_shipped", "every_piece_is_somewhere"]);
        Broken(order with { Parcels = order.Parcels.SetItem(0, order.Parcels[0] with { ShipmentId = Guid.CreateVersion7() }) }).ShouldBe(["every_parcel_has_its_capture"]);
        Broken(order with { Payment = order.Payment with { Authorized = 1m } }).ShouldBe(["never_captured_more_than_authorized"]);
        Broken(order with { Payment = order.Payment with { Refunds = [new(id, null, [], 1_000m, Domain.TransactionStatus.Succeeded)] } }).ShouldBe(["never_refunded_more_than_captured"]);
        Broken(order with { IsCanceled = true }).ShouldBe(["a_final_order_has_a_final_process", "a_canceled_order_has_no_parcel"]);

        List<string> Broken(Domain.Order it) => [.. Features.ReconcileOrdersSlice.Check(it, process).Where(rule => rule.Expected != rule.Actual).Select(rule => rule.What)];
    }
}
