using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Oms.Contracts.Orders.V1;
using Oms.ServiceDefaults;

namespace Oms.Customer.Tests;

/// <summary>A database of its own: totals are of everything, and one test breaks it on purpose.</summary>
public sealed class ReconciliationTests(CustomerFixture service) : IClassFixture<CustomerFixture>
{
    [Fact]
    public async Task finds_nothing_until_something_is_wrong()
    {
        var (email, id) = CustomerFixture.Somebody();
        var (order, yen, canceled) = (CustomerFixture.Placed(id, email), CustomerFixture.Placed(id, email, 500m, currency: "JPY"), CustomerFixture.Placed(id, email, 7m));
        foreach (var it in new[] { order, yen, canceled })
            await service.Messages.Deliver(it);
        await service.Messages.Deliver(CustomerFixture.Captured(order, 40m));
        await service.Messages.Deliver(CustomerFixture.Captured(yen, 500m));
        await service.Messages.Deliver(CustomerFixture.Refunded(order, 10m));
        await service.Messages.Deliver(new OrderCanceled(canceled.OrderId, id, "x", Given.Noon));
        var nobodys = CustomerFixture.Placed(null, null, 15m);
        await service.Messages.Deliver(CustomerFixture.Captured(nobodys, 15m));
        await service.Messages.Deliver(nobodys);
        await service.Messages.Deliver(CustomerFixture.Refunded(nobodys, 5m));

        (await service.Get("/v1/customers/reconciliation")).GetRawText().ShouldBe(
            """{"checks":13,"differences":[],"differencesFound":0,"totals":[{"currency":"EUR","captured":55.00,"refunded":15.00,"lifetimeValue":40.00,"unattributed":{"captured":15.00,"refunded":5.00}},{"currency":"JPY","captured":500,"refunded":0,"lifetimeValue":500,"unattributed":{"captured":0,"refunded":0}}]}""");

        await using (var connection = service.Services.GetRequiredService<IDocumentStore>().Storage.Database.CreateConnection())
        {
            await connection.OpenAsync();
            await using var damage = new NpgsqlCommand(
                $$"""update {{EventStore.Schema}}.mt_doc_customer set data = jsonb_set(data, '{totals,EUR,captured}', '41.00') where id = '{{id}}'""", connection);
            (await damage.ExecuteNonQueryAsync()).ShouldBe(1);
        }
        var difference = (await service.Get("/v1/customers/reconciliation")).GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        (difference.GetProperty("what").GetString(), difference.GetProperty("key").GetString()).ShouldBe(("customer_is_the_fold_of_its_events", id.ToString()));
        difference.GetProperty("actual").GetString()!.ShouldContain("41.00");
    }
}
