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
    public void every_reference_leads_somewhere() => All(Document).Select(it => it["$ref"]).OfType<JsonValue>().Select(it => it.GetValue<string>()).Distinct()
        .Where(reference => reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)Document, (at, step) => at?[step]) is null).ShouldBeEmpty();

    [Fact]
    public void every_list_says_of_what() => All(Document).Where(it => it["type"]?.ToString().Contains("array", StringComparison.Ordinal) is true && it["items"] is null)
        .Select(it => it.GetPath()).ShouldBeEmpty();

    [Fact]
    public void members_are_in_camel_case() => All(Document["components"]!["schemas"]!).Select(it => it["properties"]).OfType<JsonObject>().SelectMany(it => it.Select(member => member.Key))
        .Where(name => !char.IsAsciiLetterLower(name[0]) || !name.All(char.IsAsciiLetterOrDigit)).ShouldBeEmpty();

    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => All(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(All),
        _ => [],
    };
}
