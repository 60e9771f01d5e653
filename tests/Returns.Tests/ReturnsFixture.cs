using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts;
using Oms.Contracts.Orders.V1;
using Oms.Contracts.Shipping.V1;
using Oms.Returns.Domain;
using Oms.Testing;

namespace Oms.Returns.Tests;

public sealed class ReturnsFixture() : ServiceFixture<Return>("returns"), IAsyncLifetime
{
    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
    }

    /// <summary>An order of mugs and plates, placed and all of it delivered.</summary>
    public async Task<Guid> DeliveredOrder(int mugs = 3, int plates = 2)
    {
        var order = Guid.CreateVersion7();
        await Messages.Deliver(Placed(order, mugs, plates));
        await Messages.Deliver(Delivered(order, Guid.CreateVersion7(), mugs, plates));
        return order;
    }

    public static OrderPlaced Placed(Guid order, int mugs = 3, int plates = 2) => new(
        order, "#1001", "web", $"W-{order:N}", null, null, null, new(null, null, null, null, null, null, null, "DE", null), "EUR",
        [new(1, "MUG", "Mug", mugs, 10m, 0, 0, 10m * mugs), new(2, "PLATE", "Plate", plates, 9m, 0, 0, 9m * plates)],
        0, 10m * mugs + 9m * plates, "standard", Given.Noon);

    public static ShipmentDelivered Delivered(Guid order, Guid shipment, int mugs = 3, int plates = 2) =>
        new(shipment, Guid.CreateVersion7(), order, [new LineQuantity(1, "MUG", mugs), new LineQuantity(2, "PLATE", plates)], Given.Noon);

    public Task<HttpResponseMessage> Request(Guid order, params (int Line, int Quantity)[] lines) => Http.PostAsJsonAsync(
        "/v1/returns", new { orderId = order, reason = "too small", lines = lines.Select(line => new { line = line.Line, quantity = line.Quantity }) });

    /// <summary>A return of two mugs and a plate, approved.</summary>
    public async Task<string> ApprovedReturn(Guid order)
    {
        var id = (await Body(await Request(order, (1, 2), (2, 1)), 201)).GetProperty("id").GetString()!;
        await Body(await Http.PostAsJsonAsync($"/v1/returns/{id}/approve", new { }), 200);
        return id;
    }

    public Task<HttpResponseMessage> Receive(string id) => Http.PostAsJsonAsync($"/v1/returns/{id}/receive", new
    {
        locationId = "nyc",
        lines = new object[] { new { line = 1, quantity = 2, disposition = "restocked" }, new { line = 2, quantity = 1, disposition = "damaged" } },
    });

    public async Task<JsonElement> Get(string path) => await Body(await Http.GetAsync(path), 200);

    public static async Task<JsonElement> Body(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A problem of the agreed shape, with this code.</summary>
    public static async Task<JsonElement> Problem(HttpResponseMessage response, int status, string code)
    {
        var problem = await Body(response, status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    public async Task<T> Load<T>(Guid id) where T : class
    {
        await using var session = Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await session.LoadAsync<T>(id)).ShouldNotBeNull();
    }
}
