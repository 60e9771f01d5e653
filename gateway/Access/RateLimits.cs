using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Oms.Gateway.Access;

/// <summary>
/// How fast somebody may ask: each key and each person has a bucket of one second's requests; who has shown nothing that opens is counted by address. Told with every
/// answer, as in draft-ietf-httpapi-ratelimit-headers.
/// </summary>
internal sealed class RateLimits(IConfiguration configuration)
{
    /// <summary>Names the pace of signing in: passwords are guessed, keys are not.</summary>
    public const string SignIn = "sign-in";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1), SignInWindow = TimeSpan.FromMinutes(1);

    private readonly int everybody = configuration.GetValue("Oms:RequestsPerSecond", 5_000);
    private readonly int anonymous = configuration.GetValue("Oms:AnonymousRequestsPerSecond", 200);
    private readonly int signIns = configuration.GetValue("Oms:SignInsPerMinute", 30);
    private PartitionedRateLimiter<HttpContext>? buckets;

    private PartitionedRateLimiter<HttpContext> Buckets => buckets ??= PartitionedRateLimiter.Create<HttpContext, string>(context =>
    {
        var (whose, limit) = Of(context);
        return RateLimitPartition.GetTokenBucketLimiter(whose, _ => new()
        {
            TokenLimit = limit,
            TokensPerPeriod = limit,
            ReplenishmentPeriod = Window,
            QueueLimit = 0,
        });
    });

    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = Buckets;
        options.AddPolicy(SignIn, context => RateLimitPartition.GetTokenBucketLimiter($"address {context.Connection.RemoteIpAddress}", _ => new()
        {
            TokenLimit = signIns,
            TokensPerPeriod = signIns,
            ReplenishmentPeriod = SignInWindow,
            QueueLimit = 0,
        }));
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var until) ? until : Window;
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString();
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>For what is answered before it is known who asks: counted by address.</summary>
    public async Task CountBefore(HttpContext context, RequestDelegate next)
    {
        using var lease = Buckets.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "1";
    }

    public Task Tell(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var (_, limit) = Of(context);
            var left = context.Response.StatusCode == StatusCodes.Status429TooManyRequests ? 0 : Buckets.GetStatistics(context)?.CurrentAvailablePermits ?? limit;
            context.Response.Headers["RateLimit-Policy"] = $"\"second\";q={limit};w=1";
            context.Response.Headers["RateLimit"] = $"\"second\";r={left};t=1";
            return Task.CompletedTask;
        });
        return next(context);
    }

    // A key whose limit was changed has a new bucket.
    private (string Whose, int Limit) Of(HttpContext context)
    {
        if (context.User.Identity is not CallerIdentity caller)
            return ($"address {context.Connection.RemoteIpAddress}", anonymous);
        var limit = caller.RequestsPerSecond ?? everybody;
        return ($"{caller.Caller.Subject} {limit}", limit);
    }
}
