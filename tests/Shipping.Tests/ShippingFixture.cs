using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Oms.Contracts;
using Oms.Contracts.Shipping.V1;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;
using Oms.Testing;

namespace Oms.Shipping.Tests;

public sealed class ShippingFixture() : ServiceFixture<Shipment>("shipping"), IAsyncLifetime
{
    public Messages Messages { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public WatchedCarrier Carrier { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Http = Client();
        Messages = await Messages.Of(Services);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<ICarrier>();
            services.AddSingleton<ICarrier>(Carrier);
            services.AddSingleton<ICarrier>(new SandboxCarrier(SandboxCarrier.Down, isDown: true));
        });
    }

    public static CreateFulfillmentOrders Asked(Guid order, Guid fulfillmentOrder, string location = "nyc", string postalCode = "10001") => new(
        order, "#1001", "web", Given.Reservation, new("Ann Example", null, "1 Main St", null, "New York", "NY", postalCode, "US", null), "express",
        [new(fulfillmentOrder, location, [new LineQuantity(1, "MUG", 3), new LineQuantity(2, "PLATE", 2)], Given.Noon)], Given.Noon);

    /// <summary>A fulfillment order of three mugs and two plates that a location has been asked for.</summary>
    public async Task<(Guid Id, Guid Order)> Created(string location = "nyc", string postalCode = "10001", Guid? order = null)
    {
        var (id, of) = (Guid.CreateVersion7(), order ?? Guid.CreateVersion7());
        await Messages.Deliver(Asked(of, id, location, postalCode));
        return (id, of);
    }

    public async Task<Guid> Accepted(string postalCode = "10001")
    {
        var (id, _) = await Created(postalCode: postalCode);
        await Body(await Act(id, "accept"), 200);
        return id;
    }

    /// <summary>A parcel with everything in it.</summary>
    public async Task<JsonElement> Shipped() => await Body(await Act(await Accepted(), "ship"), 201);

    public Task<HttpResponseMessage> Act(Guid id, string action, object? body = null, string? key = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/fulfillment-orders/{id}/{action}") { Content = JsonContent.Create(body ?? new { }) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return Http.SendAsync(request);
    }

    public async Task<JsonElement> Batch(params (Guid Id, string Action)[] actions) => await Body(await Http.PostAsJsonAsync(
        "/v1/fulfillment-orders/batch", new { actions = actions.Select(it => new { fulfillmentOrderId = it.Id, action = it.Action, reason = "damaged" }) }),
            200);

    public async Task<JsonElement> Track(params object[] events) =>
        (await Body(await Http.PostAsJsonAsync("/v1/tracking-events", new { events }), 200)).GetProperty("results");

    public object Event(JsonElement shipment, string code, int hour, string? id = null) => new
    {
        carrier = "sandbox", trackingNumber = shipment.GetProperty("trackingNumber").GetString(), eventId = id ?? $"{code}-{hour}", code,
        message = $"It is {code}.", occurredAt = Given.Noon.AddHours(hour), location = "Newark",
    };

    public async Task<JsonElement> Get(string path) => await Body(await Http.GetAsync(path), 200);

    public Task<JsonElement> Get(Guid fulfillmentOrder) => Get($"/v1/fulfillment-orders/{fulfillmentOrder}");

    public static string[] Outcomes(JsonElement results) => [.. results.EnumerateArray().Select(it => it.GetProperty("outcome").GetString()!)];

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

    public async Task<IReadOnlyList<JasperFx.Events.IEvent>> Story(Guid stream)
    {
        await using var session = Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.Events.FetchStreamAsync(stream);
    }
}

/// <summary>The sandbox, and which labels were asked of it.</summary>
public sealed class WatchedCarrier : ICarrier
{
    private readonly SandboxCarrier sandbox = new(SandboxCarrier.Up);
    private readonly Lock gate = new();
    private readonly List<Guid> asked = [];

    public string Name => sandbox.Name;

    /// <summary>The parcels whose label is bought, whereupon the process dies before it can commit.</summary>
    public HashSet<Guid> DiesAfterBuying { get; } = [];

    public int Asked(Guid shipment)
    {
        lock (gate)
            return asked.Count(it => it == shipment);
    }

    public TrackingStatus? Read(string code) => sandbox.Read(code);

    public async Task<Label> Buy(Parcel parcel, CancellationToken token)
    {
        bool dies;
        lock (gate)
        {
            asked.Add(parcel.ShipmentId);
            dies = DiesAfterBuying.Remove(parcel.ShipmentId);
        }
        var label = await sandbox.Buy(parcel, token);
        return dies ? throw new InvalidOperationException("The process is killed.") : label;
    }
}
