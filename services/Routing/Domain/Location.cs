using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Routing.Domain;

/// <summary>What kind of place ships from a location.</summary>
public static class LocationTypes
{
    public static readonly ImmutableArray<string> All = ["warehouse", "store", "third_party", "drop_ship"];
}

/// <param name="CutOff">Until when, in the location's own time, an order still leaves today.</param>
/// <param name="CapacityPerDay">How many orders may be assigned to it in one of its days; null for any number.</param>
/// <param name="Markets">The markets it serves; none listed: those in which its address lies.</param>
/// <param name="Priority">1 is first; null comes after all others.</param>
public sealed record LocationDetails(
    string Name, string Type, Address Address, GeoPoint Coordinates, string TimeZone, TimeOnly CutOff, int? CapacityPerDay,
    ImmutableArray<string> Markets, int? Priority, bool Active)
{
    public bool IsSame(LocationDetails other) => this with { Markets = [] } == other with { Markets = [] } && Markets.SequenceEqual(other.Markets);
}

/// <summary>A place that stock ships from.</summary>
public sealed record Location : IFold<Location, ILocationEvent>
{
    /// <summary>The key of its stream.</summary>
    public required string Id { get; init; }

    public int Version { get; init; }

    public required string LocationId { get; init; }

    public required LocationDetails Details { get; init; }

    public static string Key(string locationId) => $"location/{locationId}";

    public static Location After(Location? state, ILocationEvent happened) => (state, happened) switch
    {
        (null, LocationRegistered e) => new() { Id = Key(e.LocationId), LocationId = e.LocationId, Details = e.Details },
        ({ } location, LocationRevised e) => location with { Details = e.Details },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state?.Id ?? "nothing"}."),
    };
}
