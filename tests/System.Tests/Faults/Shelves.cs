using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Oms.SystemTests.Faults;

/// <summary>One location and what lies there of two items at the beginning of a test, nothing of it reserved.</summary>
internal sealed record Shelves(string Location, ImmutableSortedDictionary<string, int> Pieces)
{
    private const int PiecesPerItem = 100_000;

    public string First => Pieces.Keys.First();

    public string Second => Pieces.Keys.Last();

    /// <summary>Completes when Routing knows of them too: it hears of stock, and an order that is faster would be split or wait.</summary>
    public static async Task<Shelves> Fill(Merchant merchant)
    {
        var location = await merchant.Location();
        string[] skus = [await merchant.Item(), await merchant.Item()];
        foreach (var sku in skus)
            await merchant.Receive(location, sku, PiecesPerItem);
        var probe = await merchant.Place((skus[0], 1, 1m), (skus[1], 1, 1m));
        await merchant.OrderWhen(probe, "in_fulfillment");
        await merchant.Post($"/v1/orders/{probe}/cancellation", new { reason = "was only to see" });
        await merchant.OrderWhen(probe, "canceled");
        foreach (var sku in skus)
            await merchant.When($"/v1/inventory/{sku}/levels/{location}", level => Available(level) == PiecesPerItem);
        return new(location, skus.ToImmutableSortedDictionary(sku => sku, _ => PiecesPerItem));
    }

    /// <summary>As they are now; null when something is reserved.</summary>
    public async Task<Shelves?> AsTheyAre(Merchant merchant)
    {
        var now = Pieces;
        foreach (var sku in Pieces.Keys)
        {
            var level = await merchant.When($"/v1/inventory/{sku}/levels/{Location}", _ => true);
            if (level["onHand"]!.GetValue<int>() != Available(level))
                return null;
            now = now.SetItem(sku, Available(level));
        }

        return this with { Pieces = now };
    }

    private static int Available(JsonNode level) => level["available"]!.GetValue<int>();
}
