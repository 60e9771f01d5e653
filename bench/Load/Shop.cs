using System.Text;
using System.Text.Json;
using Oms.Kernel;

namespace Oms.Bench.Load;

/// <summary>An order that is ready to be sent.</summary>
internal readonly record struct ReadyOrder(Guid Id, ReadOnlyMemory<byte> Body);

/// <summary>
/// The merchant: four warehouses, many items, plenty of stock everywhere, and orders of two lines from all over the country. Bodies are written beforehand; of
/// each order only the number and the customer are filled in.
/// </summary>
internal sealed class Shop(Api api, int skus)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OpeningMax = TimeSpan.FromSeconds(60);

    private const string Channel = "bench";
    private const string NumberMark = "__NUMBER__";
    private const string CustomerMark = "__CUSTOMER__";
    private const int Variants = 1_024;
    private const int Customers = 20_000;
    private const int ItemsPerCall = 500;
    private const int LinesPerReceipt = 250;
    private const int PiecesPerLevel = 500_000;

    public static readonly string[] Locations = ["newark", "atlanta", "chicago", "ontario"];

    private static readonly (string City, string Region, string PostalCode, double Latitude, double Longitude, string Zone)[] Places =
    [
        ("Newark", "NJ", "07102", 40.7357, -74.1724, "America/New_York"),
        ("Atlanta", "GA", "30303", 33.7525, -84.3888, "America/New_York"),
        ("Chicago", "IL", "60601", 41.8858, -87.6181, "America/Chicago"),
        ("Ontario", "CA", "91761", 34.0345, -117.5929, "America/Los_Angeles"),
    ];

    private readonly string run = $"{Guid.CreateVersion7():N}"[4..16];
    private readonly byte[][][] variants = new byte[Variants][][];
    private Api api = api;
    private int placed;

    public static string Sku(int number) => $"BENCH-{number:0000}";

    /// <summary>Safe to repeat: the same places and items, more stock.</summary>
    public async Task SetUp(CancellationToken token)
    {
        foreach (var (id, place) in Locations.Zip(Places))
        {
            var address = new AddressBody(null, "1 Dock Street", place.City, place.Region, place.PostalCode, "US");
            await api.Put($"/v1/locations/{id}",
                new($"{place.City} warehouse", "warehouse", address, new(place.Latitude, place.Longitude), place.Zone, "17:00"),
                Wire.Default.LocationBody, Wire.Default.Nothing, token);
        }
        var destinations = PostalCodes.Sample(Variants);
        await api.Put("/v1/postal-codes", new([.. destinations.Select(it => new PostalCodeBody("US", it.Code, it.Latitude, it.Longitude))]),
            Wire.Default.PostalCodesBody, Wire.Default.Nothing, token);
        string[] numbers = [.. Enumerable.Range(1, skus).Select(Sku)];
        foreach (var chunk in numbers.Chunk(ItemsPerCall))
            await api.Post("/v1/items/batch", new([.. chunk.Select(sku => new ItemBody(sku, $"Thing {sku}"))]), Wire.Default.ItemsBody, Wire.Default.Nothing,
                token);
        foreach (var location in Locations)
        {
            foreach (var chunk in numbers.Chunk(LinesPerReceipt))
                await Receive(location, chunk.Select(sku => (sku, PiecesPerLevel)), token);
        }
        Write(destinations);
    }

    /// <summary>The same shop after a restart of the platform.</summary>
    public Shop At(Api restarted)
    {
        api = restarted;
        return this;
    }

    /// <summary>Until the services have heard of each other's news: an order that gets as far as the warehouse says that all have.</summary>
    public async Task SellOne(TimeProvider clock, CancellationToken token)
    {
        var order = Next();
        var status = await api.Status(HttpMethod.Post, "/v1/orders", order.Body, token);
        var begun = clock.GetTimestamp();
        for (var seen = $"{status}"; seen != "in_fulfillment"; await Task.Delay(Beat, clock, token))
        {
            if (clock.GetElapsedTime(begun) > OpeningMax)
                throw new BenchException($"The first order does not get as far as the warehouse: {seen}");
            seen = (await api.Get($"/v1/orders/{order.Id}", Wire.Default.OrderView, token)).Status;
        }
    }

    public Task Receive(string location, IEnumerable<(string Sku, int Pieces)> lines, CancellationToken token) => api.Post(
        "/v1/inventory/receipts", new(location, "received", null, [.. lines.Select(line => new ReceiptLine(line.Sku, line.Pieces))]),
        Wire.Default.ReceiptBody, Wire.Default.Nothing, token);

    /// <summary>An order of one piece, for those who all want the same.</summary>
    public static ReadyOrder OneOf(string channel, string sku, int count)
    {
        var body = new OrderBody(
            channel, $"{count}", new($"buyer{count}@customers.example", $"Buyer {count}"),
                new($"Buyer {count}", "1 Main Street", "New York", "NY", "10001", "US"), "USD",
            [new(sku, 1, 99m)]);
        return new(Ids.Derive("order", channel, $"{count}"), JsonSerializer.SerializeToUtf8Bytes(body, Wire.Default.OrderBody));
    }

    public Task Register(string sku, CancellationToken token) => api.Post(
        "/v1/items/batch", new([new(sku, $"Thing {sku}")]), Wire.Default.ItemsBody, Wire.Default.Nothing, token);

    /// <summary>The next order: never the same one twice.</summary>
    public ReadyOrder Next()
    {
        var count = Interlocked.Increment(ref placed);
        var number = $"{run}-{count}";
        var parts = variants[count % Variants];
        var (numberBytes, customer) = (Encoding.ASCII.GetBytes(number), Encoding.ASCII.GetBytes($"{(long)count * 7_919 % Customers}"));
        var body = new byte[parts[0].Length + parts[1].Length + parts[2].Length + numberBytes.Length + customer.Length];
        var at = 0;
        foreach (var part in new[] { parts[0], numberBytes, parts[1], customer, parts[2] })
        {
            part.CopyTo(body, at);
            at += part.Length;
        }
        return new(Ids.Derive("order", Channel, number), body);
    }

    private void Write(IReadOnlyList<PostalCode> destinations)
    {
        var random = new Random(17);
        for (var variant = 0; variant < Variants; variant++)
        {
            var to = destinations[variant % destinations.Count];
            var first = random.Next(skus);
            var second = (first + 1 + random.Next(Math.Max(1, skus - 1))) % skus;
            var body = new OrderBody(
                Channel, NumberMark, new($"{CustomerMark}@customers.example", $"Customer {variant}"),
                    new($"Customer {variant}", $"{variant} Main Street", to.City, to.State, to.Code, "US"),
                "USD", [new(Sku(first + 1), 1 + random.Next(2), 9.99m + random.Next(20)), new(Sku(second + 1), 1, 4.49m + random.Next(10))]);
            var text = JsonSerializer.Serialize(body, Wire.Default.OrderBody);
            variants[variant] = [.. text.Split([NumberMark, CustomerMark], StringSplitOptions.None).Select(Encoding.UTF8.GetBytes)];
        }
    }
}
