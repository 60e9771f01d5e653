using System.Collections.Immutable;
using System.Text;
using CsvHelper;

namespace Oms.Sample;

/// <summary>A file of order lines in the columns of the Superstore data, read into orders.</summary>
/// <param name="Malformed">Rows that are no order line. Their orders are left out as a whole: half an order is not what was ordered.</param>
/// <param name="LeftOut">Good rows of orders that are left out.</param>
/// <param name="Rows">How many rows the file has, the header not counted.</param>
/// <param name="Fingerprint">The same for the same content.</param>
internal sealed record SampleFile(ImmutableArray<SampleOrder> Orders, ImmutableArray<MalformedRow> Malformed, int LeftOut, int Rows, string Fingerprint)
{
    public static SampleFile Read(string path) => Parse(File.ReadAllBytes(path));

    public static SampleFile Parse(byte[] content)
    {
        var orders = new Dictionary<string, List<SampleRow>>(StringComparer.Ordinal);
        var spoiled = new HashSet<string>(StringComparer.Ordinal);
        var malformed = new List<MalformedRow>();
        var rows = 0;
        foreach (var row in RowsOf(content))
        {
            rows++;
            var lines = orders.TryGetValue(row.OrderId, out var known) ? known : orders[row.OrderId] = [];
            var why = row.Wrong ?? row.DiffersFrom(lines.FirstOrDefault());
            if (why is null)
            {
                lines.Add(row);
                continue;
            }
            malformed.Add(new(row.Line, why));
            spoiled.Add(row.OrderId);
        }
        return new(
            [.. orders.Where(order => !spoiled.Contains(order.Key)).Select(order => OrderOf(order.Value))],
            [.. malformed], orders.Where(order => spoiled.Contains(order.Key)).Sum(order => order.Value.Count), rows, Lot.Hash(content).ToString("x16"));
    }

    private static SampleOrder OrderOf(List<SampleRow> rows)
    {
        var first = rows[0];
        return new(
            first.OrderId, first.Channel, first.Email, first.CustomerName, first.OrderDate, first.ServiceLevel, first.City, first.State, first.PostalCode,
            [.. rows.Select(row => new SampleLine(row.Line, row.Sku, row.ProductName, row.Quantity, LinePrice.From(row.Sales, row.Quantity, row.Discount)))]);
    }

    private static IEnumerable<SampleRow> RowsOf(byte[] content)
    {
        string? misquoted = null;
        using var csv = CsvReader.FromText(TextOf(content), new CsvReaderOptions
        {
            TrimWhitespace = true,
            TrackLineNumbers = true,
            OnMalformedRecord = record => misquoted = record.Reason == CsvMalformedReason.StrayQuote ? null : "has quotes that do not match",
        });
        csv.ReadHeader();
        var missing = SampleRow.Columns.Where(column => !csv.TryGetFieldIndex(column, out _)).ToList();
        if (missing.Count > 0)
            throw new SampleException($"The file of orders has no column {string.Join(", ", missing.Select(name => $"\"{name}\""))}.");
        while (csv.Read())
        {
            var misshapen = misquoted ?? (csv.FieldCount == csv.Headers.Count ? null : $"has {csv.FieldCount} fields where the header has {csv.Headers.Count}");
            yield return SampleRow.From((int)csv.LineNumber, csv.GetString, misshapen);
            misquoted = null;
        }
    }

    // This data goes around in UTF-8 and in the encoding that spreadsheets wrote it in.
    private static string TextOf(byte[] content)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(content);
        }
    }
}
