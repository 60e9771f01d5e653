using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>Versions over HTTP: RFC 9110, sections 8.8.3 and 13.1.</summary>
public static class ETags
{
    /// <summary>Tells the version of what is answered.</summary>
    public static void SetETag(this HttpContext context, long version) => context.Response.Headers.ETag = Of(version);

    /// <summary>A version as a strong validator.</summary>
    public static string Of(long version) => $"\"{version}\"";

    /// <summary>What the sender wants to hold before anything is changed; null when nothing.</summary>
    public static Precondition? Precondition(this HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
            return null;
        var typed = context.Request.GetTypedHeaders();
        return new(headers.IfMatch.Count == 0 ? null : [.. typed.IfMatch], [.. typed.IfNoneMatch]);
    }
}

/// <summary><c>If-Match</c> and <c>If-None-Match</c> of a request that changes something.</summary>
/// <param name="IfMatch">Null without the header. What cannot be read as a tag is none, and matches nothing.</param>
public sealed record Precondition(IReadOnlyList<EntityTagHeaderValue>? IfMatch, IReadOnlyList<EntityTagHeaderValue> IfNoneMatch)
{
    /// <summary>Null when it holds for what is there at this version; 0 when nothing is.</summary>
    public Refusal? Objection(bool exists, long version)
    {
        var current = new EntityTagHeaderValue(ETags.Of(version));
        if (IfMatch is not null && !IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) ? exists : tag.Compare(current, useStrongComparison: true)))
            return new(RefusalKind.Stale, "stale-version", exists
                ? $"You have seen {string.Join(", ", IfMatch)}; it is at version {version} by now. Read it again."
                : $"You have seen {string.Join(", ", IfMatch)}; it is not there.");
        return exists && ConditionalRequests.Has(IfNoneMatch, current)
            ? new(RefusalKind.Stale, "exists-already", $"It is there already, at version {version}. Read it before you change it.")
            : null;
    }
}

public static class ConditionalRequests
{
    public const string Extension = "x-versioned";

    /// <summary>
    /// What this route reads or changes has a version. A read answers it as <c>ETag</c> and, to whom has it already (<c>If-None-Match</c>), nothing else (304). A
    /// change honors both preconditions: its handler hands them to <see cref="DeciderSession"/>.
    /// </summary>
    public static TBuilder Versioned<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new IsVersioned()).AddEndpointFilter(static async (invocation, next) =>
        {
            var answer = await next(invocation);
            var context = invocation.HttpContext;
            return HttpMethods.IsGet(context.Request.Method) && IsKnown(context) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : answer;
        });

    internal static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IsVersioned>().Any())
            (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[Extension] = new JsonNodeExtension(true);
        return Task.CompletedTask;
    }

    // Refusals have no ETag.
    private static bool IsKnown(HttpContext context) => context.Request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParse(context.Response.Headers.ETag.ToString(), out var current) && Has([.. context.Request.GetTypedHeaders().IfNoneMatch], current);

    /// <summary>Whether it is among the tags, weak or not.</summary>
    internal static bool Has(IReadOnlyList<EntityTagHeaderValue> tags, EntityTagHeaderValue current) =>
        tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));

    internal sealed record IsVersioned;
}
