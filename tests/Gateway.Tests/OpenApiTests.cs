using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Oms.Gateway.OpenApi;

namespace Oms.Gateway.Tests;

public sealed class OpenApiTests
{
    private const string Orders =
        """
        { "openapi": "3.1.1", "info": {}, "paths": {
            "/v1/orders": { "post": { "tags": ["Order"], "operationId": "Create", "x-versioned": true, "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } }, "responses": { "201": {}, "422": { "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDetails" } } } } } },
                            "get": { "operationId": "List", "x-versioned": true, "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PageOfLine" } } } } } } },
            "/internal": { "get": {} } },
          "components": { "schemas": {
            "Body": { "type": "object", "properties": { "channel": { "type": "string" }, "shipTo": { "$ref": "#/components/schemas/Address" } } },
            "Address": { "type": "object", "properties": { "city": { "type": "string" } } },
            "ProblemDetails": { "type": "object" },
            "Line": { "type": "object", "properties": { "unitPrice": { "type": "number" } } },
            "PageOfLine": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } } } } }
        """;

    private const string Returns =
        """
        { "openapi": "3.1.1", "info": {}, "paths": {
            "/v1/returns": { "post": { "operationId": "Create", "parameters": [{ "name": "Idempotency-Key", "in": "header" }], "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } } },
                             "get": { "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PageOfLine" } } } } } } } },
          "components": { "schemas": {
            "Body": { "type": "object", "properties": { "orderId": { "type": "string" }, "shipTo": { "$ref": "#/components/schemas/Address" } } },
            "Address": { "type": "object", "properties": { "city": { "type": "string" } } },
            "Line": { "type": "object", "properties": { "reason": { "type": "string" } } },
            "PageOfLine": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } } } } }
        """;

    private static readonly JsonObject Both = MergedDocument.Of([Document("order", "Orders", Orders), Document("returns", "Returns", Returns)]);

    [Fact]
    public void paths_of_all_services_stand_side_by_side_and_internal_ones_do_not() =>
        Both["paths"]!.AsObject().Select(it => it.Key).ShouldBe(["/v1/orders", "/v1/returns"], ignoreOrder: true);

    [Fact]
    public void one_name_for_two_things_becomes_two_names_and_one_for_the_same_stays_one() =>
        Both["components"]!["schemas"]!.AsObject().Select(it => it.Key).ShouldBe(
            ["Problem", "Address", "OrderBody", "OrderLine", "OrderPageOfLine", "ReturnsBody", "ReturnsLine", "ReturnsPageOfLine"], ignoreOrder: true);

    [Fact]
    public void references_follow_the_names()
    {
        Schema(Both["paths"]!["/v1/orders"]!["post"]!["requestBody"]!).ShouldBe("#/components/schemas/OrderBody");
        Schema(Both["paths"]!["/v1/returns"]!["post"]!["requestBody"]!).ShouldBe("#/components/schemas/ReturnsBody");
        Schema(Both["paths"]!["/v1/returns"]!["get"]!["responses"]!["200"]!).ShouldBe("#/components/schemas/ReturnsPageOfLine");
        Both["components"]!["schemas"]!["ReturnsPageOfLine"]!["items"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/ReturnsLine");
        Both["components"]!["schemas"]!["OrderBody"]!["properties"]!["shipTo"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Address");
    }

    [Fact]
    public void every_operation_says_whose_it_is_and_how_a_no_looks()
    {
        Both["tags"]!.AsArray().Select(it => it!["name"]!.GetValue<string>()).ShouldBe(["Orders", "Returns"]);
        foreach (var (path, item) in Both["paths"]!.AsObject())
        {
            foreach (var (_, operation) in item!.AsObject())
            {
                operation!["tags"]!.AsArray().Single()!.GetValue<string>().ShouldBe(path == "/v1/orders" ? "Orders" : "Returns");
                operation["responses"]!["default"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/responses/Problem");
            }
        }
    }

    [Fact]
    public void operation_ids_stay_unique()
    {
        Both["paths"]!["/v1/orders"]!["post"]!["operationId"]!.GetValue<string>().ShouldBe("Create");
        Both["paths"]!["/v1/returns"]!["post"]!["operationId"]!.GetValue<string>().ShouldBe("ReturnsCreate");
    }

    [Fact]
    public void changes_take_an_idempotency_key_told_once()
    {
        Parameters("/v1/orders", "post").ShouldContain("#/components/parameters/IdempotencyKey");
        Parameters("/v1/returns", "post").ShouldNotContain("#/components/parameters/IdempotencyKey", "It says so itself.");
        Both["paths"]!["/v1/returns"]!["get"]!["parameters"].ShouldBeNull();
    }

    [Fact]
    public void what_has_a_version_is_read_and_changed_under_conditions()
    {
        Parameters("/v1/orders", "post").ShouldContain("#/components/parameters/IfMatch");
        Both["paths"]!["/v1/orders"]!["post"]!["responses"]!.AsObject().ShouldContainKey("412");
        Parameters("/v1/orders", "get").ShouldBe(["#/components/parameters/IfNoneMatch"]);
        Both["paths"]!["/v1/orders"]!["get"]!["responses"]!["304"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/responses/NotModified");
        Both["paths"]!["/v1/orders"]!["get"]!["responses"]!["200"]!["headers"]!["ETag"].ShouldNotBeNull();
        Both["paths"]!["/v1/returns"]!["get"]!["responses"]!.AsObject().ShouldNotContainKey("304");
        Both.ToJsonString().ShouldNotContain("x-versioned");
    }

    private static IEnumerable<string?> Parameters(string path, string method) =>
        Both["paths"]![path]![method]!["parameters"]!.AsArray().Select(it => it!["$ref"]?.GetValue<string>());

    [Fact]
    public void every_reference_leads_somewhere()
    {
        foreach (var reference in References(Both))
        {
            JsonNode? at = Both;
            foreach (var step in reference[2..].Split('/'))
                at = at?[step];
            at.ShouldNotBeNull(reference);
        }
    }

    [Fact]
    public void says_how_to_come_in()
    {
        Both["components"]!["securitySchemes"]!.AsObject().Select(it => it.Key).ShouldBe(["bearer", "apiKey"]);
        Both["security"]!.AsArray().Count.ShouldBe(2);
        Both["servers"]![0]!["url"]!.GetValue<string>().ShouldBe("/");
        Both["info"]!["title"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task grows_as_services_come_up_and_keeps_what_it_knows_when_they_leave()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var address = new Uri(Upstream.NoAddress);
        await using var order = await Upstream.Start("order", Answer(Orders));
        await using var gateway = new GatewayFixture(GatewayFixture.Addresses(("order", order.Address), ("returns", address.ToString())), clock);

        (await Paths(gateway)).ShouldBe(["/v1/orders"]);

        await using (var returns = await Upstream.Start("returns", Answer(Returns), address.Port))
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            (await Paths(gateway)).ShouldBe(["/v1/orders", "/v1/returns"]);
        }
        clock.Advance(TimeSpan.FromMinutes(2));
        (await Paths(gateway)).ShouldBe(["/v1/orders", "/v1/returns"]);
    }

    [Fact]
    public async Task while_no_service_is_up_there_is_nothing_to_tell()
    {
        await using var gateway = GatewayFixture.Before();
        using var response = await gateway.CreateClient().GetAsync("/openapi/v1.json");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Problem()).ShouldBe("service-unavailable");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task a_service_that_talks_nonsense_does_not_silence_the_others(string nonsense)
    {
        await using var order = await Upstream.Start("order", Answer(Orders));
        await using var returns = await Upstream.Start("returns", Answer(nonsense));
        await using var gateway = GatewayFixture.Before(("order", order.Address), ("returns", returns.Address));

        (await Paths(gateway)).ShouldBe(["/v1/orders"]);
    }

    [Fact]
    public async Task the_reference_page_reads_it()
    {
        await using var gateway = GatewayFixture.Before();
        using var response = await gateway.CreateClient().GetAsync("/scalar");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await response.Content.ReadAsStringAsync();
        page.ShouldContain("openapi/v1.json");
        page.ShouldNotContain("https://cdn");
        page.ShouldContain("\"showDeveloperTools\":\"never\"");
        page.ShouldContain("\"telemetry\":false");
    }

    private static RequestDelegate Answer(string document) => async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(document);
    };

    /// <summary>Of the services; what the gateway answers itself is always there.</summary>
    private static async Task<IEnumerable<string>> Paths(GatewayFixture gateway)
    {
        var document = await gateway.CreateClient().GetFromJsonAsync<JsonObject>("/openapi/v1.json");
        var paths = document!["paths"]!.AsObject().Select(it => it.Key).ToList();
        paths.Remove("/v1/reconciliation").ShouldBeTrue();
        return paths;
    }

    private static ServiceDocument Document(string service, string title, string text) => new(service, title, null, JsonNode.Parse(text)!.AsObject());

    private static string Schema(JsonNode holder) => holder["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject it => it.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray it => it.SelectMany(References),
        _ => [],
    };
}
