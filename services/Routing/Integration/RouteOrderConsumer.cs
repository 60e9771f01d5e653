using MassTransit;
using Oms.Contracts.Routing.V1;
using Oms.Routing.Domain;
using Oms.Routing.Features;
using Oms.Routing.Planning;
using Oms.ServiceDefaults;

namespace Oms.Routing.Integration;

public sealed class RouteOrderConsumer(Pages<RouteOrderAsked> pages) : IConsumer<RouteOrder>
{
    public Task Consume(ConsumeContext<RouteOrder> context) =>
        pages.Add(new(Read(context.Message), Tracing.Current), context.CancellationToken);

    public static RoutingRequest Read(RouteOrder asked)
    {
        // The Order service has checked its orders, so this is a bug: better seen in the _error queue than answered by "no stock".
        if (asked.Lines.Count == 0 || asked.Lines.Any(line => line.Quantity < 1))
            throw new ArgumentException($"Routing {asked.RoutingId} asks for no pieces.", nameof(asked));

        var country = asked.ShipTo.Country;
        return new(
            asked.RoutingId, asked.OrderId, asked.Attempt,
            [.. asked.Lines.Select(line => new Pieces(line.Line, line.Sku, line.Quantity))],
            new(country, asked.ShipTo.Region, PostalCode.Normalize(country, asked.ShipTo.PostalCode)),
            asked.ServiceLevel, asked.ShipComplete,
            [.. asked.ExcludedLocations],
            [.. asked.Shortages.Select(it => new KnownShortage(it.Sku, it.LocationId, it.Available))]);
    }
}
