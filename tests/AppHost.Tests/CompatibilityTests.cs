using System.Text.Json.Nodes;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>What breaks a client, and what does not.</summary>
public sealed class CompatibilityTests
{
    private const string Description =
        """
        { "paths": { "/v1/orders": {
            "get": { "security": [{ "bearer": ["orders:read"] }], "parameters": [{ "name": "limit", "in": "query", "schema": { "type": ["null", "integer"] } }],
              "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } }, "default": {} } },
            "post": { "security": [{ "bearer": ["orders:write"] }], "parameters": [],
              "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } }, "responses": { "201": {} } } } },
          "components": { "schemas": {
            "Order": { "type": "object", "required": ["id", "parent"], "properties": { "id": { "type": "string", "format": "uuid" }, "status": { "enum": ["open", "closed"] },
              "parent": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Order" }] } } },
            "Body": { "type": "object", "required": ["channel"], "properties": { "channel": { "type": "string" }, "note": { "type": ["null", "string"] },
              "level": { "enum": ["standard", "express"] } } } } } }
        """;

    [Fact]
    public void nothing_has_changed_for_anybody() => Breaks(_ => { }).ShouldBeEmpty();

    [Fact]
    public void requests_may_allow_more_and_answers_tell_more() => Breaks(it =>
    {
        Schema(it, "Body")["properties"]!["color"] = new JsonObject { ["type"] = "string" };
        Schema(it, "Body")["properties"]!["level"]!["enum"]!.AsArray().Add("same_day");
        Schema(it, "Body")["required"] = new JsonArray();
        Schema(it, "Order")["properties"]!["total"] = new JsonObject { ["type"] = "number" };
        Schema(it, "Order")["required"]!.AsArray().Add("status");
        it["paths"]!["/v1/returns"] = new JsonObject { ["get"] = new JsonObject { ["responses"] = new JsonObject() } };
        it["paths"]!["/v1/orders"]!["get"]!["parameters"]!.AsArray().Add(new JsonObject { ["name"] = "after", ["in"] = "query" });
    }).ShouldBeEmpty();

    [Fact]
    public void each_break_is_named() => Breaks(it =>
    {
        var get = it["paths"]!["/v1/orders"]!["get"]!;
        get["security"]![0]!["bearer"]![0] = "orders:manage";
        get["parameters"]!.AsArray().Add(new JsonObject { ["name"] = "channel", ["in"] = "query", ["required"] = true });
        Schema(it, "Order")["properties"]!["id"]!["format"] = "int64";
        Schema(it, "Order")["properties"]!.AsObject().Remove("status");
        Schema(it, "Order")["required"]!.AsArray().RemoveAt(1);
        Schema(it, "Body")["required"]!.AsArray().Add("note");
        Schema(it, "Body")["properties"]!["note"]!["type"] = "string";
        Schema(it, "Body")["properties"]!["level"]!["enum"]!.AsArray().RemoveAt(1);
        it["paths"]!["/v1/orders"]!["post"]!["responses"] = new JsonObject { ["202"] = new JsonObject() };
    }).ShouldBe([
        "GET /v1/orders needs the scope orders:manage, and not orders:read any more",
        "GET /v1/orders demands the query parameter channel",
        "GET /v1/orders 200.id is string/int64, and not string/uuid any more",
        "GET /v1/orders 200.status is gone",
        "GET /v1/orders 200.parent may be left out",
        "POST /v1/orders body.note must not be null any more",
        "POST /v1/orders body.level does not take express any more",
        "POST /v1/orders body.note is demanded",
        "POST /v1/orders does not answer 201 any more",
    ]);

    [Fact]
    public void an_operation_that_is_gone_is_missed()
    {
        Breaks(it => it["paths"]!["/v1/orders"]!.AsObject().Remove("post")).ShouldBe(["POST /v1/orders is gone"]);
        Breaks(it => it["paths"]!.AsObject().Remove("/v1/orders")).ShouldBe(["GET /v1/orders is gone", "POST /v1/orders is gone"]);
    }

    [Fact]
    public void an_answer_that_may_suddenly_be_null_breaks() =>
        Breaks(it => Schema(it, "Order")["properties"]!["id"]!["type"] = new JsonArray("null", "string")).ShouldBe(["GET /v1/orders 200.id may be null"]);

    private static IReadOnlyList<string> Breaks(Action<JsonNode> change)
    {
        var after = JsonNode.Parse(Description)!;
        change(after);
        return Compatibility.Breaks(JsonNode.Parse(Description)!, after);
    }

    private static JsonNode Schema(JsonNode document, string name) => document["components"]!["schemas"]![name]!;
}
