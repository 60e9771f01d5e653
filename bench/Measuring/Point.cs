using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Oms.Bench.Measuring;

/// <summary>One measurement. What does not apply is null.</summary>
/// <param name="CpuMsPerOperation">Of the platform, without this process.</param>
/// <param name="CpuMsPerOperationOf">Of each process; "bench" is this one.</param>
/// <param name="RssMb">Of each process, at the end.</param>
internal sealed record Point(
    string Scenario, int? Clients, double? Throughput, double? P50Ms, double? P95Ms, double? P99Ms, double? FloorThroughput, double? RatioToFloor,
    double? CpuMsPerOperation, IReadOnlyDictionary<string, double>? CpuMsPerOperationOf, IReadOnlyDictionary<string, double>? RssMb, long? Oversold, int Errors)
{
    public string Machine { get; set; } = "";

    public string Settings { get; set; } = "";

    /// <summary>What the scenario adds; in the file these are members like the others.</summary>
    [JsonIgnore]
    public JsonObject More { get; set; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class PointJson : JsonSerializerContext;

internal static class PointFile
{
    public static async Task Write(string file, IEnumerable<Point> points, CancellationToken token)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, ToJson(points), PointJson.Default.JsonArray, token);
    }

    internal static JsonArray ToJson(IEnumerable<Point> points) => [.. points.Select(ToJson)];

    private static JsonNode? ToJson(Point point)
    {
        var json = JsonSerializer.SerializeToNode(point, PointJson.Default.Point)!.AsObject();
        foreach (var (name, value) in point.More)
            json[name] = value?.DeepClone();
        return json;
    }
}
