using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>
/// What requests look like. All of them tell one story, of Ann's two mugs, so that they fit together: a test sends each of them.
/// </summary>
public static class Examples
{
    public const string Channel = "online_store", ChannelOrderNumber = "1001", Email = "ann@example.com", Sku = "MUG-1", Location = "nyc", Market = "us", Hold = "address_check";

    /// <summary>The example is <c>{}</c>, which the writer of descriptions leaves out; the gateway puts it in.</summary>
    public const string EmptyExtension = "x-empty-example";

    /// <summary>As the Order service derives it.</summary>
    public static readonly Guid Order = Ids.Derive("order", Channel, ChannelOrderNumber);

    /// <summary>Of what gets a random id.</summary>
    public static readonly Guid Id = new("01993a5e-7c00-7d52-9d6c-3f1f5b0e2a11");

    private static readonly Dictionary<string, JsonValue> Parameters = new(StringComparer.Ordinal)
    {
        ["channel"] = JsonValue.Create(Channel), ["channelOrderNumber"] = JsonValue.Create(ChannelOrderNumber), ["orderId"] = JsonValue.Create($"{Order}"),
        ["customerId"] = JsonValue.Create($"{Ids.Derive("customer", Email)}"), ["email"] = JsonValue.Create(Email), ["sku"] = JsonValue.Create(Sku),
        ["locationId"] = JsonValue.Create(Location), ["marketId"] = JsonValue.Create(Market), ["reason"] = JsonValue.Create(Hold),
        ["country"] = JsonValue.Create("US"), ["postalCode"] = JsonValue.Create("10001"), ["version"] = JsonValue.Create(1), ["limit"] = JsonValue.Create(Keyset.LimitDefault),
        ["id"] = JsonValue.Create($"{Id}"), ["returnId"] = JsonValue.Create($"{Id}"), ["keyId"] = JsonValue.Create($"{Id}"),
        ["requestId"] = JsonValue.Create($"{Id}"), ["personId"] = JsonValue.Create($"{Id}"),
    };

    /// <summary>A body that this route takes.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder route, object body) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Example(body));

    /// <summary>Adds the body of the route, and for each parameter what stands for it everywhere.</summary>
    internal static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Example = Parameters.GetValueOrDefault(parameter.Name ?? "")?.DeepClone();
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Example>().FirstOrDefault() is not { Body: var body })
            return Task.CompletedTask;
        var json = context.ApplicationServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            content.Example = JsonSerializer.SerializeToNode(body, body.GetType(), json);
        if (JsonSerializer.SerializeToNode(body, body.GetType(), json) is JsonObject { Count: 0 })
            (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[EmptyExtension] = new JsonNodeExtension(true);
        return Task.CompletedTask;
    }

    private sealed record Example(object Body);
}
