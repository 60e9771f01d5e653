using System.Text.Json.Nodes;

namespace Oms.AppHost.Local;

/// <summary>
/// What of a new description of the API breaks somebody who was written for the old one. Requests may allow more and demand no more than before; answers may tell
/// more and must tell no less.
/// </summary>
internal sealed class Compatibility
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private readonly JsonNode before;
    private readonly JsonNode after;
    private readonly List<string> breaks = [];
    private readonly HashSet<(string, string, bool)> compared = [];

    private Compatibility(JsonNode before, JsonNode after) => (this.before, this.after) = (before, after);

    /// <summary>A sentence for each break, in the order of the old description; none when nobody notices.</summary>
    public static IReadOnlyList<string> Breaks(JsonNode before, JsonNode after)
    {
        var comparison = new Compatibility(before, after);
        foreach (var (path, item) in before["paths"]!.AsObject())
        foreach (var (method, operation) in item!.AsObject().Where(it => Methods.Contains(it.Key)))
            comparison.Operation($"{method.ToUpperInvariant()} {path}", operation!, after["paths"]![path]?[method]);
        return comparison.breaks;
    }

    private void Operation(string name, JsonNode old, JsonNode? now)
    {
        if (now is null)
        {
            breaks.Add($"{name} is gone");
            return;
        }
        if (Scope(old) != Scope(now))
            breaks.Add($"{name} needs the scope {Scope(now)}, and not {Scope(old)} any more");
        Parameters(name, old, now);
        Body(name, old["requestBody"], now["requestBody"]);
        foreach (var (status, response) in old["responses"]!.AsObject().Where(it => it.Key.StartsWith('2')))
        {
            if (now["responses"]![status] is not { } answer)
                breaks.Add($"{name} does not answer {status} any more");
            else
                Contents($"{name} {status}", Resolve(before, response!), Resolve(after, answer), isRequest: false);
        }
    }

    private void Parameters(string name, JsonNode old, JsonNode now)
    {
        var known = Named(before, old);
        foreach (var (key, parameter) in Named(after, now))
        {
            if (!known.TryGetValue(key, out var was))
            {
                if (Flag(parameter, "required"))
                    breaks.Add($"{name} demands the {key}");
                continue;
            }
            if (Flag(parameter, "required") && !Flag(was, "required"))
                breaks.Add($"{name} demands the {key}");
            Schemas($"{name} {key}", was["schema"], parameter["schema"], isRequest: true);
        }
        foreach (var key in known.Keys.Except(Named(after, now).Keys))
            breaks.Add($"{name} does not take the {key} any more");
    }

    private void Body(string name, JsonNode? old, JsonNode? now)
    {
        if (now is not null && Flag(now, "required") && (old is null || !Flag(old, "required")))
            breaks.Add($"{name} demands a body");
        if (old is not null && now is null)
            breaks.Add($"{name} does not take a body any more");
        if (old is not null && now is not null)
            Contents($"{name} body", old, now, isRequest: true);
    }

    private void Contents(string where, JsonNode old, JsonNode now, bool isRequest)
    {
        foreach (var (type, media) in old["content"]?.AsObject() ?? [])
        {
            if (now["content"]?[type] is not { } same)
                breaks.Add($"{where} is not {type} any more");
            else
                Schemas(where, media!["schema"], same["schema"], isRequest);
        }
    }

    private void Schemas(string where, JsonNode? old, JsonNode? now, bool isRequest)
    {
        if (old is null || now is null)
            return;
        var (was, wasNull) = Core(before, old);
        var (isNow, isNull) = Core(after, now);
        if (isRequest ? wasNull && !isNull : isNull && !wasNull)
            breaks.Add(isRequest ? $"{where} must not be null any more" : $"{where} may be null");
        // The same two things are looked at once: they may lead back to themselves.
        if (was["properties"] is not null && !compared.Add((was.ToJsonString(), isNow.ToJsonString(), isRequest)))
            return;
        if (Type(was) != Type(isNow))
        {
            breaks.Add($"{where} is {Type(isNow)}, and not {Type(was)} any more");
            return;
        }
        if (isRequest)
            foreach (var gone in Values(was).Except(Values(isNow)).Where(_ => isNow["enum"] is not null))
                breaks.Add($"{where} does not take {gone} any more");
        Members(where, was, isNow, isRequest);
        Schemas($"{where}[]", was["items"], isNow["items"], isRequest);
    }

    private void Members(string where, JsonNode old, JsonNode now, bool isRequest)
    {
        var (had, has) = (old["properties"]?.AsObject() ?? [], now["properties"]?.AsObject() ?? []);
        foreach (var (name, member) in had)
        {
            if (has[name] is { } same)
                Schemas($"{where}.{name}", member, same, isRequest);
            else
                breaks.Add($"{where}.{name} is gone");
        }
        var (demanded, demands) = (Strings(old["required"]), Strings(now["required"]));
        foreach (var name in isRequest ? demands.Except(demanded) : [])
            breaks.Add($"{where}.{name} is demanded");
        foreach (var name in isRequest ? [] : demanded.Except(demands).Where(has.ContainsKey))
            breaks.Add($"{where}.{name} may be left out");
    }

    // "Or null" is written in two ways: as a second type, and as a choice.
    private static (JsonNode Schema, bool Nullable) Core(JsonNode document, JsonNode schema)
    {
        schema = Resolve(document, schema);
        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is not { } choices)
            return (schema, Strings(schema["type"]).Contains("null"));
        var nullable = choices.Any(it => it!["type"]?.ToString() == "null");
        return (Resolve(document, choices.First(it => it!["type"]?.ToString() != "null")!), nullable);
    }

    /// <summary>What a reference leads to; what is none is it itself.</summary>
    public static JsonNode Resolve(JsonNode document, JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference.TrimStart('#', '/').Split('/').Aggregate(document, (at, step) => at[step]!)
        : node;

    private static Dictionary<string, JsonNode> Named(JsonNode document, JsonNode operation) => (operation["parameters"]?.AsArray() ?? [])
        .Select(it => Resolve(document, it!)).ToDictionary(it => $"{it["in"]!.GetValue<string>()} parameter {it["name"]!.GetValue<string>()}");

    private static string? Scope(JsonNode operation) => operation["security"]?[0]?["bearer"]?[0]?.GetValue<string>();

    private static string Type(JsonNode schema) => string.Join('/', Strings(schema["type"]).Where(it => it != "null").Append(schema["format"]?.GetValue<string>()).OfType<string>());

    private static List<string> Values(JsonNode schema) => [.. (schema["enum"]?.AsArray() ?? []).Select(it => it?.ToString() ?? "null")];

    private static List<string> Strings(JsonNode? node) => node switch
    {
        null => [],
        JsonArray several => [.. several.Select(it => it!.GetValue<string>())],
        _ => [node.GetValue<string>()],
    };

    private static bool Flag(JsonNode node, string name) => node[name]?.GetValue<bool>() is true;
}
