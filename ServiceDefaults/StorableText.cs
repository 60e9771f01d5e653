using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Oms.ServiceDefaults;

/// <summary>
/// JSON and URLs can say U+0000, PostgreSQL cannot take it. It is refused before it comes near a database: a parameter that cannot be bound leaves
/// Npgsql 10 with a prepared statement that fails once more, for whoever uses that connection next.
/// </summary>
internal static class StorableText
{
    private const string Refused = "A text must not contain the character U+0000.";

    public static Task CheckQuery(HttpContext context, RequestDelegate next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
            ? throw new BadHttpRequestException(Refused)
            : next(context);

    /// <summary>To the API's description a type with a converter of its own is a closed book.</summary>
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken token)
    {
        if (context.JsonTypeInfo.Type == typeof(string))
            schema.Type = context.JsonPropertyInfo is { IsGetNullable: true } ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        if (context.JsonTypeInfo.ElementType == typeof(string))
            schema.Items = Text();
        // The values of a dictionary are not described one by one.
        if (schema.AdditionalProperties is OpenApiSchema { Items: null } values && values.Type?.HasFlag(JsonSchemaType.Array) is true)
            values.Items = Text();
        return Task.CompletedTask;
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    public sealed class Converter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is var text && text?.Contains('\0') != true ? text : throw new JsonException(Refused);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
