using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Routing.Domain;

namespace Oms.Routing.Planning;

/// <summary>What a location turned out to have when a reservation there was rejected.</summary>
public sealed record KnownShortage(string Sku, string LocationId, int Available);

/// <param name="PostalCode">In its normal form; null when it cannot be one.</param>
public sealed record ShipTo(string Country, string? Region, string? PostalCode);

public sealed record RoutingRequest(
    Guid RoutingId, Guid OrderId, int Attempt, ImmutableArray<Pieces> Lines, ShipTo ShipTo, string ServiceLevel, bool ShipComplete,
    ImmutableArray<string> ExcludedLocations, ImmutableArray<KnownShortage> Shortages);

/// <summary>All that a decision looks at besides the request. Together they determine it completely.</summary>
public sealed record Surroundings(Network Network, StockView Stock, LocationLoads Loads, GeoPoint? Destination, DateTimeOffset Now);
