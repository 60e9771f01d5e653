using System.Text.Json.Nodes;

namespace Oms.Gateway.OpenApi;

/// <summary>What a service says about itself.</summary>
/// <param name="Service">Its id, as in the routes: order.</param>
/// <param name="Title">What readers call it: Orders.</param>
public sealed record ServiceDocument(string Service, string Title, string? Description, JsonObject Document);

/// <summary>One OpenAPI document out of several: paths side by side, each service its own tag, no schema standing for two things.</summary>
public static class MergedDocument
{
    /// <summary>The gateway among the services.</summary>
    public const string Gateway = "gateway";

    private const string SchemaReference = "#/components/schemas/";
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public static JsonObject Of(IReadOnlyList<ServiceDocument> services)
    {
        var ambiguous = AmbiguousSchemas(services);
        JsonObject paths = [];
        var schemas = ApiConventions.Schemas();
        HashSet<string> operationIds = [];
        foreach (var service in services)
        {
            string Rename(string schema) => IsProblem(schema) ? "Problem" : ambiguous.Contains(schema) ? Prefix(service) + schema : schema;

            foreach (var (path, item) in Paths(service))
            {
                var copy = (JsonObject)item.DeepClone();
                RenameReferences(copy, Rename);
                foreach (var (method, operation) in copy.Where(it => Methods.Contains(it.Key)))
                {
                    operation!["tags"] = new JsonArray(service.Title);
                    if (operation["operationId"]?.GetValue<string>() is { } id && !operationIds.Add(id))
                        operation["operationId"] = Prefix(service) + id;
                    ApiConventions.Apply(method, (JsonObject)operation, service.Service != Gateway);
                }
                paths[path] = copy;
            }
            foreach (var (name, schema) in Schemas(service).Where(it => !IsProblem(it.Key)))
            {
                var copy = schema.DeepClone();
                RenameReferences(copy, Rename);
                schemas[Rename(name)] = copy;
            }
        }
        return ApiConventions.Document(paths, Used(schemas, paths), services);
    }

    // What only unrouted paths speak of is not told.
    private static JsonObject Used(JsonObject schemas, JsonObject paths)
    {
        HashSet<string> used = ["Problem"];
        var found = References(paths).ToList();
        while (found.Count > 0)
            found = [.. found.Where(used.Add).SelectMany(schema => References(schemas[schema]))];
        return new(schemas.Where(it => used.Contains(it.Key)).OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => KeyValuePair.Create(it.Key, it.Value?.DeepClone())));
    }

    // Two services may call different things by one name. So may two equal-looking schemas that refer to such a name, and so on: until nothing is added.
    private static HashSet<string> AmbiguousSchemas(IReadOnlyList<ServiceDocument> services)
    {
        var byName = services.SelectMany(Schemas).Append(new("Problem", ApiConventions.ProblemSchema())).ToLookup(it => it.Key, it => it.Value);
        HashSet<string> ambiguous = [.. byName.Where(it => it.Any(schema => !JsonNode.DeepEquals(schema, it.First()))).Select(it => it.Key)];
        while (true)
        {
            var more = byName.Where(it => !ambiguous.Contains(it.Key) && it.Count() > 1 && References(it.First()).Any(ambiguous.Contains))
                .Select(it => it.Key).ToList();
            if (more.Count == 0)
                return ambiguous;
            ambiguous.UnionWith(more);
        }
    }

    // The framework's idea of a problem knows less of it than ApiConventions does.
    private static bool IsProblem(string schema) => schema is "ProblemDetails" or "HttpValidationProblemDetails";

    // Health and the like are every service's own; only what is routed is told.
    private static IEnumerable<KeyValuePair<string, JsonObject>> Paths(ServiceDocument service) =>
        Members(service.Document["paths"]).Where(it => it.Key.StartsWith("/v1/", StringComparison.Ordinal) && it.Value is JsonObject)
            .Select(it => KeyValuePair.Create(it.Key, (JsonObject)it.Value));

    private static IEnumerable<KeyValuePair<string, JsonNode>> Schemas(ServiceDocument service) => Members(service.Document["components"]?["schemas"]);

    private static IEnumerable<KeyValuePair<string, JsonNode>> Members(JsonNode? node) =>
        (node as JsonObject ?? []).Where(it => it.Value is not null).Select(it => KeyValuePair.Create(it.Key, it.Value!));

    private static string Prefix(ServiceDocument service) => char.ToUpperInvariant(service.Service[0]) + service.Service[1..];

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject it => it.SelectMany(member => Reference(member) is { } schema ? [schema] : References(member.Value)),
        JsonArray it => it.SelectMany(References),
        _ => [],
    };

    private static void RenameReferences(JsonNode? node, Func<string, string> rename)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                RenameReferences(item, rename);
        }
        else if (node is JsonObject members)
        {
            foreach (var member in members.ToList())
            {
                if (Reference(member) is { } schema)
                    members[member.Key] = SchemaReference + rename(schema);
                else
                    RenameReferences(member.Value, rename);
            }
        }
    }

    private static string? Reference(KeyValuePair<string, JsonNode?> member) =>
        member is { Key: "$ref", Value: JsonValue value } && value.TryGetValue(out string? text) && text.StartsWith(SchemaReference, StringComparison.Ordinal)
            ? text[SchemaReference.Length..]
            : null;
}
