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
        - **Change safely**: what changes something takes an `Idempotency-Key`; the same request again gets the same answer, with `Idempotent-Replayed: true`.
          `If-Match` with the `ETag` of what you have read refuses a change when somebody else was faster (412); `If-None-Match: *` when it is there already.
        - **Read again cheaply**: what has a version answers it as `ETag`; with that in `If-None-Match` the answer is 304, without a body, until it changes.
        - **Do not wait**: with `Prefer: respond-async` a change is answered 202 as soon as it is safely kept; its answer will be at `Location`, with its status in
          `AsyncResult`. What the gateway itself does (API keys) is answered at once.
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
                ["Prefer"] = Header("Prefer", "respond-async: the request is kept, answered 202 at once and done soon; Location tells where its answer will be.", 255),
                ["IfMatch"] = Header("If-Match", "The ETag of what you have read: the change is refused (412) when that is no longer the newest.", 255),
                ["IfNoneMatch"] = Header("If-None-Match", "The ETag of what you have: it is not sent again (304) unless it has changed. Several with commas between them.", 255),
            },
            ["headers"] = new JsonObject
            {
                ["Location"] = new JsonObject { ["description"] = "Where the answer will be.", ["schema"] = new JsonObject { ["type"] = "string" } },
                ["PreferenceApplied"] = new JsonObject { ["description"] = "respond-async", ["schema"] = new JsonObject { ["type"] = "string" } },
                ["ETag"] = new JsonObject { ["description"] = "The version of what is answered, for If-Match and If-None-Match.", ["schema"] = new JsonObject { ["type"] = "string" } },
                ["IdempotentReplayed"] = new JsonObject
                {
                    ["description"] = "Here if this request has been answered before, under its Idempotency-Key: then this is that answer.",
                    ["schema"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("true") },
                },
            },
            ["responses"] = new JsonObject
            {
                ["Accepted"] = new JsonObject
                {
                    ["description"] = "It is kept and will be done.",
                    ["headers"] = new JsonObject { ["Location"] = Reference("headers", "Location"), ["Preference-Applied"] = Reference("headers", "PreferenceApplied") },
                },
                ["NotModified"] = new JsonObject { ["description"] = "You have it already.", ["headers"] = new JsonObject { ["ETag"] = Reference("headers", "ETag") } },
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
    /// <param name="answersLater">Whether its service can answer later.</param>
    public static void Apply(string method, JsonObject operation, bool answersLater)
    {
        if (operation["responses"] is not JsonObject responses)
            operation["responses"] = responses = [];
        Secure(operation);
        responses.TryAdd("default", Reference("responses", "Problem"));
        if (operation.Remove(Examples.EmptyExtension))
            foreach (var (_, content) in operation["requestBody"]!["content"]!.AsObject())
                content!["example"] = new JsonObject();
        var (versioned, knowsRepeats) = (operation.Remove(ConditionalRequests.Extension), operation.Remove(Repeats.Extension));
        if (versioned)
            AddHeader(responses, "ETag", "ETag");
        if (method is "get" or "head" or "options")
        {
            if (!versioned)
                return;
            AddParameter(operation, "IfNoneMatch", "If-None-Match");
            responses.TryAdd("304", Reference("responses", "NotModified"));
            return;
        }
        if (!knowsRepeats)
        {
            AddParameter(operation, "IdempotencyKey", "Idempotency-Key");
            AddHeader(responses, "Idempotent-Replayed", "IdempotentReplayed");
        }
        if (answersLater)
        {
            AddParameter(operation, "Prefer", "Prefer");
            responses.TryAdd("202", Reference("responses", "Accepted"));
        }
        if (versioned)
        {
            AddParameter(operation, "IfMatch", "If-Match");
            responses.TryAdd("412", Reference("responses", "Problem"));
        }
    }

    private static void AddParameter(JsonObject operation, string name, string header)
    {
        if (operation["parameters"] is not JsonArray parameters)
            operation["parameters"] = parameters = [];
        if (!parameters.Any(it => it?["name"]?.GetValue<string>() == header))
            parameters.Add(Reference("parameters", name));
    }

    private static void AddHeader(JsonObject responses, string header, string name)
    {
        foreach (var (_, response) in responses.Where(it => it.Key.StartsWith('2')))
        {
            if (response!["headers"] is not JsonObject headers)
                response["headers"] = headers = [];
            headers[header] = Reference("headers", name);
        }
    }

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

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
