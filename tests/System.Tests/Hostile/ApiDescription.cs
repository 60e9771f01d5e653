using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Oms.AppHost.Local;

namespace Oms.SystemTests.Hostile;

/// <summary>The API as its own OpenAPI document tells it: every operation, and a body that fits its schema.</summary>
internal sealed class ApiDescription(JsonNode document)
{
    /// <param name="ContentType">Null for an operation without a body.</param>
    /// <param name="Body">One that fits.</param>
    public sealed record Operation(
        string Method, string Path, IReadOnlyList<string> PathParameters, IReadOnlyList<string> QueryParameters, string? ContentType, JsonNode? Body)
    {
        public override string ToString() => $"{Method} {Path}";

        /// <summary>With values in the places of the parameters; what is left out is a new id.</summary>
        public string Target(string? parameter = null, string? value = null) => PathParameters.Aggregate(Path, (path, name) =>
            path.Replace($"{{{name}}}", name == parameter ? value : name == "version" ? "1" : $"{Guid.CreateVersion7()}", StringComparison.Ordinal));
    }

    public IReadOnlyList<Operation> Operations { get; } = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
        .Where(it => it.Key is "get" or "post" or "put" or "delete" or "patch").Select(it => Read(document, path.Key, it.Key, it.Value!)))];

    private static Operation Read(JsonNode document, string path, string method, JsonNode operation)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(it => Compatibility.Resolve(document, it!)).ToList();
        var content = operation["requestBody"]?["content"]?.AsObject().FirstOrDefault();
        return new(
            method.ToUpperInvariant(), path, Named(parameters, "path"), Named(parameters, "query"), content?.Key,
            content?.Value is { } media ? Fitting(document, media["schema"]!, depth: 0) : null);
    }

    private static List<string> Named(IEnumerable<JsonNode> parameters, string place) =>
        [.. parameters.Where(it => it["in"]!.GetValue<string>() == place).Select(it => it["name"]!.GetValue<string>())];

    private static JsonNode? Fitting(JsonNode document, JsonNode schema, int depth)
    {
        schema = Compatibility.Resolve(document, schema);
        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { } choices)
            return Fitting(document, choices.First(it => it!["type"]?.ToString() != "null")!, depth);
        if (schema["enum"]?.AsArray() is { Count: > 0 } values)
            return values[0]?.DeepClone();
        return Type(schema) switch
        {
            "object" => new JsonObject((schema["properties"]?.AsObject() ?? []).Where(_ => depth < 6)
                .Select(it => KeyValuePair.Create(it.Key, Fitting(document, it.Value!, depth + 1)))),
            "array" => new JsonArray(Fitting(document, schema["items"]!, depth + 1)),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => schema["format"]?.GetValue<string>() switch
            {
                "uuid" => $"{Guid.CreateVersion7()}",
                "date-time" => "2026-01-05T08:00:00Z",
                _ => "nothing",
            },
        };
    }

    private static string? Type(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => several.Select(it => it!.GetValue<string>()).First(it => it != "null"),
        { } one => one.GetValue<string>(),
        null => schema["properties"] is null ? null : "object",
    };
}

/// <summary>A body, and the same body with one of its values replaced.</summary>
internal static class Mutations
{
    /// <summary>Where in a body there are values, as paths of names and numbers.</summary>
    public static IEnumerable<object[]> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Below(member.Key, member.Value)),
        JsonArray items => items.SelectMany((item, index) => Below(index, item)),
        _ => [],
    };

    /// <summary>The body's text with <paramref name="json"/> in that place; without the place at all if it is null.</summary>
    public static string With(JsonNode body, object[] place, string? json)
    {
        const string mark = "\u2020here\u2020";
        var copy = body.DeepClone();
        var parent = place[..^1].Aggregate(copy, (at, step) => step is string name ? at[name]! : at[(int)step]!);
        if (json is null && place[^1] is string gone)
            parent.AsObject().Remove(gone);
        else if (place[^1] is string name)
            parent[name] = mark;
        else
            parent[(int)place[^1]] = mark;
        return copy.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace($"\"{mark}\"", json ?? "0", StringComparison.Ordinal);
    }

    private static IEnumerable<object[]> Below(object step, JsonNode? node) => Places(node).Select(rest => (object[])[step, .. rest]).Prepend([step]);
}
