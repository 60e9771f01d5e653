namespace Oms.Routing.Planning;

/// <summary>
/// What Inventory said last, less what has been planned since. A view to plan by, never a promise: Inventory decides.
/// </summary>
public sealed class StockView
{
    private static readonly Dictionary<string, Level> Nothing = [];

    private readonly Dictionary<string, Dictionary<string, Level>> levels = new(StringComparer.Ordinal);

    /// <param name="promised">Planned for others a moment ago, and not yet to be seen in <paramref name="available"/>.</param>
    public void Add(string sku, string locationId, int available, long version, int promised = 0)
    {
        if (!levels.TryGetValue(sku, out var byLocation))
            levels[sku] = byLocation = new(StringComparer.Ordinal);
        byLocation[locationId] = new(version, available, promised);
    }

    /// <summary>The levels of one SKU by location.</summary>
    public IReadOnlyDictionary<string, Level> Of(string sku) => levels.GetValueOrDefault(sku, Nothing);

    /// <summary>Later decisions of the same page do not plan the same pieces again.</summary>
    public void Take(string sku, string locationId, int quantity)
    {
        if (levels.TryGetValue(sku, out var byLocation) && byLocation.TryGetValue(locationId, out var level))
            level.Taken += quantity;
    }

    /// <summary>What this page has taken, by the version of the level that it was taken from.</summary>
    public IEnumerable<(string Sku, string LocationId, Level Level)> Taken() =>
        from sku in levels
        from level in sku.Value
        where level.Value.Taken > 0
        select (sku.Key, level.Key, level.Value);

    public sealed class Level(long version, int available, int promised)
    {
        public long Version { get; } = version;

        public int Taken { get; internal set; }

        /// <summary>
        /// What an order may plan with. One that asks again sees the level as it is: what its first plan took may still be
        /// counted as promised, and would send it to the backorder queue next to a full shelf.
        /// </summary>
        public int For(bool firstAttempt) => Math.Max(0, available - Taken - (firstAttempt ? promised : 0));
    }
}
