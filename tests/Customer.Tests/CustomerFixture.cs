using System.Text.Json;
using Oms.Contracts.Orders.V1;
using Oms.Kernel;
using Oms.Testing;

namespace Oms.Customer.Tests;

public sealed class CustomerFixture() : ServiceFixture<Customers.Domain.Customer>("customer"), IAsyncLifetime
{
    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
    }

    /// <summary>An address of its own for every test, so that tests do not meet.</summary>
    public static (string Email, Guid Id) Somebody()
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        return (email, Ids.Derive("customer", email));
    }

    public static OrderPlaced Placed(Guid? customer, string? email, decimal total = 40m, int day = 0, string channel = "web", string currency = "EUR") => new(
        Guid.CreateVersion7(), "#1001", channel, $"W-{Guid.CreateVersion7():N}", customer, email, "Ann", new(
            "Ann", null, null, null, $"City {day}", "BE", "10115", "DE", null), currency, [], 0, total, "standard", Given.Noon.AddDays(day));

    public static PaymentCaptured Captured(OrderPlaced order, decimal amount) =>
        new(Guid.CreateVersion7(), order.OrderId, order.CustomerId, "ref", amount, order.Currency, Given.Noon);

    public static PaymentRefunded Refunded(OrderPlaced order, decimal amount) =>
        new(Guid.CreateVersion7(), order.OrderId, order.CustomerId, null, "ref", amount, order.Currency, Given.Noon);

    public async Task<JsonElement> Get(string path) => await Body(await Http.GetAsync(path), 200);

    public static async Task<JsonElement> Body(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A problem of the agreed shape, with this code.</summary>
    public static async Task Problem(HttpResponseMessage response, int status, string code)
    {
        var problem = await Body(response, status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }
}
