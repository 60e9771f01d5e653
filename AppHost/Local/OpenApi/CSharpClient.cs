using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.CodeGeneration;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration;
using NSwag.CodeGeneration.CSharp;

namespace Oms.AppHost.Local;

/// <summary>Writes <c>clients/csharp</c>: NSwag reads the description, and the templates there say how the client looks.</summary>
internal static class CSharpClient
{
    private const string NdJson = "application/x-ndjson";
    private const string IsRequest = "x-request";
    private const string AnswersLater = "/v1/accepted-requests/";
    private static readonly string[] Types = ["public sealed partial", "public static class"];

    public static string File => Path.Combine(Folder, "OmsClient.g.cs");

    private static string Folder => Path.Combine(DataFolder.RepositoryRoot(), "clients", "csharp");

    public static async Task<string> Write(JsonNode description, CancellationToken token)
    {
        var document = await OpenApiDocument.FromJsonAsync(Simplified(description).ToJsonString(), token);
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "OmsClient",
            GenerateClientInterfaces = false,
            GenerateOptionalParameters = true,
            ParameterNameGenerator = new CamelCase(),
            // A method answers with what was asked for, and never with "it is as you know it" or "later".
            ExcludedParameterNames = ["If-None-Match", "Prefer"],
            CSharpGeneratorSettings =
            {
                Namespace = "Oms.Client",
                TemplateDirectory = Path.Combine(Folder, "templates"),
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
                EnumNameGenerator = new PascalCase(),
                AnyType = "JsonElement",
                DateTimeType = "DateTimeOffset",
                ArrayType = "IReadOnlyList",
                DictionaryType = "IReadOnlyDictionary",
            },
        };
        var code = new CSharpClientGenerator(document, settings).GenerateFile();
        return Tidy(code) + Serializers(document);
    }

    // Lines of JSON are streams, for which OmsClient has methods of its own; a body that says nothing need not be given; nothing is answered later.
    private static JsonNode Simplified(JsonNode description)
    {
        var simple = description.DeepClone();
        foreach (var (path, _) in simple["paths"]!.AsObject().Where(path => path.Key.StartsWith(AnswersLater, StringComparison.Ordinal)).ToList())
            simple["paths"]!.AsObject().Remove(path);
        foreach (var operation in simple["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(it => it.Value!).ToList())
        {
            var content = operation["requestBody"]?["content"]?.AsObject();
            content?.Remove(NdJson);
            if (content?.Count == 0)
                operation.Parent!.AsObject().Remove(operation.GetPropertyName());
            else if (content is not null && content.ToJsonString().Contains("/EmptyBody\"", StringComparison.Ordinal))
                operation.AsObject().Remove("requestBody");
        }
        var schemas = simple["components"]!["schemas"]!.AsObject();
        foreach (var schema in schemas.Select(it => it.Value!.AsObject()).Where(it => it["properties"] is not null))
            schema["additionalProperties"] ??= false;
        foreach (var asked in Asked(simple, schemas))
            schemas[asked]![IsRequest] = true;
        return simple;
    }

    /// <summary>What is said to the API: the compiler asks for its required members. Answers may be made up, in tests, with what matters there.</summary>
    private static HashSet<string> Asked(JsonNode document, JsonObject schemas)
    {
        HashSet<string> asked = [];
        var found = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).SelectMany(it => References(it.Value!["requestBody"])).ToList();
        while (found.Count > 0)
            found = [.. found.Where(asked.Add).SelectMany(name => References(schemas[name]))];
        return asked;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(it => it.Key == "$ref" ? [it.Value!.GetValue<string>().Split('/')[^1]] : References(it.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    /// <summary>Reading and writing JSON is generated when the client is compiled.</summary>
    private static string Serializers(OpenApiDocument document)
    {
        var text = new StringBuilder();
        foreach (var (name, _) in document.Components.Schemas.Where(it => it.Value.IsObject).OrderBy(it => it.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"[JsonSerializable(typeof({name}))]\n");
        return text.Append("internal sealed partial class OmsJson : JsonSerializerContext;\n").ToString();
    }

    // Templates leave an empty line where they decide; the ones that a reader wants are before what is documented, and before each type.
    private static string Tidy(string code)
    {
        var text = new StringBuilder();
        var last = "";
        foreach (var line in code.ReplaceLineEndings("\n").Split('\n').Select(it => it.TrimEnd()).Where(it => it.Length > 0))
        {
            var begins = line.TrimStart().StartsWith("/// <summary>", StringComparison.Ordinal) || Types.Any(line.StartsWith);
            if (begins && last != "{" && !last.StartsWith("///", StringComparison.Ordinal) || line.StartsWith("namespace", StringComparison.Ordinal))
                text.Append('\n');
            text.Append(line).Append('\n');
            last = line;
        }
        return text.Append('\n').ToString();
    }

    private sealed class CamelCase : IParameterNameGenerator
    {
        public string Generate(OpenApiParameter parameter, IEnumerable<OpenApiParameter> allParameters) => char.ToLowerInvariant(parameter.Name[0]) + Words(parameter.Name)[1..];
    }

    private sealed class PascalCase : IEnumNameGenerator
    {
        public string Generate(int index, string? name, object? value, JsonSchema schema) => Words(name!);
    }

    private static string Words(string name) => string.Concat(name.Split('-', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
