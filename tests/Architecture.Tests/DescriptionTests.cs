using System.Text.Json.Nodes;

namespace Oms.Architecture.Tests;

/// <summary>The description of the API, as it lies in the repository, is one that programs and people can use.</summary>
public sealed class DescriptionTests
{
    private static readonly JsonNode Document = JsonNode.Parse(House.Read("docs/openapi.json"))!;

    private static readonly (string Name, JsonNode Operation)[] Operations = [.. Document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(it => ($"{it.Key.ToUpperInvariant()} {path.Key}", it.Value!)))];

    [Fact]
    public void it_is_OpenAPI_3_1() => Document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");

    [Fact]
    public void every_operation_has_a_name_of_its_own() => Operations.Select(it => it.Operation["operationId"]?.GetValue<string>()).ShouldSatisfyAllConditions(
        it => it.ShouldNotContain((string?)null), it => it.ShouldBeUnique(), it => it.ShouldAllBe(id => char.IsAsciiLetterUpper(id![0])));

    [Fact]
    public void every_operation_says_what_it_does_to_whom_it_belongs_and_what_it_needs()
    {
        var tags = Document["tags"]!.AsArray().Select(it => it!["name"]!.GetValue<string>()).ToHashSet();
        Operations.Where(it => it.Operation["summary"]?.GetValue<string>() is not { Length: > 10 } || !tags.Contains(it.Operation["tags"]![0]!.GetValue<string>())
            || it.Operation["security"] is not JsonArray { Count: 2 }).Select(it => it.Name).ShouldBeEmpty();
    }

    [Fact]
    public void every_operation_says_how_it_answers_and_how_it_refuses() => Operations.Where(it =>
    {
        var responses = it.Operation["responses"]!.AsObject();
        return !responses.Any(response => response.Key.StartsWith('2')) || responses["default"]?["$ref"]?.GetValue<string>() != "#/components/responses/Problem";
    }).Select(it => it.Name).ShouldBeEmpty();

    [Fact]
    public void every_parameter_of_a_path_is_described() => Operations.SelectMany(it =>
    {
        var described = (it.Operation["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]?.GetValue<string>() == "path").Select(parameter => parameter!["name"]!.GetValue<string>());
        var named = it.Name.Split('{').Skip(1).Select(part => part.Split('}')[0]);
        return named.Except(described).Select(name => $"{it.Name}: {name}");
    }).ShouldBeEmpty();

    [Fact]
    public void every_operation_has_an_example_of_its_body_and_of_its_path() => Operations.SelectMany(it =>
        (it.Operation["requestBody"]?["content"]?.AsObject() ?? []).Where(content => content.Value!["example"] is null).Select(content => $"{it.Name}: {content.Key}")
            .Concat(Parameters(it.Operation).Where(parameter => parameter["in"]!.GetValue<string>() == "path" && parameter["example"] is null)
                .Select(parameter => $"{it.Name}: {parameter["name"]}"))).ShouldBeEmpty();

    [Fact]
    public void every_list_is_paged_the_same_way()
    {
        var lists = Operations.Where(it => Answered(it.Operation)?["properties"] is { } members && members["items"] is not null && members["next"] is not null).ToList();
        lists.Count.ShouldBeGreaterThan(10);
        lists.Select(it => it.Name).ShouldBe(Operations.Where(it => Takes(it.Operation, "after")).Select(it => it.Name));
        lists.Where(it => !Takes(it.Operation, "limit")).Select(it => it.Name).ShouldBeEmpty();
    }

    /// <summary>But those that know a repeat by what it says: a row by its number, a person by the e-mail address, the rest of a person's by the version.</summary>
    [Fact]
    public void every_change_takes_an_Idempotency_Key_and_no_read_does() => Operations
        .Where(it => it.Name != "POST /v1/orders/import" && !it.Name.Contains("/v1/people", StringComparison.Ordinal) && Takes(it.Operation, "Idempotency-Key") == it.Name.StartsWith("GET ", StringComparison.Ordinal))
        .Select(it => it.Name).ShouldBeEmpty();

    /// <summary>A version that can be seen is one that can be relied on.</summary>
    [Fact]
    public void whatever_tells_a_version_honors_conditions() => Operations.Where(it => it.Name.StartsWith("GET ", StringComparison.Ordinal)
            ? Answered(it.Operation)?["properties"]?["version"] is not null && !Takes(it.Operation, "If-None-Match")
            : it.Operation["responses"]!["412"] is null == Takes(it.Operation, "If-Match"))
        .Select(it => it.Name).ShouldBeEmpty();

    [Fact]
    public void every_reference_leads_somewhere() => All(Document).Select(it => it["$ref"]).OfType<JsonValue>().Select(it => it.GetValue<string>()).Distinct()
        .Where(reference => reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)Document, (at, step) => at?[step]) is null).ShouldBeEmpty();

    [Fact]
    public void every_list_says_of_what() => All(Document).Where(it => it["type"]?.ToString().Contains("array", StringComparison.Ordinal) is true && it["items"] is null)
        .Select(it => it.GetPath()).ShouldBeEmpty();

    [Fact]
    public void members_are_in_camel_case() => All(Document["components"]!["schemas"]!).Select(it => it["properties"]).OfType<JsonObject>().SelectMany(it => it.Select(member => member.Key))
        .Where(name => !char.IsAsciiLetterLower(name[0]) || !name.All(char.IsAsciiLetterOrDigit)).ShouldBeEmpty();

    private static IEnumerable<JsonNode> Parameters(JsonNode operation) => (operation["parameters"]?.AsArray() ?? []).Select(it => Resolved(it!));

    private static bool Takes(JsonNode operation, string parameter) => Parameters(operation).Any(it => it["name"]!.GetValue<string>() == parameter);

    private static JsonNode? Answered(JsonNode operation) => operation["responses"]!["200"]?["content"]?["application/json"]?["schema"] is { } schema ? Resolved(schema) : null;

    private static JsonNode Resolved(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference.TrimStart('#', '/').Split('/').Aggregate(Document, (at, step) => at[step]!)
        : node;

    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => All(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(All),
        _ => [],
    };
}
