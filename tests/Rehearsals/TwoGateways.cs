using System.Collections.Concurrent;
using System.Net;

namespace Oms.Rehearsals;

/// <summary>
/// What stands before two gateways, as small as it can be: sends each request to one that says it is healthy, and never a second time. Remembers what failed,
/// and which version of a service answered.
/// </summary>
internal sealed class TwoGateways : DelegatingHandler
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(250);

    // As the gateway does before the services: shorter than whoever stops keeps answering.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private readonly Uri[] gateways;
    private readonly Task asking;
    private volatile Uri[] healthy = [];
    private int next;

    public TwoGateways(params Uri[] gateways) : base(new SocketsHttpHandler { PooledConnectionIdleTimeout = IdleTimeout })
    {
        this.gateways = gateways;
        asking = Ask(stop.Token);
    }

    public ConcurrentQueue<string> Failures { get; } = [];

    public int Requests { get; private set; }

    /// <summary>How many answers came from where: by gateway, and by what is asked for and the version that answered; today's has no name.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var now = healthy;
        var gateway = now.Length > 0 ? now[(uint)Interlocked.Increment(ref next) % now.Length] : gateways[0];
        request.RequestUri = new(gateway, request.RequestUri!.PathAndQuery);
        Requests++;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
                Failures.Enqueue($"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            var version = response.Headers.TryGetValues("X-Version", out var said) ? said.First() : "";
            Count($"{gateway}");
            Count($"{string.Concat(request.RequestUri.Segments.Take(3)).TrimEnd('/')} {version}");
            return response;
        }
        catch (Exception error)
        {
            Failures.Enqueue($"{request.Method} {request.RequestUri}: {error}");
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        // Its client disposes of it, too.
        if (disposing && !stop.IsCancellationRequested)
        {
            stop.Cancel();
            stop.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Count(string answer) => Answers.AddOrUpdate(answer, 1, (_, before) => before + 1);

    private async Task Ask(CancellationToken token)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var pause = new PeriodicTimer(AskEvery);
        do
        {
            var answers = await Task.WhenAll(gateways.Select(gateway => IsHealthy(http, gateway, token)));
            healthy = [.. gateways.Zip(answers).Where(it => it.Second).Select(it => it.First)];
        }
        while (await pause.WaitForNextTickAsync(token));
    }

    private static async Task<bool> IsHealthy(HttpClient http, Uri gateway, CancellationToken token)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(gateway, "/health"), token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception none) when (none is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
