using Oms.AppHost.Local;

namespace Oms.Bench.Load;

internal sealed record PostalCode(string Code, double Latitude, double Longitude, string City, string State);

/// <summary>Real places, from the samples of the repository.</summary>
internal static class PostalCodes
{
    /// <summary>So many of them, spread over the whole country; the same ones every time.</summary>
    public static IReadOnlyList<PostalCode> Sample(int count)
    {
        var lines = File.ReadAllLines(Path.Combine(DataFolder.RepositoryRoot(), "samples", "us-postal-codes.csv"));
        var rows = lines.Length - 1;
        return [.. Enumerable.Range(0, count).Select(index => Parse(lines[1 + (int)((long)index * rows / count)]))];
    }

    // postal_code,latitude,longitude,city,state,country: only the city may be quoted.
    private static PostalCode Parse(string line)
    {
        var (head, tail) = (line.Split(',', 4), line.Split(','));
        return new(head[0], double.Parse(head[1]), double.Parse(head[2]), string.Join(',', tail[3..^2]).Trim('"'), tail[^2]);
    }
}
