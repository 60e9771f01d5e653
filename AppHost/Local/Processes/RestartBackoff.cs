namespace Oms.AppHost.Local;

/// <summary>At once the first time, then 1, 2, 4, 8 and at most 10 seconds; forgiven after half a minute of good conduct.</summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodConduct = TimeSpan.FromSeconds(10);
    private int failures;

    public TimeSpan Next(TimeSpan ranFor)
    {
        if (ranFor >= GoodConduct)
            failures = 0;
        var delay = failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(1 << Math.Min(failures - 1, 10), Longest.TotalSeconds));
        failures++;
        return delay;
    }
}
