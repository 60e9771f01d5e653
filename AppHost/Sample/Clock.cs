namespace Oms.Sample;

/// <summary>The run happens in real time; nothing here is decided upon by the clock except when to try again.</summary>
internal static class Clock
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static long Mark() => TimeProvider.System.GetTimestamp();

    public static TimeSpan Since(long mark) => TimeProvider.System.GetElapsedTime(mark);

    public static Task Pause(TimeSpan time, CancellationToken token) => Task.Delay(time, TimeProvider.System, token);

    /// <summary>Like <see cref="Pause"/>, but being stopped is an answer: false.</summary>
    public static async Task<bool> PauseUnlessStopped(TimeSpan time, CancellationToken token)
    {
        await Task.Delay(time, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !token.IsCancellationRequested;
    }
}
