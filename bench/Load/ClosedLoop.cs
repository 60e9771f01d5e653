using Oms.Bench.Measuring;

namespace Oms.Bench.Load;

/// <summary>What a window of a closed loop has shown.</summary>
internal sealed record LoopResult(int Operations, TimeSpan Window, Latencies Latencies, Cost Cost, int Errors, string? FirstError)
{
    public double Throughput => Operations / Window.TotalSeconds;
}

/// <summary>
/// So many clients, each of which sends its next request when it has got its answer. First a while that warms up, then the window that counts.
/// </summary>
internal sealed class ClosedLoop(int clients, TimeSpan warmUp, TimeSpan measured, ProcessSet processes, TimeProvider clock)
{
    /// <summary>More of them say nothing new.</summary>
    private const int ErrorsMax = 100;

    private volatile bool isMeasuring;
    private volatile bool isStopped;
    private int errors;
    private string? firstError;

    /// <param name="operation">Null when it went as expected, or what happened instead.</param>
    /// <param name="token">Ends it early.</param>
    /// <param name="during">Begins with the window, and ends it when it ends first.</param>
    public async Task<LoopResult> Run(Func<int, CancellationToken, Task<string?>> operation, CancellationToken token, Func<Task>? during = null)
    {
        using var interrupted = token.Register(() => isStopped = true);
        var running = Enumerable.Range(0, clients).Select(client => Task.Run(() => Work(client, operation), token)).ToList();
        await Task.WhenAny(Task.Delay(warmUp, clock, token), Task.WhenAll(running));
        var before = processes.Times();
        var begun = clock.GetTimestamp();
        isMeasuring = true;
        var meanwhile = during?.Invoke() ?? Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
        await Task.WhenAny(Task.Delay(measured, clock, token), Task.WhenAll(running), meanwhile);
        isMeasuring = false;
        var window = clock.GetElapsedTime(begun);
        var after = processes.Times();
        isStopped = true;
        var latencies = new Latencies();
        foreach (var own in await Task.WhenAll(running))
            latencies.AddAll(own);
        token.ThrowIfCancellationRequested();
        return new(latencies.Count, window, latencies, Cost.Between(before, after), errors, firstError);
    }

    private async Task<Latencies> Work(int client, Func<int, CancellationToken, Task<string?>> operation)
    {
        var latencies = new Latencies();
        while (!isStopped)
        {
            var begun = clock.GetTimestamp();
            // What has begun is finished, so that no request is cut off half way.
            var problem = await operation(client, CancellationToken.None);
            if (problem is not null)
            {
                firstError ??= problem;
                if (Interlocked.Increment(ref errors) > ErrorsMax)
                    isStopped = true;
            }
            else if (isMeasuring)
                latencies.Add(clock.GetElapsedTime(begun));
        }
        return latencies;
    }
}
