using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>How many orders have been assigned to each location in its own day.</summary>
public sealed class LocationLoads
{
    private readonly Dictionary<(string LocationId, DateOnly Day), int> assigned = [];
    private readonly Dictionary<(string LocationId, DateOnly Day), int> added = [];

    /// <summary>What this page has added, in the order in which rows are locked.</summary>
    public IReadOnlyList<(string LocationId, DateOnly Day, int Orders)> Added =>
        [.. added.Select(it => (it.Key.LocationId, it.Key.Day, it.Value)).OrderBy(it => it.Day).ThenBy(it => it.LocationId, StringComparer.Ordinal)];

    public void Set(string locationId, DateOnly day, int orders) => assigned[(locationId, day)] = orders;

    public bool IsFull(Location location, DateTimeOffset now) =>
        location.Details.CapacityPerDay is { } capacity && assigned.GetValueOrDefault((location.LocationId, Day(location, now))) >= capacity;

    /// <summary>Counts an assignment. Only where there is a capacity: a row for every location would make all processes wait for each other.</summary>
    public void Count(Location location, DateTimeOffset now)
    {
        if (location.Details.CapacityPerDay is null)
            return;
        var key = (location.LocationId, Day(location, now));
        assigned[key] = assigned.GetValueOrDefault(key) + 1;
        added[key] = added.GetValueOrDefault(key) + 1;
    }

    private static DateOnly Day(Location location, DateTimeOffset now) => CutOffs.LocalDay(location.Details.TimeZone, now);
}
