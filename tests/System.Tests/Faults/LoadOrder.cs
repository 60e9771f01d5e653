namespace Oms.SystemTests.Faults;

/// <summary>What shall become of an order of the load.</summary>
internal enum Fate
{
    Delivered,
    CanceledAtOnce,
    CanceledInFulfillment,
    Declined,
}

/// <summary>One order of the load: what is known before it is placed, and what has become of it.</summary>
internal sealed class LoadOrder(string number, Fate fate, string token, (string Sku, int Quantity)[] lines)
{
    public const decimal Price = 7.25m;

    public string Number => number;

    public Fate Fate => fate;

    public (string Sku, int Quantity)[] Lines => lines;

    public decimal Total => lines.Sum(line => line.Quantity) * Price;

    public string FinalStatus => fate == Fate.Delivered ? "completed" : "canceled";

    /// <summary>Known once it is accepted.</summary>
    public Guid Id { get; set; }

    public object Body => new
    {
        channel = "online_store",
        channelOrderNumber = number,
        customer = new { email = $"{number}@customers.example".ToLowerInvariant(), name = "Ann Example" },
        shipTo = new { name = "Ann Example", line1 = "1 Main St", city = "New York", region = "NY", postalCode = "10001", country = "US" },
        currency = "USD",
        lines = lines.Select(line => new { sku = line.Sku, quantity = line.Quantity, unitPrice = Price }).ToArray(),
        payment = new { token },
    };

    public static LoadOrder Random(Random random, string number, string[] skus)
    {
        var fate = random.Next(100) switch
        {
            < 70 => Fate.Delivered,
            < 78 => Fate.CanceledAtOnce,
            < 88 => Fate.CanceledInFulfillment,
            _ => Fate.Declined,
        };
        var token = fate == Fate.Declined ? "tok_declined" : random.Next(10) == 0 ? "tok_timeout_once" : "tok_visa";
        var lines = skus.Take(random.Next(1, skus.Length + 1)).Select(sku => (sku, random.Next(1, 4))).ToArray();
        return new(number, fate, token, lines);
    }
}
