namespace Oms.Faults;

/// <summary>The time of day of this service, moved while it runs; how fast time passes is not touched.</summary>
internal sealed class ShiftedClock(FaultFolder faults) : TimeProvider
{
    private const int LookEveryMilliseconds = 50;

    private readonly Lock gate = new();
    private TimeSpan offset;
    private long lookedAt = -LookEveryMilliseconds;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            var now = Environment.TickCount64;
            if (now - lookedAt >= LookEveryMilliseconds)
                (lookedAt, offset) = (now, faults.ClockOffset());
            return System.GetUtcNow() + offset;
        }
    }
}
