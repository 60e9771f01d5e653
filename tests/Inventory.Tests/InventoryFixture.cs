using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Routing.V1;
using Oms.Inventory.Domain;
using Oms.Testing;

namespace Oms.Inventory.Tests;

public sealed class InventoryFixture() : ServiceFixture<Item>("inventory"), IAsyncLifetime
{
    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
        await Messages.Deliver(new LocationRegistered("nyc", "New York", "warehouse", true, Clock.GetUtcNow()));
        await Messages.Deliver(new LocationRegistered("lax", "Los Angeles", "store", true, Clock.GetUtcNow()));
    }

    /// <summary>A SKU that nobody else uses, registered.</summary>
    public async Task<string> Sku(string name = "MUG")
    {
        var sku = $"{name}-{Guid.CreateVersion7():N}";
        await Body(await Put($"/v1/items/{sku}", new { name }), 201);
        return sku;
    }

    /// <summary>A SKU of which so many are available.</summary>
    public async Task<string> Stocked(int quantity, string location = "nyc")
    {
        var sku = await Sku();
        await Receive(sku, quantity, location);
        return sku;
    }

    public async Task Receive(string sku, int quantity, string location = "nyc") =>
        await Body(await Post("/v1/inventory/receipts", new { locationId = location, lines = new[] { new { sku, quantity } } }), 201);

    public Task<HttpResponseMessage> Post(string path, object body) => Http.PostAsJsonAsync(path, body);

    public Task<HttpResponseMessage> Put(string path, object body) => Http.PutAsJsonAsync(path, body);

    public async Task<JsonElement> Get(string path) => await Body(await Http.GetAsync(path), 200);

    public async Task<JsonElement> Level(string sku, string location = "nyc") => await Get($"/v1/inventory/{sku}/levels/{location}");

    /// <summary>Everything adds up, at any time.</summary>
    public async Task Reconciles() => (await Get("/v1/inventory/reconciliation")).GetProperty("differences").EnumerateArray().ShouldBeEmpty();

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
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
