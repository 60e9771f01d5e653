using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Oms.AppHost.Local;

namespace Oms.SystemTests;

/// <summary>Uses the platform as its merchants, warehouses and carriers do: through the gateway, in their words.</summary>
public sealed class Merchant(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public HttpClient Http => http;

    /// <summary>With an API key.</summary>
    public static Merchant Of(Platform platform)
    {
        var client = new HttpClient { BaseAddress = platform.Gateway, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.ApiKey);
        return new(client);
    }

    /// <summary>A name that no other test uses.</summary>
    public static string Unique(string prefix) => $"{prefix}-{Guid.CreateVersion7():N}"[..Math.Min(prefix.Length + 21, 40)];

    public async Task<string> Location(string city = "New York", string postalCode = "10001", double latitude = 40.75, double longitude = -74.0, int? capacityPerDay = null)
    {
        var id = Unique("loc");
        await Put($"/v1/locations/{id}", new
        {
            name = city,
            type = "warehouse",
            address = new { line1 = "1 Dock St", city, region = "NY", postalCode, country = "US" },
            coordinates = new { latitude, longitude },
            timeZone = "America/New_York",
            cutOff = "15:00",
            capacityPerDay,
        });
        return id;
    }

    public async Task<string> Item()
    {
        var sku = Unique("SKU");
        await Put($"/v1/items/{sku}", new { name = $"Thing {sku}" });
        return sku;
    }

    public Task<JsonNode> Receive(string location, string sku, int quantity) =>
        Post("/v1/inventory/receipts", new { locationId = location, reason = "received", lines = new[] { new { sku, quantity } } });

    public static object Order(string number, params (string Sku, int Quantity, decimal Price)[] lines) => new
    {
        channel = "online_store",
        channelOrderNumber = number,
        customer = new { email = $"{number}@customers.example".ToLowerInvariant(), name = "Ann Example" },
        shipTo = new { name = "Ann Example", line1 = "1 Main St", city = "New York", region = "NY", postalCode = "10001", country = "US" },
        currency = "USD",
        lines = lines.Select(line => new { sku = line.Sku, quantity = line.Quantity, unitPrice = line.Price }).ToArray(),
    };

    public async Task<Guid> Place(params (string Sku, int Quantity, decimal Price)[] lines) =>
        (await Post("/v1/orders", Order(Unique("o"), lines)))["id"]!.GetValue<Guid>();

    /// <summary>Waits until the order looks as wanted; fails with how it looks instead.</summary>
    public Task<JsonNode> OrderWhen(Guid id, Func<JsonNode, bool> wanted) => When($"/v1/orders/{id}", wanted);

    public Task<JsonNode> OrderWhen(Guid id, string status) => OrderWhen(id, order => order["status"]!.GetValue<string>() == status);

    public Task<JsonNode> When(string path, Func<JsonNode, bool> wanted) => Until(path, async () =>
    {
        using var response = await http.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        var node = response.IsSuccessStatusCode ? JsonNode.Parse(text) : null;
        return (node is not null && wanted(node) ? node : null, $"{(int)response.StatusCode} {text}");
    });

    /// <summary>Sends the same again until it is accepted, as a channel does that got no answer.</summary>
    public Task<JsonNode> PostUntilAccepted(string path, object body) => Until(path, async () =>
    {
        using var response = await http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return (response.IsSuccessStatusCode ? JsonNode.Parse(text) : null, $"{(int)response.StatusCode} {text}");
    });

    private static async Task<JsonNode> Until(string path, Func<Task<(JsonNode? Found, string Seen)>> look)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var (found, seen) = await look();
            if (found is not null)
                return found;
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"{path} does not become what is waited for. It is: {seen}");
            // A moment for the others: polling as fast as possible would take the processor from what is waited for.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>The fulfillment orders of an order, once there are any that are still open.</summary>
    public async Task<IReadOnlyList<Guid>> OpenFulfillmentOrders(Guid orderId)
    {
        var found = await When($"/v1/orders/{orderId}/fulfillment-orders", page => Open(page).Count > 0);
        return Open(found);

        static List<Guid> Open(JsonNode page) => [.. page["items"]!.AsArray()
            .Where(it => it!["status"]!.GetValue<string>() is "open" or "in_progress").Select(it => it!["id"]!.GetValue<Guid>())];
    }

    /// <summary>Accepts, picks, packs and ships everything that is open of an order.</summary>
    public async Task<IReadOnlyList<JsonNode>> Ship(Guid orderId)
    {
        List<JsonNode> shipments = [];
        foreach (var id in await OpenFulfillmentOrders(orderId))
        {
            await Post($"/v1/fulfillment-orders/{id}/accept", new { });
            await Post($"/v1/fulfillment-orders/{id}/pick", new { });
            await Post($"/v1/fulfillment-orders/{id}/pack", new { });
            shipments.Add(await Post($"/v1/fulfillment-orders/{id}/ship", new { }));
        }
        return shipments;
    }

    public Task<JsonNode> Track(JsonNode shipment, params string[] codes) => Post("/v1/tracking-events", new
    {
        events = codes.Select((code, index) => new
        {
            carrier = shipment["carrier"]!.GetValue<string>(),
            trackingNumber = shipment["trackingNumber"]!.GetValue<string>(),
            eventId = $"{shipment["trackingNumber"]}-{code}",
            code,
            occurredAt = TimeProvider.System.GetUtcNow().AddMinutes(index),
        }).ToArray(),
    });

    public async Task<JsonNode> ShipAndDeliver(Guid orderId)
    {
        foreach (var shipment in await Ship(orderId))
            await Track(shipment, "PU", "IT", "OD", "DV");
        return await OrderWhen(orderId, order => order["status"]!.GetValue<string>() is "completed");
    }

    public async Task<JsonNode> Get(string path) => await Read(await http.GetAsync(path));

    public async Task<JsonNode> Post(string path, object body) => await Read(await http.PostAsJsonAsync(path, body));

    public async Task<JsonNode> Put(string path, object body) => await Read(await http.PutAsJsonAsync(path, body));

    private static async Task<JsonNode> Read(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
                throw new HttpRequestException($"{(int)response.StatusCode}: {text}", null, response.StatusCode);
            return response.StatusCode == HttpStatusCode.NoContent ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }
}
