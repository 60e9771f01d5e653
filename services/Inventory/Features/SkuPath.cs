namespace Oms.Inventory.Features;

/// <summary>A SKU may hold a slash, which a path carries as %2F and routing leaves as it is.</summary>
public static class SkuPath
{
    public static string Decode(string segment) => Uri.UnescapeDataString(segment);

    public static string Encode(string sku) => Uri.EscapeDataString(sku);
}
