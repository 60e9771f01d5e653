using System.Runtime.InteropServices;

namespace Oms.Bench.Measuring;

/// <summary>Every latency that was measured, so that percentiles are exact.</summary>
internal sealed class Latencies
{
    private readonly List<double> milliseconds = [];
    private bool isSorted;

    public int Count => milliseconds.Count;

    public void Add(double value)
    {
        milliseconds.Add(value);
        isSorted = false;
    }

    public void Add(TimeSpan latency) => Add(latency.TotalMilliseconds);

    public void AddAll(Latencies others)
    {
        milliseconds.AddRange(others.milliseconds);
        isSorted = false;
    }

    /// <summary>The smallest value that at least this share of all are not above (nearest rank); null when there is none.</summary>
    public double? Percentile(double percent)
    {
        if (Count == 0)
            return null;
        if (!isSorted)
            CollectionsMarshal.AsSpan(milliseconds).Sort();
        isSorted = true;
        return milliseconds[Math.Clamp((int)Math.Ceiling(percent / 100 * Count) - 1, 0, Count - 1)];
    }
}
