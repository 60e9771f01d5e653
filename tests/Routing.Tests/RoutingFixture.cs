using System.Net.Http.Json;
using System.Text.Json;
using Oms.Contracts;
using Oms.Contracts.Inventory.V1;
using Oms.Contracts.Routing.V1;
using Oms.Routing.Domain;
using Oms.Testing;

namespace Oms.Routing.Tests;

public sealed class RoutingFixture() : ServiceFixture<Location>("routing"), IAsyncLifetime
{
    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
    }

    public static object NewYork(string name = "New York", string? cutOff = "15:00", int? capacityPerDay = null, bool active = true) => new
    {
        name,
        type = "warehouse",
        address = new { line1 = "1 Dock St", city = "New York", region = "NY", postalCode = "10001", country = "US" },
        coordinates = new { latitude = 40.75, longitude = -74.0 },
        timeZone = "America/New_York",
        cutOff,
        capacityPerDay,
        active,
    };

    public async Task Register(string id, int? capacityPerDay = null, bool active = true) =>
        (await Http.PutAsJsonAsync($"/v1/locations/{id}", NewYork(id, capacityPerDay: capacityPerDay, active: active), Json)).IsSuccessStatusCode.ShouldBeTrue();

    public Task Stocked(string sku, string location, int available, long version = 1) =>
        Messages.Deliver(new InventoryLevelChanged(sku, location, available, available, version, Clock.GetUtcNow()));

    public static RouteOrder Asked(string sku, int quantity = 1, Guid? order = null, int attempt = 1, string postalCode = "10001") => new(
        Guid.CreateVersion7(), order ?? Guid.CreateVersion7(), attempt, [new LineQuantity(1, sku, quantity)],
        new("A. Buyer", null, "1 Main St", null, "New York", "New York", postalCode, "US", null), "standard", ShipComplete: false, [], [], Given.Noon);

    public async Task<JsonElement> Decision(Guid order, int? attempt = null) =>
        await Body(await Http.GetAsync($"/v1/orders/{order}/routing-decision{(attempt is null ? "" : $"?attempt={attempt}")}"), 200);

    public async Task<JsonElement> Get(string path) => await Body(await Http.GetAsync(path), 200);

    public static async Task<JsonElement> Body(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A problem of the agreed shape, with this code; its errors, if it has any.</summary>
    public static async Task<IReadOnlyList<string>> Problem(HttpResponseMessage response, int status, string code)
    {
        var problem = await Body(response, status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        return problem.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(it => it.Name)] : [];
    }

    public static IEnumerable<string?> Values(JsonElement items, string member) => items.EnumerateArray().Select(it => it.GetProperty(member).GetString());
}
