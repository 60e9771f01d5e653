namespace Oms.Contracts.Routing.V1;

/// <summary>What a location had left of a SKU when a reservation there was rejected: fresher than the routing's own view.</summary>
public sealed record Shortage(string Sku, string LocationId, int Available);

/// <summary>Asks where these pieces should ship from. Answered by <see cref="OrderRouted"/> or <see cref="OrderUnroutable"/>, once per RoutingId.</summary>
/// <param name="ServiceLevel">standard, expedited, express or same_day.</param>
/// <param name="ShipComplete">Nothing ships unless everything can.</param>
/// <param name="ExcludedLocations">Locations that have already said no to this order.</param>
[Command]
public sealed record RouteOrder(
    Guid RoutingId, Guid OrderId, int Attempt, IReadOnlyList<LineQuantity> Lines, PostalAddress ShipTo, string ServiceLevel, bool ShipComplete,
    IReadOnlyList<string> ExcludedLocations, IReadOnlyList<Shortage> Shortages, DateTimeOffset RequestedAt);

/// <param name="ShipBy">When the parcel should leave, from the location's cut-off in its own time zone.</param>
public sealed record RoutedAssignment(string LocationId, IReadOnlyList<LineQuantity> Lines, DateTimeOffset ShipBy);

/// <param name="Unfillable">What could not be placed anywhere; empty when everything was.</param>
public sealed record OrderRouted(
    Guid RoutingId, Guid OrderId, IReadOnlyList<RoutedAssignment> Assignments, IReadOnlyList<LineQuantity> Unfillable, DateTimeOffset RoutedAt);

public sealed record OrderUnroutable(Guid RoutingId, Guid OrderId, string Reason, IReadOnlyList<LineQuantity> Unfillable, DateTimeOffset DecidedAt);

/// <summary>A location exists, or has changed. Stock may be kept there.</summary>
public sealed record LocationRegistered(string LocationId, string Name, string Type, bool Active, DateTimeOffset RegisteredAt);
