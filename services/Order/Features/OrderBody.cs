using System.Text.Json;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.ServiceDefaults;

namespace Oms.Orders.Features;

/// <summary>The canonical order: what every channel's order is mapped to. Amounts in major units of <c>currency</c>.</summary>
/// <param name="Channel">Where it was bought: <c>online_store</c>, <c>pos</c>, <c>marketplace</c>…; the merchant's own word, in lower case.</param>
/// <param name="ChannelOrderNumber">The channel's number of it, unique there.</param>
/// <param name="PlacedAt">When the customer ordered; now when left out.</param>
/// <param name="ServiceLevel">standard, expedited, express or same_day.</param>
/// <param name="ShipComplete">Nothing ships before everything can.</param>
public sealed record OrderBody(
    string Channel, string ChannelOrderNumber, Address ShipTo, string Currency, IReadOnlyList<OrderBody.LineBody> Lines,
    OrderBody.CustomerBody? Customer = null, DateTimeOffset? PlacedAt = null, string ServiceLevel = "standard", bool ShipComplete = false,
    decimal Shipping = 0, OrderBody.PaymentBody? Payment = null)
{
    public const int LinesMax = 500;
    public const decimal AmountMax = 100_000_000;
    private const int TextMax = 200;

    internal static OrderBody Example { get; } = new(
        Examples.Channel, Examples.ChannelOrderNumber, new("US", "Ann Example", "1 Main St", "New York", "NY", "10001"), "USD", [new(Examples.Sku, 2, 9.99m)],
        new(Examples.Email, "Ann Example"), Payment: new("tok_visa"));

    /// <summary>How a body is written for its fingerprint.</summary>
    public static JsonSerializerOptions Canonical { get; } = new(JsonSerializerDefaults.Web);

    private static readonly HashSet<string> ServiceLevels = ["standard", "expedited", "express", "same_day"];

    /// <param name="Discount">Off the whole line.</param>
    /// <param name="Tax">Of the whole line.</param>
    public sealed record LineBody(string Sku, int Quantity, decimal UnitPrice, string? Name = null, decimal Discount = 0, decimal Tax = 0)
    {
        public PlacedLine Placed(int number, string? name, string currency) => new(
            number, Sku, name, Quantity, UnitPrice, Discount, Tax, new Money(Quantity * UnitPrice - Discount + Tax, currency).Amount);
    }

    public sealed record CustomerBody(string? Email = null, string? Name = null);

    public sealed record PaymentBody(string Token);

    /// <summary>The same, and whether this caller may place it.</summary>
    public Refusal? Check(Caller caller) => Check() ?? (caller.SeesChannel(Channel) ? null : OrderRefusals.ForeignChannel(Channel));

    /// <summary>Everything that is wrong with it, at once; null when it is fine.</summary>
    public Refusal? Check()
    {
        var complaints = new Complaints()
            .If(!IsCode(Channel, 40), "channel", "is required: up to 40 lower-case letters, digits, - and _")
            .If(!IsText(ChannelOrderNumber, 100), "channelOrderNumber", "is required, with at most 100 characters")
            .If(!Currencies.IsKnown(Currency), "currency", "must be an ISO 4217 code such as USD")
            .If(!ServiceLevels.Contains(ServiceLevel), "serviceLevel", $"must be one of {string.Join(", ", ServiceLevels)}")
            .If(Customer?.Email is not null && Email.Normalize(Customer.Email) is null, "customer.email", "is not an e-mail address")
            .If(!IsTextOrNull(Customer?.Name), "customer.name", $"has at most {TextMax} characters, none of them control characters")
            .If(PlacedAt is { Year: < 1990 or > 2200 }, "placedAt", "is out of range")
            .If(Payment is not null && !IsText(Payment.Token, TextMax), "payment.token", $"is required, with at most {TextMax} characters")
            .If(Lines.Count == 0, "lines", "at least one is required")
            .If(Lines.Count > LinesMax, "lines", $"at most {LinesMax}, not {Lines.Count}");
        complaints
            .If(!IsText(ShipTo.Name ?? ShipTo.Company, TextMax), "shipTo.name", "is required, or a company")
            .If(!IsText(ShipTo.Line1, TextMax), "shipTo.line1", "is required")
            .If(!IsText(ShipTo.City, TextMax), "shipTo.city", "is required");
        Address.Check(ShipTo, "shipTo", complaints);
        if (Currencies.IsKnown(Currency))
            CheckAmount(complaints, Shipping, "shipping");
        for (var index = 0; index < Math.Min(Lines.Count, LinesMax); index++)
            CheckLine(complaints, Lines[index], $"lines[{index}]");
        return complaints.ToRefusal("invalid-order", "The order cannot be taken as it is.");
    }

    private void CheckLine(Complaints complaints, LineBody? line, string path)
    {
        if (line is null)
        {
            complaints.If(true, path, "is required");
            return;
        }
        complaints
            .If(!Sku.IsValid(line.Sku), $"{path}.sku", $"is required: up to {Sku.LengthMax} letters, digits and - _ . / : #")
            .If(!Quantity.IsValid(line.Quantity), $"{path}.quantity", $"must be between 1 and {Quantity.Max}")
            .If(!IsTextOrNull(line.Name), $"{path}.name", $"has at most {TextMax} characters, none of them control characters");
        if (!Currencies.IsKnown(Currency))
            return;
        CheckAmount(complaints, line.UnitPrice, $"{path}.unitPrice");
        CheckAmount(complaints, line.Discount, $"{path}.discount");
        CheckAmount(complaints, line.Tax, $"{path}.tax");
        complaints
            .If(line.Quantity > 0 && line.UnitPrice is >= 0 and <= AmountMax && line.Discount > line.Quantity * line.UnitPrice,
                $"{path}.discount", "is more than the line costs")
            .If(line.Quantity > 0 && line.UnitPrice is >= 0 and <= AmountMax && line.Quantity * line.UnitPrice > AmountMax,
                $"{path}.unitPrice", $"times quantity is more than {AmountMax}");
    }

    private void CheckAmount(Complaints complaints, decimal amount, string path) => complaints
        .If(amount < 0, path, "must not be negative")
        .If(amount > AmountMax, path, $"must not be more than {AmountMax}")
        .If(!Currencies.Fits(amount, Currency), path, $"has more decimals than {Currency}");

    private static bool IsText(string? text, int max) => !string.IsNullOrWhiteSpace(text) && text.Length <= max && !text.Any(char.IsControl);

    private static bool IsTextOrNull(string? text) => text is null || (text.Length <= TextMax && !text.Any(char.IsControl));

    private static bool IsCode(string? text, int max) =>
        text is { Length: > 0 } && text.Length <= max && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
