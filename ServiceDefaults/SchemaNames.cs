using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Oms.ServiceDefaults;

/// <summary>
/// What a type is called in the API's description. A slice nests its request body and calls it <c>Body</c>, as all slices do; in the description, where all of
/// them meet, it is called after its slice.
/// </summary>
internal static class SchemaNames
{
    private const string Slice = "Slice";
    private static readonly string[] Kinds = ["View", "Body"];

    // Whatever JSON there is needs no name.
    public static string? Of(JsonTypeInfo type) => type.Type == typeof(JsonElement) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : Name(Nullable.GetUnderlyingType(type.Type) ?? type.Type);

    /// <summary><c>CancelOrderSlice.Body</c> is CancelOrderBody, <c>OrderView.LineView</c> OrderLineView, <c>Page&lt;OrderView&gt;</c> PageOfOrderView.</summary>
    public static string Name(Type type)
    {
        var own = type.Name.Split('`')[0];
        if (type.IsGenericType)
            own += "Of" + string.Concat(type.GetGenericArguments().Select(Name));
        if (type.DeclaringType is not { } outer)
            return own;
        var around = Name(outer);
        if (around.EndsWith(Slice, StringComparison.Ordinal))
            around = around[..^Slice.Length];
        var kind = Array.Find(Kinds, it => around.EndsWith(it, StringComparison.Ordinal) && own.EndsWith(it, StringComparison.Ordinal));
        return kind is null ? around + own : around[..^kind.Length] + own;
    }
}
