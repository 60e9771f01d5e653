using Oms.Kernel;

namespace Oms.Inventory.Domain;

/// <summary>What is known of an item. Weight in grams, dimensions in millimeters, GTIN in its 14-digit form, origin as ISO 3166-1 alpha-2.</summary>
public sealed record ItemDetails(
    string Name, string? Gtin, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm, string? HsCode, string? CountryOfOrigin);

/// <summary>A fact about an item.</summary>
public interface IItemEvent
{
    string Sku { get; }

    ItemDetails Details { get; }

    DateTimeOffset At { get; }
}

public sealed record ItemRegistered(string Sku, ItemDetails Details, DateTimeOffset At) : IItemEvent;

/// <summary>The description was corrected or completed; it is the whole description, not a difference.</summary>
public sealed record ItemRevised(string Sku, ItemDetails Details, DateTimeOffset At) : IItemEvent;

/// <summary>A thing that is stocked.</summary>
public sealed record Item(string Id, string Sku, ItemDetails Details) : IFold<Item, IItemEvent>
{
    public int Version { get; init; }

    public static string Key(string sku) => $"item/{sku}";

    public static Item After(Item? item, IItemEvent happened) => (item, happened) switch
    {
        (null, ItemRegistered e) => new(Key(e.Sku), e.Sku, e.Details),
        ({ } it, ItemRevised e) => it with { Details = e.Details },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {item}."),
    };
}
