using System.Collections.Frozen;
using CsvHelper;
using Oms.Kernel;

namespace Oms.Sample;

/// <summary>Where the postal codes of the US lie.</summary>
internal sealed class PostalCodes(FrozenDictionary<string, GeoPoint> points)
{
    public const string FileName = "us-postal-codes.csv";

    public GeoPoint? Find(string postalCode) => points.GetValueOrDefault(postalCode);

    /// <summary>Next to the orders, or in the samples of the repository.</summary>
    public static PostalCodes Beside(string ordersFile)
    {
        List<string> places = [Path.Combine(Path.GetDirectoryName(Path.GetFullPath(ordersFile))!, FileName)];
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                places.Add(Path.Combine(folder.FullName, "samples", FileName));
        }
        var file = places.Find(File.Exists)
            ?? throw new SampleException($"There is no {FileName} next to the file of orders or in the repository's samples: it says where the locations are.");
        using var csv = CsvReader.FromFile(file);
        return Read(csv);
    }

    public static PostalCodes Read(CsvReader csv)
    {
        var points = new Dictionary<string, GeoPoint>(StringComparer.Ordinal);
        while (csv.Read())
            points[csv.GetString("postal_code")] = new(csv.Parse<double>("latitude"), csv.Parse<double>("longitude"));
        return new(points.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
