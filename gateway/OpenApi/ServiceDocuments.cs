using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Oms.ServiceDefaults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Oms.Gateway.OpenApi;

/// <summary>
/// The services' own descriptions, as fresh as they can be had: asked again after a minute, and every second while one is missing. The last good one
/// stays when its service is away.
/// </summary>
public sealed class ServiceDocuments(
    IProxyStateLookup proxy, [FromKeyedServices("v1")] IOpenApiDocumentProvider own, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Known> known = new();
    private Merged? merged;
    private ServiceDocument? gateway;

    public static async Task<IResult> Answer(ServiceDocuments documents, HttpContext context, CancellationToken token)
    {
        if (await documents.All(token) is not { Count: > 0 } all)
        {
            context.Response.Headers.RetryAfter = AskedAgainAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Problem(Problems.Problem(503, "service-unavailable", "No service has described itself yet. Try again."));
        }
        return documents.Merge([.. all, documents.gateway ??= await documents.Own(token)]);
    }

    private ContentHttpResult Merge(IReadOnlyList<ServiceDocument> all)
    {
        if (merged is not { } before || !before.Of.SequenceEqual(all))
            merged = before = new(all, MergedDocument.Of(all).ToJsonString());
        return TypedResults.Text(before.Text, "application/json");
    }

    /// <summary>What the gateway itself answers.</summary>
    private async Task<ServiceDocument> Own(CancellationToken token)
    {
        var document = await own.GetOpenApiDocumentAsync(token);
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, token);
        return new(MergedDocument.Gateway, "Platform", "Who may come in, who was refused, and whether everything adds up.", JsonNode.Parse(text)!.AsObject());
    }

    private async Task<IReadOnlyList<ServiceDocument>> All(CancellationToken token)
    {
        var all = await Task.WhenAll(proxy.Services().Select(service => Newest(service, token)));
        return [.. all.OfType<ServiceDocument>()];
    }

    private async Task<ServiceDocument?> Newest(ClusterState service, CancellationToken token)
    {
        var before = known.GetValueOrDefault(service.ClusterId);
        var now = clock.GetUtcNow();
        if (before is not null && now < before.AskAgainAt)
            return before.Document;

        var fetched = await Fetch(service, token);
        var newest = Same(before?.Document, fetched) ? before!.Document : fetched ?? before?.Document;
        known[service.ClusterId] = new(newest, now + (fetched is null ? AskedAgainAfter : KeptFor));
        return newest;
    }

    private static bool Same(ServiceDocument? before, ServiceDocument? fetched) =>
        before is not null && fetched is not null && JsonNode.DeepEquals(before.Document, fetched.Document);

    private static async Task<ServiceDocument?> Fetch(ClusterState service, CancellationToken token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(Patience);
        foreach (var replica in service.DestinationsState.AllDestinations)
        {
            try
            {
                using var answer = await service.Get(replica, "openapi/v1.json", patience.Token);
                if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonObject>(patience.Token) is { } document)
                    return new(service.ClusterId, service.Title()!, service.Model.Config.Metadata?.GetValueOrDefault("Description"), document);
            }
            catch (Exception error) when (error is HttpRequestException or JsonException || error is OperationCanceledException && !token.IsCancellationRequested)
            {
                // The next replica may know; if none does, it is asked again in a second.
            }
        }
        return null;
    }

    private sealed record Known(ServiceDocument? Document, DateTimeOffset AskAgainAt);

    private sealed record Merged(IReadOnlyList<ServiceDocument> Of, string Text);
}
