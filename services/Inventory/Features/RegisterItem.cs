using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>Registers an item, or says anew what is known of it.</summary>
public sealed record RegisterItem(string Sku, ItemDetails Details, DateTimeOffset At);

public static class RegisterItemSlice
{
    public static Decision<IItemEvent> Decide(RegisterItem command, Item? item) => item switch
    {
        null => [new ItemRegistered(command.Sku, command.Details, command.At)],
        _ when item.Details == command.Details => [],
        _ => [new ItemRevised(command.Sku, command.Details, command.At)],
    };

    public static void Map(IEndpointRouteBuilder items) => items.MapPut("/{sku}", Handle)
        .WithName("RegisterItem").Access(Scopes.ItemsWrite).Versioned().WithSummary("Registers an item or replaces its description. Safe to repeat.")
        .WithExample(new ItemBody("Mug", WeightGrams: 350, CountryOfOrigin: "US"))
        .Produces<ItemView>().Produces<ItemView>(StatusCodes.Status201Created);

    private static Task<IResult> Handle(
        string sku, ItemBody body, HttpContext context, Writes writes, TimeProvider clock, CancellationToken token) => writes.Commit(async session =>
        {
            sku = SkuPath.Decode(sku);
            var complaints = new Complaints();
            ItemBody.CheckSku(complaints, sku, "sku");
            body.Check(complaints);
            if (complaints.ToRefusal("invalid-item", $"Item {sku} cannot be registered as it is.") is { } wrong)
                return Problems.From(wrong);

            var command = new RegisterItem(sku, body.ToDetails(), clock.GetUtcNow());
            var decided = await session.Decide<Item, IItemEvent>(Item.Key(sku), item => Decide(command, item), token, context.Precondition());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            context.SetETag(decided.Version);
            var view = ItemView.Of(decided.State!) with { Version = decided.Version };
            return decided.Happened is [ItemRegistered] ? TypedResults.Created($"/v1/items/{SkuPath.Encode(sku)}", view) : TypedResults.Ok(view);
        }, token);
}

/// <summary>What the sender knows of an item.</summary>
public sealed record ItemBody(
    string? Name = null, string? Gtin = null, int? WeightGrams = null, int? LengthMm = null, int? WidthMm = null, int? HeightMm = null, string? HsCode = null,
    string? CountryOfOrigin = null)
{
    public const int NameLengthMax = 200;
    public const int WeightGramsMax = 10_000_000;
    public const int DimensionMmMax = 100_000;
    public const int HsCodeDigitsMin = 4;
    public const int HsCodeDigitsMax = 12;

    public static void CheckSku(Complaints complaints, string? sku, string path) => complaints.If(
        !Sku.IsValid(sku), path, $"must be 1 to {Sku.LengthMax} letters, digits or - _ . / : #");

    public void Check(Complaints complaints, string path = "")
    {
        complaints
            .If(string.IsNullOrWhiteSpace(Name), $"{path}name", "is required")
            .If(Name?.Length > NameLengthMax, $"{path}name", $"has at most {NameLengthMax} characters")
            .If(Name is not null && Name.Any(char.IsControl), $"{path}name", "must not contain control characters")
            .If(Gtin is not null && Kernel.Gtin.Normalize(Gtin) is null, $"{path}gtin", "must be a GTIN-8, -12, -13 or -14 with a right check digit")
            .If(WeightGrams is < 0 or > WeightGramsMax, $"{path}weightGrams", $"must be between 0 and {WeightGramsMax}")
            .If(LengthMm is < 0 or > DimensionMmMax, $"{path}lengthMm", $"must be between 0 and {DimensionMmMax}")
            .If(WidthMm is < 0 or > DimensionMmMax, $"{path}widthMm", $"must be between 0 and {DimensionMmMax}")
            .If(HeightMm is < 0 or > DimensionMmMax, $"{path}heightMm", $"must be between 0 and {DimensionMmMax}")
            .If(HsCode is not null && !IsHsCode(HsCode), $"{path}hsCode", $"must be {HsCodeDigitsMin} to {HsCodeDigitsMax} digits, with or without dots")
            .If(CountryOfOrigin is not null && !Countries.IsKnown(CountryOfOrigin), $"{path}countryOfOrigin", "must be an ISO 3166-1 alpha-2 code such as US");
    }

    public ItemDetails ToDetails() => new(
        Name!.Trim(), Kernel.Gtin.Normalize(Gtin), WeightGrams, LengthMm, WidthMm, HeightMm, HsCode?.Replace(".", "", StringComparison.Ordinal), CountryOfOrigin);

    private static bool IsHsCode(string code) => code.Length <= HsCodeDigitsMax * 2 && code.All(c => char.IsAsciiDigit(c) || c == '.') &&
        code.Count(char.IsAsciiDigit) is >= HsCodeDigitsMin and <= HsCodeDigitsMax;
}

/// <summary>An item as the API shows it.</summary>
public sealed record ItemView(
    string Sku, string Name, string? Gtin, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm, string? HsCode, string? CountryOfOrigin, long Version)
{
    public static ItemView Of(Item item)
    {
        var it = item.Details;
        return new(item.Sku, it.Name, it.Gtin, it.WeightGrams, it.LengthMm, it.WidthMm, it.HeightMm, it.HsCode, it.CountryOfOrigin, item.Version);
    }
}
