using System.Collections.Immutable;

namespace Oms.Sample;

/// <summary>A line of an order: one row of the file.</summary>
/// <param name="Row">The line of the file it begins on; the header is 1.</param>
internal sealed record SampleLine(int Row, string Sku, string Name, int Quantity, LinePrice Price);

internal sealed record SampleOrder(
    string Number, string Channel, string CustomerEmail, string CustomerName, DateTimeOffset PlacedAt, string ServiceLevel,
    string City, string State, string PostalCode, ImmutableArray<SampleLine> Lines)
{
    public const string Currency = "USD";
    public const string Country = "US";

    public decimal Total { get; } = Lines.Sum(line => line.Price.Total);

    public int Units { get; } = Lines.Sum(line => line.Quantity);
}

/// <summary>A row of the file that is no order line, and why.</summary>
internal sealed record MalformedRow(int Row, string Why);
