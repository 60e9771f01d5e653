using System.Net;

namespace Oms.Sample;

/// <summary>
/// Whatever may be a matter of time (no connection, 429, 5xx) is tried again with the same key and body for <see cref="SecondsMax"/>, so a service that dies in the
/// middle only costs time.
/// </summary>
internal sealed class Patience(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    public const int SecondsMax = 120;
    private const int PauseMillisecondsMin = 100;
    private const int PauseMillisecondsMax = 5_000;
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(100);
    private static readonly AsyncLocal<Course?> Watched = new();
    private int waiting;
    private int retries;

    /// <summary>Whether a call is being tried again: then nothing is stuck yet, only late.</summary>
    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    /// <summary>How often a call was tried again.</summary>
    public int Retries => Volatile.Read(ref retries);

    /// <summary>Learns how the next call of this task goes: the generated client tells only its end.</summary>
    public static Course Watch() => Watched.Value = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (answer, why, retryAfter) = await Try(request, cancellationToken);
            if (answer is not null)
            {
                if (Watched.Value is { } course)
                    (course.Status, course.IsRepeated) = (answer.StatusCode, attempt > 0);
                return answer;
            }
            if (time.GetElapsedTime(begun).TotalSeconds > SecondsMax)
                throw new SampleException($"{request.Method} {request.RequestUri?.PathAndQuery} did not succeed within {SecondsMax} seconds: {why}");
            await Wait(attempt, retryAfter, cancellationToken);
        }
    }

    private async Task<(HttpResponseMessage? Answer, string Why, TimeSpan RetryAfter)> Try(HttpRequestMessage request, CancellationToken token)
    {
        using var enough = new CancellationTokenSource(CallTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, token);
        try
        {
            var answer = await base.SendAsync(request, either.Token);
            await answer.Content.LoadIntoBufferAsync(either.Token);     // an answer that breaks off is none
            if (!IsAMatterOfTime(answer.StatusCode))
                return (answer, "", default);
            using (answer)
                return (null, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}", answer.Headers.RetryAfter?.Delta ?? default);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || error is OperationCanceledException && !token.IsCancellationRequested)
        {
            return (null, error.Message, default);
        }
    }

    private async Task Wait(int attempt, TimeSpan atLeast, CancellationToken token)
    {
        var backoff = Math.Min(PauseMillisecondsMax, PauseMillisecondsMin << Math.Min(attempt, 10));
        var pause = TimeSpan.FromMilliseconds(backoff * (0.5 + Random.Shared.NextDouble() / 2));
        Interlocked.Increment(ref retries);
        Interlocked.Increment(ref waiting);
        try
        {
            await Task.Delay(pause > atLeast ? pause : atLeast, time, token);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static bool IsAMatterOfTime(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    /// <summary>How a call went.</summary>
    internal sealed class Course
    {
        public HttpStatusCode Status { get; set; }

        /// <summary>An earlier try may have had its effect, though its answer never came.</summary>
        public bool IsRepeated { get; set; }
    }
}
