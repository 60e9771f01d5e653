using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;

namespace Oms.Bench.Micro;

/// <summary>An order of two lines, from placed to completed.</summary>
internal static class OrderStory
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private const string Location = "newark";
    private const decimal Total = 32.47m;
    private static readonly Guid Id = new("00000000-0000-7000-8000-000000000001");
    private static readonly Guid Customer = new("00000000-0000-7000-8000-000000000002");
    private static readonly Guid Other = new("00000000-0000-7000-8000-000000000003");
    private static readonly Address To = new("US", "Ann Example", "1 Main Street", "New York", "NY", "10001");
    private static readonly ImmutableArray<PlacedLine> Lines =
        [new(1, "MUG-1", "Mug", 2, 9.99m, 0, 0, 19.98m), new(2, "PLATE-1", "Plate", 1, 12.49m, 0, 0, 12.49m)];

    private static readonly ImmutableArray<Pieces> All = [.. Lines.Select(line => new Pieces(line.Line, line.Sku, line.Quantity))];

    public static PlaceOrder Place() => new(
        Id, "#1001", "online_store", "W-1001", new('a', 64), "ann@example.com", "Ann Example", To, "USD", Lines, 0, "standard", ShipComplete: false,
            "tok_visa", Noon,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Noon);

    /// <summary>The facts in the sequence in which the platform tells them.</summary>
    public static IOrderEvent[] Told()
    {
        var place = Place();
        return
        [
            new OrderPlaced(
                Id, place.Number, place.Channel, place.ChannelOrderNumber, place.Fingerprint, Customer, place.CustomerEmail, place.CustomerName, To, "USD",
                    Lines, 0, Total,
                "standard", ShipComplete: false, "tok_visa", Noon, place.TraceParent, Noon),
            new PaymentAuthorizationRequested(Id, Other, Total, "USD", "tok_visa", Noon),
            new PaymentAuthorized(Id, Other, "auth_1", Total, "USD", Noon),
            new RoutingRequested(Id, Other, 1, All, To, "standard", ShipComplete: false, [], [], Noon),
            new OrderRouted(Id, Other, [new(Location, All, Noon)], [], Noon),
            new StockReservationRequested(Id, Other, [.. All.Select(it => new PiecesAt(it.Line, it.Sku, Location, it.Quantity))], Noon),
            new StockReserved(Id, Other, Noon),
            new FulfillmentRequested(Id, place.Number, place.Channel, Other, To, "standard", [new(Other, Location, All, Noon)], Noon),
            new OrderShipped(Id, Other, Other, Location, All, "sandbox", "94001", Noon),
            new PaymentCaptureRequested(Id, Other, Other, "auth_1", Total, "USD", IncludesShipping: true, Noon),
            new OrderFulfilled(Id, [], Noon),
            new PaymentCaptured(Id, Other, Customer, "capture_1", Total, "USD", Noon),
            new OrderDelivered(Id, Other, Noon),
            new OrderCompleted(Id, Customer, Noon),
        ];
    }
}
