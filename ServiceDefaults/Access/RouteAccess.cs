using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Oms.ServiceDefaults;

/// <summary>What a caller may be restricted to.</summary>
[Flags]
public enum Restrictions
{
    None = 0,
    Channels = 1,
    Locations = 2,
    All = Channels | Locations,
}

/// <summary>Who may call a route.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
/// <param name="Honors">
/// The restrictions that the route keeps, because it shows only what is the caller's or because what it shows is nobody's in particular. A caller with another
/// restriction is refused.
/// </param>
public sealed record RouteAccess(string Scope, Restrictions Honors) : IAuthorizationRequirement
{
    /// <summary>Null when the caller may call it; otherwise why not.</summary>
    public string? Objection(Caller caller) =>
        !caller.Scopes.Contains(Scope) ? $"This needs the scope {Scope}."
        : caller.Channels is not null && !Honors.HasFlag(Restrictions.Channels) ? "This is closed to callers that are restricted to channels."
        : caller.Locations is not null && !Honors.HasFlag(Restrictions.Locations) ? "This is closed to callers that are restricted to locations."
        : null;
}

public static class AccessExtensions
{
    public const string ScopeExtension = "x-scope";

    /// <summary>Says who may call this route. A route that says nothing is closed to everybody.</summary>
    public static TBuilder Access<TBuilder>(this TBuilder route, string scope, Restrictions honors = Restrictions.None) where TBuilder : IEndpointConventionBuilder
    {
        var access = new RouteAccess(scope, honors);
        return route.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(access).Build()).WithMetadata(access);
    }

    /// <summary>The description of a route names the scope; the gateway makes the standard's words of it.</summary>
    internal static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().FirstOrDefault() is { } access)
            (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[ScopeExtension] = new JsonNodeExtension(access.Scope);
        return Task.CompletedTask;
    }

    internal static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build());
        return services.AddSingleton<IAuthorizationHandler, Handler>().AddSingleton<IAuthorizationMiddlewareResultHandler, Forbidding>();
    }

    private sealed class Handler : AuthorizationHandler<RouteAccess>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RouteAccess requirement)
        {
            if (context.User.Identity?.IsAuthenticated is true && requirement.Objection(Caller.Of(context.User)) is null)
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    /// <summary>Says which scope is missing (RFC 6750, 3.1).</summary>
    private sealed class Forbidding : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler framework = new();

        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (!authorizeResult.Forbidden)
            {
                await framework.HandleAsync(next, context, policy, authorizeResult);
                return;
            }
            if (context.GetEndpoint() is not RouteEndpoint route)
            {
                await next(context);        // nothing here, or nothing for this method or type of content
                return;
            }
            var access = route.Metadata.GetMetadata<RouteAccess>();
            if (access is not null)
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"oms\", error=\"insufficient_scope\", scope=\"{access.Scope}\"";
            var why = access?.Objection(Caller.Of(context.User)) ?? "This route is open to nobody.";
            await TypedResults.Problem(Problems.Problem(StatusCodes.Status403Forbidden, "forbidden", why)).ExecuteAsync(context);
        }
    }
}
