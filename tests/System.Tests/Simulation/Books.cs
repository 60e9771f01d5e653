namespace Oms.SystemTests.Simulation;

/// <summary>What really stands on the shelves, whatever any service believes.</summary>
internal sealed class Books
{
    private readonly Dictionary<(string Location, string Sku), int> shelves = [];

    public IReadOnlyDictionary<(string Location, string Sku), int> Shelves => shelves;

    public void Came(string location, string sku, int pieces) => shelves[(location, sku)] = shelves.GetValueOrDefault((location, sku)) + pieces;

    /// <summary>Nobody can pack what is not there.</summary>
    public void Left(string location, string sku, int pieces)
    {
        Came(location, sku, -pieces);
        if (shelves[(location, sku)] < 0)
            throw new InvalidOperationException($"Oversold: {-shelves[(location, sku)]} {sku} too many have left {location}.");
    }
}
