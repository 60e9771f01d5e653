using System.Globalization;
using Oms.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Oms.Gateway.Proxying;

/// <summary>
/// Tries another replica when the first did not answer: for any request when not even a connection could be made, because then nothing
/// was done; for a safe one also when the connection broke. What nobody answers becomes a problem that says whether to try again.
/// </summary>
internal sealed class Failover(RequestDelegate next)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        while (true)
        {
            await next(context);
            if (context.Features.Get<IForwarderErrorFeature>() is not { } error || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
                return;

            untried = [.. untried.Where(it => it != proxy.ProxiedDestination)];
            if (untried.Count == 0 || !MayBeTriedElsewhere(context.Request, error))
            {
                await Explain(context, error, proxy.Cluster.Config.ClusterId);
                return;
            }
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            proxy.ProxiedDestination = null;
            proxy.AvailableDestinations = untried;
        }
    }

    private static bool MayBeTriedElsewhere(HttpRequest request, IForwarderErrorFeature error) =>
        NeverConnected(error) || error.Error == ForwarderError.Request && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    private static bool NeverConnected(IForwarderErrorFeature error) =>
        error.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private static async Task Explain(HttpContext context, IForwarderErrorFeature error, string service)
    {
        const string Unsure = "If it changes something, repeat it under the same Idempotency-Key: it is done once.";
        var problem = context.Response.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Problems.Problem(413, "body-too-large", "The body is larger than this path takes."),
            >= 400 and < 500 => Problems.Problem(context.Response.StatusCode, "malformed-request", "The body did not arrive as announced."),
            StatusCodes.Status504GatewayTimeout => Problems.Problem(504, "service-timeout", $"The {service} service did not answer in time. {Unsure}"),
            _ when NeverConnected(error) || error.Error == ForwarderError.NoAvailableDestinations =>
                Problems.Problem(503, "service-unavailable", $"The {service} service is away for a moment. Nothing was changed: try again."),
            _ => Problems.Problem(503, "service-unavailable", $"The {service} service broke off while answering. {Unsure}"),
        };
        context.Response.Clear();
        if (problem.Status == 503)
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await TypedResults.Problem(problem).ExecuteAsync(context);
    }
}

/// <summary>
/// Leaves a replica alone for a moment once it could not be reached, so that not every request has to find out. When all are away, all are tried
/// (<c>HealthyOrPanic</c>): a service that comes back is found at once.
/// </summary>
internal sealed class UnreachablePolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    private static readonly TimeSpan Reactivation = TimeSpan.FromSeconds(2);

    public string Name => "Unreachable";

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request })
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Reactivation);
    }
}
