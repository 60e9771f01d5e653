using JasperFx.Events;
using Oms.Contracts;
using Oms.Routing.Domain;
using V1 = Oms.Contracts.Routing.V1;

namespace Oms.Routing.Integration;

public static class RoutingPublishedLanguage
{
    /// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
    public static object? Translate(IEvent happened) => happened.Data switch
    {
        LocationRegistered e => Location(e.LocationId, e.Details, e.RegisteredAt),
        LocationRevised e => Location(e.LocationId, e.Details, e.RevisedAt),
        OrderRouted e => new V1.OrderRouted(
            e.RoutingId, e.OrderId, [.. e.Assignments.Select(it => new V1.RoutedAssignment(it.LocationId, Lines(it.Lines), it.ShipBy))],
            Lines(e.Unfillable), e.RoutedAt),
        OrderUnroutable e => new V1.OrderUnroutable(e.RoutingId, e.OrderId, e.Reason, Lines(e.Unfillable), e.DecidedAt),
        _ => null,
    };

    private static V1.LocationRegistered Location(string id, LocationDetails details, DateTimeOffset at) =>
        new(id, details.Name, details.Type, details.Active, at);

    private static IReadOnlyList<LineQuantity> Lines(IEnumerable<Pieces> pieces) => [.. pieces.Select(it => new LineQuantity(it.Line, it.Sku, it.Quantity))];
}
