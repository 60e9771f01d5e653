using System.Text.Json.Nodes;
using Oms.ServiceDefaults;

namespace Oms.Gateway.OpenApi;

/// <summary>What holds for every path, whichever service serves it: how to come in, how a "no" looks, which headers there are.</summary>
internal static class ApiConventions
{
    private const string Description =
        """
        Takes orders from every channel, decides where each is fulfilled from, reserves the stock, follows parcels to the door, takes returns back
        and keeps the money right.

        - **Come in** with `Authorization: Bearer <API key or token>` or `X-Api-Key: <API key>`. Each operation names the scope that it needs; what is not yours
          does not exist for you (404).
        - **Pace**: `RateLimit` says how much of this second is left; 429 says when to come again in `Retry-After`.
        - **Change safely**: everything but GET takes an `Idempotency-Key`; the same request again gets the same answer. `If-Match` with the `ETag` of
          what you have read refuses a change when somebody else was faster (412).
        - **Page**: lists answer `items` and `next`; pass `next` as `after` to go on.
        - **A "no"** is `application/problem+json`; its `type` is `/problems/<code>`, and codes never change.
        """;

    public static JsonObject Document(JsonObject paths, JsonObject schemas, IReadOnlyList<ServiceDocument> services) => new()
    {
        ["openapi"] = services.Select(it => it.Document["openapi"]?.GetValue<string>()).Max(StringComparer.Ordinal) ?? "3.1.1",
        ["info"] = new JsonObject { ["title"] = "Order management system", ["version"] = "v1", ["description"] = Description },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
        ["tags"] = new JsonArray([.. services.Select(it => Tag(it))]),
        ["paths"] = paths,
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, or the token of a person from the OpenID Connect provider." },
                ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key" },
            },
            ["parameters"] = new JsonObject
            {
                ["IdempotencyKey"] = Header("Idempotency-Key", "Names this change, so that it happens once however often it is sent. Kept for 48 hours.", 255),
                ["IfMatch"] = Header("If-Match", "The ETag of what you have read: the change is refused (412) when that is no longer the newest.", 64),
            },
            ["responses"] = new JsonObject
            {
                ["Problem"] = new JsonObject
                {
                    ["description"] = "It was refused, or failed; type says why.",
                    ["content"] = new JsonObject
                    {
                        ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } },
                    },
                },
            },
            ["schemas"] = schemas,
        },
    };

    public static JsonObject Schemas() => new() { ["Problem"] = ProblemSchema() };

    /// <summary>Adds to an operation what its service need not say again.</summary>
    public static void Apply(string method, JsonObject operation)
    {
        if (operation["responses"] is not JsonObject responses)
            operation["responses"] = responses = [];
        Secure(operation);
        responses.TryAdd("default", new JsonObject { ["$ref"] = "#/components/responses/Problem" });
        if (method is "get" or "head" or "options")
            return;
        if (operation["parameters"] is not JsonArray parameters)
            operation["parameters"] = parameters = [];
        foreach (var (name, header) in new[] { ("IdempotencyKey", "Idempotency-Key"), ("IfMatch", "If-Match") })
        {
            if (!parameters.Any(it => it?["name"]?.GetValue<string>() == header))
                parameters.Add(new JsonObject { ["$ref"] = $"#/components/parameters/{name}" });
        }
    }

    // OpenAPI 3.1 lets every kind of security name the roles or scopes that an operation needs.
    private static void Secure(JsonObject operation)
    {
        if (!operation.Remove(AccessExtensions.ScopeExtension, out var scope))
            return;
        operation["security"] = new JsonArray(
            new JsonObject { ["bearer"] = new JsonArray(scope!.DeepClone()) }, new JsonObject { ["apiKey"] = new JsonArray(scope.DeepClone()) });
    }

    /// <summary>RFC 9457, with what is added to it here.</summary>
    public static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("type", "title", "status", "code", "traceId"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("/problems/<code>; never changes"),
            ["title"] = Text("The code in words"),
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = Text("One sentence with the numbers that matter"),
            ["instance"] = Text("The path"),
            ["code"] = Text("Stable, for programs"),
            ["traceId"] = Text("Leads to everything that was logged about it"),
            ["errors"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "Which inputs are wrong, by path, and why",
                ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            },
        },
    };

    private static JsonObject Tag(ServiceDocument service)
    {
        var tag = new JsonObject { ["name"] = service.Title };
        if (service.Description is not null)
            tag["description"] = service.Description;
        return tag;
    }

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Header(string name, string description, int lengthMax) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string", ["maxLength"] = lengthMax },
    };
}
