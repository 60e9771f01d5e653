namespace Oms.Sample;

/// <summary>How long calls took.</summary>
internal sealed class Latencies
{
    private readonly List<double> milliseconds = [];
    private readonly Lock gate = new();

    public void Add(TimeSpan time)
    {
        lock (gate)
            milliseconds.Add(time.TotalMilliseconds);
    }

    /// <summary>The time within which this share of the calls was answered (nearest rank), in milliseconds.</summary>
    public double Percentile(double share)
    {
        lock (gate)
        {
            if (milliseconds.Count == 0)
                return 0;
            List<double> sorted = [.. milliseconds.Order()];
            return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
        }
    }
}
