using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.ServiceDefaults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Oms.Gateway;

/// <summary>What stands behind the gateway, and how it is.</summary>
/// <param name="Status">healthy, degraded (something is missing) or unhealthy (nothing answers).</param>
public sealed record HealthReport(string Status, IReadOnlyDictionary<string, ServiceReport> Services);

/// <param name="Status">healthy, degraded (not all replicas are) or unhealthy.</param>
/// <param name="Healthy">How many replicas are ready.</param>
public sealed record ServiceReport(string Status, int Healthy, int Replicas);

/// <summary>
/// The gateway can serve as long as one service answers: when none does, and when it is about to stop itself, it is unhealthy, 503. Services are asked at most
/// once a second, however many ask.
/// </summary>
public sealed class ServiceHealth(IProxyStateLookup proxy, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<HealthReport>? latest;
    private DateTimeOffset staleAt;

    public static async Task<JsonHttpResult<HealthReport>> Answer(ServiceHealth health, Draining draining)
    {
        var report = await health.Report();
        if (draining.Begun)
            report = report with { Status = "unhealthy" };
        return TypedResults.Json(report, statusCode: report.Status == "unhealthy" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private Task<HealthReport> Report()
    {
        lock (gate)
        {
            if (latest is null || latest.IsCompleted && clock.GetUtcNow() >= staleAt)
                latest = Ask();
            return latest;
        }
    }

    private async Task<HealthReport> Ask()
    {
        var asked = await Task.WhenAll(proxy.Services().Select(async service => (Name: service.ClusterId, Report: await Ask(service))));
        var services = asked.OrderBy(it => it.Name, StringComparer.Ordinal).ToDictionary(it => it.Name, it => it.Report);
        staleAt = clock.GetUtcNow() + KeptFor;
        return new(Status(services.Values.Count(it => it.Status == "healthy"), services.Values.Count(it => it.Healthy > 0), services.Count), services);
    }

    private static async Task<ServiceReport> Ask(ClusterState service)
    {
        var replicas = service.DestinationsState.AllDestinations;
        var ready = (await Task.WhenAll(replicas.Select(it => IsReady(service, it)))).Count(it => it);
        return new(Status(ready, ready, replicas.Count), ready, replicas.Count);
    }

    private static string Status(int wholly, int partly, int all) => partly == 0 ? "unhealthy" : wholly == all ? "healthy" : "degraded";

    private static async Task<bool> IsReady(ClusterState service, DestinationState replica)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            using var answer = await service.Get(replica, "health", timeout.Token);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

internal static class Upstreams
{
    /// <summary>The services, each once: a cluster without a title is another way into a service that has one.</summary>
    public static IReadOnlyList<ClusterState> Services(this IProxyStateLookup proxy) =>
        [.. proxy.GetClusters().Where(it => it.Title() is not null).OrderBy(it => it.ClusterId, StringComparer.Ordinal)];

    public static string? Title(this ClusterState service) => service.Model.Config.Metadata?.GetValueOrDefault("Title");

    public static Task<HttpResponseMessage> Get(this ClusterState service, DestinationState replica, string path, CancellationToken token) =>
        service.Model.HttpClient.SendAsync(new(HttpMethod.Get, new Uri(new Uri(replica.Model.Config.Address), path)), token);
}
