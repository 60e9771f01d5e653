namespace Oms.AppHost.Local;

internal static class Wait
{
    /// <summary>Asks again and again until the answer is yes (true) or the time is up (false).</summary>
    public static async Task<bool> Until(Func<Task<bool>> condition, TimeSpan within, CancellationToken token = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > within)
                return false;
            await Pause(TimeSpan.FromMilliseconds(75), token);
        }

        return true;
    }

    public static Task<bool> Until(Func<bool> condition, TimeSpan within, CancellationToken token = default) =>
        Until(() => Task.FromResult(condition()), within, token);

    public static Task Pause(TimeSpan time, CancellationToken token) => Task.Delay(time, TimeProvider.System, token);
}
