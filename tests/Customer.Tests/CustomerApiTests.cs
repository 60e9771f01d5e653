using System.Diagnostics;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Customers.V1;
using Oms.Contracts.Orders.V1;
using Oms.ServiceDefaults;

namespace Oms.Customer.Tests;

public sealed class CustomerApiTests(CustomerFixture service) : IClassFixture<CustomerFixture>
{
    [Fact]
    public async Task a_profile_is_built_from_every_channel()
    {
        var (email, id) = CustomerFixture.Somebody();
        var (web, pos, canceled) = (
            CustomerFixture.Placed(id, $" {email.ToUpperInvariant()} "), CustomerFixture.Placed(id, email, 25.01m, day: 2, channel: "pos"),
            CustomerFixture.Placed(id, email, 99m, day: 1));
        foreach (var order in new[] { web, pos, canceled })
            await service.Messages.Deliver(order);
        await service.Messages.Deliver(Captured(web, 40m));
        await service.Messages.Deliver(Captured(pos, 25.01m));
        await service.Messages.Deliver(CustomerFixture.Refunded(web, 10m));
        await service.Messages.Deliver(new OrderCanceled(canceled.OrderId, id, "changed my mind", Given.Noon));

        var response = await service.Http.GetAsync($"/v1/customers/{id}");
        var ann = await CustomerFixture.Body(response, 200);
        ann.GetRawText().ShouldBe(
            $$"""
            {"id":"{{id}}","email":"{{email}}","name":"Ann","location":{"country":"DE","region":"BE","city":"City 2","postalCode":"10115"},"ordersCount":2,"canceledOrdersCount":1,"firstOrderAt":"2026-03-01T12:00:00+00:00","lastOrderAt":"2026-03-03T12:00:00+00:00","channels":["pos","web"],"lifetimeValue":[{"currency":"EUR","amount":55.01}],"averageOrderValue":[{"currency":"EUR","amount":32.51}],"version":8}
            """);
        response.Headers.ETag!.Tag.ShouldBe("\"8\"");
        (await service.Messages.Hear<CustomerRegistered>(it => it.CustomerId == id)).RegisteredAt.ShouldBe(Given.Noon);
    }

    [Fact]
    public async Task everything_twice_in_the_wrong_order_and_at_once_gives_the_same_profile()
    {
        var (email, id) = CustomerFixture.Somebody();
        var orders = Enumerable.Range(0, 10).Select(day => CustomerFixture.Placed(id, email, 10m + day, day)).ToList();
        List<object> messages = [.. orders.Select(order => (object)Captured(order, order.Total)), .. orders.Select(order => CustomerFixture.Refunded(order, 1m)),
            new OrderCanceled(orders[9].OrderId, id, "x", Given.Noon), .. orders];
        await Task.WhenAll(messages.Concat(messages).Select(Deliver));

        var ann = await service.Get($"/v1/customers/{id}");
        (ann.GetProperty("ordersCount").GetInt32(), ann.GetProperty("canceledOrdersCount").GetInt32(), ann.GetProperty("version").GetInt32()).ShouldBe((9, 1, 32));
        ann.GetProperty("lifetimeValue")[0].GetProperty("amount").GetDecimal().ShouldBe(135m);
        ann.GetProperty("averageOrderValue")[0].GetProperty("amount").GetDecimal().ShouldBe(14m);
        service.Messages.Published<CustomerRegistered>().Count(it => it.CustomerId == id).ShouldBe(1);

        foreach (var message in messages)
            await Deliver(message);
        (await service.Get($"/v1/customers/{id}")).GetRawText().ShouldBe(ann.GetRawText());

        Task Deliver(object message) => message switch
        {
            OrderPlaced it => service.Messages.Deliver(it),
            PaymentCaptured it => service.Messages.Deliver(it),
            PaymentRefunded it => service.Messages.Deliver(it),
            OrderCanceled it => service.Messages.Deliver(it),
            _ => throw new InvalidOperationException(),
        };
    }

    [Fact]
    public async Task a_profile_may_begin_with_money()
    {
        var (email, id) = CustomerFixture.Somebody();
        var order = CustomerFixture.Placed(id, email);
        await service.Messages.Deliver(Captured(order, 40m));
        var early = await service.Get($"/v1/customers/{id}");
        (early.TryGetProperty("email", out _), early.GetProperty("lifetimeValue")[0].GetProperty("amount").GetDecimal()).ShouldBe((false, 40m));
        (await service.Get($"/v1/customers/{id}/orders")).GetProperty("items").GetArrayLength().ShouldBe(0);

        await service.Messages.Deliver(order);
        (await service.Get($"/v1/customers/{id}")).GetProperty("email").GetString().ShouldBe(email);
    }

    [Fact]
    public async Task a_customer_is_found_by_e_mail_however_it_is_written()
    {
        var (email, id) = CustomerFixture.Somebody();
        await service.Messages.Deliver(CustomerFixture.Placed(id, email));
        (await service.Get($"/v1/customers?email={Uri.EscapeDataString(email.ToUpperInvariant())}")).GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(id);
        (await service.Get("/v1/customers?email=nobody@example.com")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task the_list_goes_page_by_page_over_everybody()
    {
        var ids = new List<Guid>();
        for (var count = 0; count < 5; count++)
        {
            var (email, id) = CustomerFixture.Somebody();
            await service.Messages.Deliver(CustomerFixture.Placed(id, email));
            ids.Add(id);
        }
        (await Pages("/v1/customers", "id", limit: 2)).Intersect(ids).Count().ShouldBe(5);
        (await Pages("/v1/customers", "id", limit: 2)).ShouldBeUnique();
    }

    [Fact]
    public async Task orders_of_a_customer_are_listed_newest_first()
    {
        var (email, id) = CustomerFixture.Somebody();
        var orders = new[] { 3, 1, 4, 0, 2 }.Select(day => CustomerFixture.Placed(id, email, 10m, day)).ToList();
        foreach (var order in orders)
            await service.Messages.Deliver(order);
        await service.Messages.Deliver(Captured(orders[2], 10m));
        await service.Messages.Deliver(CustomerFixture.Refunded(orders[2], 4m));
        await service.Messages.Deliver(new OrderCanceled(orders[0].OrderId, id, "x", Given.Noon));

        (await Pages($"/v1/customers/{id}/orders", "orderId", limit: 2)).ShouldBe(orders.OrderByDescending(it => it.PlacedAt).Select(it => it.OrderId));
        var items = (await service.Get($"/v1/customers/{id}/orders")).GetProperty("items");
        items[0].GetRawText().ShouldBe(
            $$"""
            {"orderId":"{{orders[2].OrderId}}","number":"#1001","channel":"web","total":10.00,"currency":"EUR","placedAt":"2026-03-05T12:00:00+00:00","shipTo":{"country":"DE","region":"BE","city":"City 4","postalCode":"10115"},"captured":10.00,"refunded":4.00}
            """);
        items[1].GetProperty("canceledAt").GetDateTimeOffset().ShouldBe(Given.Noon);
    }

    [Theory]
    [InlineData("/v1/customers?limit=0", 422, "invalid-limit")]
    [InlineData("/v1/customers?limit=x", 400, "malformed-request")]
    [InlineData("/v1/customers?after=x", 422, "invalid-cursor")]
    [InlineData("/v1/customers?email=nobody", 422, "invalid-email")]
    [InlineData("/v1/customers?email=", 422, "invalid-email")]
    [InlineData("/v1/customers/0198a000-0000-7000-8000-00000000ffff", 404, "customer-not-found")]
    [InlineData("/v1/customers/00000000-0000-0000-0000-000000000000", 404, "customer-not-found")]
    [InlineData("/v1/customers/0198a000-0000-7000-8000-00000000ffff/orders", 404, "customer-not-found")]
    [InlineData("/v1/customers/0198a000-0000-7000-8000-00000000ffff/orders?limit=201", 422, "invalid-limit")]
    [InlineData("/v1/customers/0198a000-0000-7000-8000-00000000ffff/orders?after=x", 422, "invalid-cursor")]
    [InlineData("/v1/customers/ann", 404, "not-found")]
    public async Task what_cannot_be_answered_is_refused(string path, int status, string code) =>
        await CustomerFixture.Problem(await service.Http.GetAsync(path), status, code);

    [Fact]
    public async Task nobody_without_a_token_sees_customers() =>
        await CustomerFixture.Problem(await service.CreateClient().GetAsync("/v1/customers"), 401, "unauthenticated");

    [Fact]
    public async Task facts_keep_the_trace_of_their_order()
    {
        var (email, id) = CustomerFixture.Somebody();
        var order = CustomerFixture.Placed(id, email);
        using var placing = new Activity("placing").SetIdFormat(ActivityIdFormat.W3C).Start();
        placing.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await service.Messages.Deliver(order);
        placing.Stop();

        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        foreach (var stream in new[] { order.OrderId, id })
            (await session.Events.FetchStreamAsync(stream)).Select(it => Tracing.TraceId(it.CorrelationId!)).ShouldAllBe(trace => trace == placing.TraceId.ToHexString());
    }

    private static PaymentCaptured Captured(OrderPlaced order, decimal amount) => CustomerFixture.Captured(order, amount);

    private async Task<List<Guid>> Pages(string path, string key, int limit)
    {
        List<Guid> seen = [];
        string? next = null;
        do
        {
            var page = await service.Get($"{path}?limit={limit}" + (next is null ? "" : $"&after={next}"));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(key).GetGuid()));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);
        return seen;
    }
}
