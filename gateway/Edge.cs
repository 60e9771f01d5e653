using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Oms.Gateway;

/// <summary>Where the world begins: how much and how slowly somebody may send, which browsers' pages may call, and which proxies are believed.</summary>
internal static class Edge
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);
    private static readonly string[] ToldToBrowsers = ["ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "Idempotent-Replayed", "Preference-Applied", "AsyncResult", "WWW-Authenticate"];
    private static readonly string[] TakenFromBrowsers = ["Authorization", "X-Api-Key", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer"];

    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            // Whoever opens a connection says what it is for; whoever sends a body sends it at more than 240 bytes a second, which is Kestrel's own rule.
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        });
        builder.Services.AddCors(options => options.AddDefaultPolicy(policy => Allow(policy, Listed(builder.Configuration, "Oms:AllowedOrigins"))));

        // Otherwise anybody could say from where they come.
        var proxies = Listed(builder.Configuration, "Oms:TrustedProxies");
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var range in proxies)
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(range));
        });
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins)
    {
        if (origins.Length > 0)
            policy.WithOrigins(origins).AllowAnyMethod().WithHeaders(TakenFromBrowsers).WithExposedHeaders(ToldToBrowsers).SetPreflightMaxAge(TimeSpan.FromHours(1));
    }

    private static string[] Listed(ConfigurationManager configuration, string name) =>
        configuration[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
