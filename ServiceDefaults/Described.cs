using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Oms.ServiceDefaults;

/// <summary>Corrects the API's description where the framework describes C# and not what is on the wire: clients are generated from it.</summary>
internal static class Described
{
    public static Task Schema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken token)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal))
            schema.Format = "decimal";
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            // Whoever refers to it says whether there may be none.
            schema.Enum = [.. (schema.Enum ?? []).Where(value => value?.GetValueKind() == JsonValueKind.String)];
        }
        // What is null is left out.
        foreach (var member in context.JsonTypeInfo.Properties.Where(it => it.IsGetNullable || Nullable.GetUnderlyingType(it.PropertyType) is not null))
            schema.Required?.Remove(member.Name);
        return Task.CompletedTask;
    }

    /// <summary>Names in a query are in camelCase, like all others; they are read in any case.</summary>
    public static Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(it => it is { In: ParameterLocation.Query, Name: not null }))
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        return Task.CompletedTask;
    }
}
