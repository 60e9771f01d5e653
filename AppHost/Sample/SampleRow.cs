using System.Globalization;
using Oms.Kernel;

namespace Oms.Sample;

/// <summary>One row of the file, judged: <see cref="Wrong"/> says what is wrong with it.</summary>
internal sealed record SampleRow
{
    private const decimal SalesMax = 100_000_000m;
    private const int PostalCodeLength = 5;
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "M/d/yyyy"];

    public static IReadOnlyList<string> Columns { get; } =
    [
        "Order ID", "Order Date", "Ship Mode", "Customer ID", "Customer Name", "Segment", "Country", "City", "State", "Postal Code",
        "Product ID", "Product Name", "Sales", "Quantity", "Discount",
    ];

    public required int Line { get; init; }

    public required string OrderId { get; init; }

    public required DateTimeOffset OrderDate { get; init; }

    public required string ServiceLevel { get; init; }

    public required string Email { get; init; }

    public required string CustomerName { get; init; }

    public required string Channel { get; init; }

    public required string City { get; init; }

    public required string State { get; init; }

    public required string PostalCode { get; init; }

    public required string Sku { get; init; }

    public required string ProductName { get; init; }

    public required decimal Sales { get; init; }

    public required int Quantity { get; init; }

    public required decimal Discount { get; init; }

    /// <summary>Null for a good row.</summary>
    public string? Wrong { get; private init; }

    /// <param name="field">The trimmed text of a column.</param>
    /// <param name="misshapen">What is wrong with the row as a whole.</param>
    public static SampleRow From(int line, Func<string, string> field, string? misshapen)
    {
        var dated = DateTime.TryParseExact(field("Order Date"), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        var priced = TryDecimal(field("Sales"), out var sales) && sales is >= 0 and <= SalesMax;
        var counted = int.TryParse(field("Quantity"), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) && Kernel.Quantity.IsValid(quantity);
        var discounted = TryDecimal(field("Discount"), out var discount) && discount >= 0;
        var level = ServiceLevelOf(field("Ship Mode"));
        var email = Kernel.Email.Normalize($"{field("Customer ID")}@customers.example");
        var postalCode = field("Postal Code") is { Length: > 0 and <= PostalCodeLength } digits && digits.All(char.IsAsciiDigit)
            ? digits.PadLeft(PostalCodeLength, '0')
            : null;
        (bool Wrong, string Why)[] complaints =
        [
            (field("Order ID").Length == 0, "has no Order ID"),
            (!dated, $"Order Date \"{field("Order Date")}\" is no date"),
            (level is null, $"Ship Mode \"{field("Ship Mode")}\" is not known"),
            (email is null, $"Customer ID \"{field("Customer ID")}\" does not identify a customer"),
            (field("Country") is not ("United States" or "US" or "USA"), $"Country \"{field("Country")}\" is not the United States"),
            (postalCode is null, $"Postal Code \"{field("Postal Code")}\" is not up to five digits"),
            (!Kernel.Sku.IsValid(field("Product ID")), $"Product ID \"{field("Product ID")}\" is no SKU"),
            (!priced, $"Sales \"{field("Sales")}\" is no amount"),
            (!counted, $"Quantity \"{field("Quantity")}\" is no number of pieces"),
            (!discounted, $"Discount \"{field("Discount")}\" is no share"),
        ];
        return new()
        {
            Line = line,
            OrderId = field("Order ID"),
            OrderDate = new(DateTime.SpecifyKind(date, DateTimeKind.Utc)),
            ServiceLevel = level ?? "",
            Email = email ?? "",
            CustomerName = OneLine(field("Customer Name")),
            Channel = ChannelOf(field("Segment")),
            City = OneLine(field("City")),
            State = OneLine(field("State")),
            PostalCode = postalCode ?? "",
            Sku = field("Product ID"),
            ProductName = OneLine(field("Product Name")),
            Sales = sales,
            Quantity = quantity,
            Discount = discount,
            Wrong = misshapen ?? complaints.FirstOrDefault(it => it.Wrong).Why,
        };
    }

    /// <summary>What an order has once and its rows repeat must be the same in each of them.</summary>
    public string? DiffersFrom(SampleRow? first)
    {
        (string Column, object Mine, object? Theirs)[] common =
        [
            ("Order Date", OrderDate, first?.OrderDate), ("Ship Mode", ServiceLevel, first?.ServiceLevel), ("Customer ID", Email, first?.Email),
            ("Customer Name", CustomerName, first?.CustomerName), ("Segment", Channel, first?.Channel), ("City", City, first?.City),
            ("State", State, first?.State), ("Postal Code", PostalCode, first?.PostalCode),
        ];
        var different = common.FirstOrDefault(it => first is not null && !it.Mine.Equals(it.Theirs)).Column;
        return different is null ? null : $"{different} differs from line {first!.Line}, which is of the same order";
    }

    // Names with line breaks go around in this data, and the API takes none.
    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));

    private static bool TryDecimal(string text, out decimal number) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static string? ServiceLevelOf(string shipMode) => shipMode switch
    {
        "Standard Class" => "standard",
        "Second Class" => "expedited",
        "First Class" => "express",
        "Same Day" => "same_day",
        _ => null,
    };

    private static string ChannelOf(string segment) => segment switch
    {
        "Corporate" => "b2b",
        "Home Office" => "marketplace",
        _ => "online_store",
    };
}
