using Oms.Gateway.Access;
using Oms.Gateway.OpenApi;
using Oms.Gateway.Proxying;
using Oms.Gateway.Reconciliation;
using Oms.ServiceDefaults;
using Scalar.AspNetCore;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace Oms.Gateway;

/// <summary>The one door: knows who is calling, and which service to ask. Which path leads where is configuration (<c>appsettings.json</c>).</summary>
public static class Gateway
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // Shorter than a service drains: when it stops no connection is left that a request could meet its end on.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    // What the services' API speaks. Everything else a client sends stays here: its key, and whatever it claims about who or where it is.
    private static readonly string[] ForwardedRequestHeaders =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Content-Encoding", "Content-Language", "Content-Length", "Content-Type", "Expect",
        "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Prefer", "User-Agent",
    ];

    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddAccess();
        builder.AddEdge();
        services.AddSingleton<IDestinationResolver, DiscoveredDestinations>();
        services.AddSingleton<IPassiveHealthCheckPolicy, UnreachablePolicy>();
        services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .ConfigureHttpClient((_, handler) => (handler.ConnectTimeout, handler.PooledConnectionIdleTimeout) = (ConnectTimeout, IdleTimeout))
            .AddTransforms(context =>
            {
                context.AddRequestHeadersAllowed(ForwardedRequestHeaders);
                context.AddRequestTransform(request =>
                {
                    request.HttpContext.RequestServices.GetRequiredService<ServiceIdentity>().Vouch(request.HttpContext.User, request.ProxyRequest);
                    KeepEscapedSlashes(request);
                    return ValueTask.CompletedTask;
                });
                context.AddResponseHeaderRemove("Server", ResponseCondition.Always);
                context.AddResponseHeaderRemove("X-Powered-By", ResponseCondition.Always);
            });

        services.AddSingleton<ServiceHealth>();
        services.AddSingleton<ServiceDocuments>();
        services.AddSingleton<ServiceStatements>();
        services.AddSingleton<PlatformReconciliation>();
        builder.Logging.AddFilter("Yarp", LogLevel.Warning).AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Error)
            // A replica that is away is asked every second whether it is back; each time would be a warning.
            .AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);
        return builder;
    }

    public static WebApplication UseGateway(this WebApplication app)
    {
        app.Use(Draining.CloseConnections);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHsts();
        app.Use(SecurityHeaders.Add);
        app.UseForwardedHeaders();
        app.UseCors();
        app.UseAccess();

        app.MapGet("/health", ServiceHealth.Answer).AllowAnonymous();
        app.MapGet("/alive", () => TypedResults.Ok(new { status = "healthy" })).AllowAnonymous();
        app.MapGet("/openapi/v1.json", ServiceDocuments.Answer).AllowAnonymous();
        // What would ask its makers is left out: nothing leaves the house unasked, and the page may call nobody but us.
        app.MapScalarApiReference("/scalar", options => options.WithTitle("OMS API").WithOpenApiRoutePattern("/openapi/v1.json").DisableDefaultFonts()
            .HideDeveloperTools().HideClientButton().DisableAgent().DisableMcp().DisableTelemetry()).AllowAnonymous();
        app.MapGet("/v1/reconciliation", PlatformReconciliation.Answer).WithName("Reconcile")
            .WithSummary("Compares every service's read models with its events, and what the services say about each other's orders, parcels, money and stock.")
            .Access(Scopes.ReconciliationRead).Produces<PlatformReport>().ProducesProblem(503);
        app.MapAccess();
        ProblemPages.Map(app);
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<Failover>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
            // Who may do what with it, the service knows.
        }).RequireAuthorization();
        return app;
    }

    // A SKU may contain a slash. Everything but %2F is unescaped in a path, and YARP would escape that once more.
    private static void KeepEscapedSlashes(RequestTransformContext request)
    {
        if (request.Path.Value?.Contains("%2F", StringComparison.OrdinalIgnoreCase) is not true)
            return;
        var twice = RequestUtilities.MakeDestinationAddress(request.DestinationPrefix, request.Path, request.Query.QueryString);
        request.ProxyRequest.RequestUri = new Uri(twice.GetLeftPart(UriPartial.Path).Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase) + twice.Query);
    }
}
