using CsvHelper;

namespace Oms.Sample.Tests;

/// <summary>The data that lies in the repository, and orders made for a test.</summary>
internal static class Samples
{
    public const string Header =
        "Order ID,Order Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Product ID,Product Name,Sales,Quantity,Discount,Profit";

    public static string Orders => Path.Combine(Folder, "superstore-orders.csv");

    public static Nearest Nearest => new(SampleLocation.All, PostalCodes);

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "samples");

    public static PostalCodes PostalCodes { get; } = ReadPostalCodes();

    private static PostalCodes ReadPostalCodes()
    {
        using var csv = CsvReader.FromFile(Path.Combine(Folder, PostalCodes.FileName));
        return PostalCodes.Read(csv);
    }
}
