namespace Oms.Routing.Planning;

/// <summary>
/// What this process has just planned with and Inventory has not yet answered: until its level moves, or two seconds are over, others
/// do not plan with the same pieces. Only a courtesy that saves rejected reservations; losing it loses nothing.
/// </summary>
public sealed class RecentPlans
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Sku, string LocationId), Promise> promises = [];
    private DateTimeOffset sweptAt;

    private sealed record Promise(long Version, int Quantity, DateTimeOffset Until);

    public int Promised(string sku, string locationId, long version, DateTimeOffset now) =>
        promises.TryGetValue((sku, locationId), out var promise) && promise.Version == version && now < promise.Until ? promise.Quantity : 0;

    /// <summary>Call it once the plans are committed.</summary>
    public void Remember(StockView planned, DateTimeOffset now)
    {
        foreach (var (sku, locationId, level) in planned.Taken())
            promises[(sku, locationId)] = new(level.Version, level.Taken + Promised(sku, locationId, level.Version, now), now + Lifetime);
        if (now - sweptAt < Lifetime)
            return;
        sweptAt = now;
        foreach (var (key, promise) in promises)
            if (promise.Until <= now)
                promises.Remove(key);
    }
}
