using Oms.Kernel;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;

namespace Oms.Shipping.Tests;

/// <summary>A fulfillment order of three mugs and two plates, and what may happen to it.</summary>
internal static class Given
{
    public static readonly Guid Id = new("0198a000-0000-7000-8000-000000000001");
    public static readonly Guid Order = new("0198a000-0000-7000-8000-000000000002");
    public static readonly Guid Reservation = new("0198a000-0000-7000-8000-000000000003");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static readonly Address Ann = new("US", "Ann Example", "1 Main St", "New York", "NY", "10001");
    public static readonly Pieces[] All = [new(1, "MUG", 3), new(2, "PLATE", 2)];
    public static readonly Pieces[] AMug = [new(1, "MUG", 1)];

    public static readonly CreateFulfillmentOrder Create = new(
        Id, Order, "#1001", "web", Reservation, "nyc", [.. All], Ann, "standard", Noon.AddDays(1), Noon, Trace);

    public static FulfillmentOrderCreated Created => new(
        Id, Order, "#1001", "web", Reservation, "nyc", [.. All], Ann, "standard", Noon.AddDays(1), Noon, Trace);

    public static FulfillmentOrderCanceledBeforeCreation DoorShut => new(Id, Order, "customer", Noon, Trace);

    public static FulfillmentOrderAccepted Accepted => new(Id, Order, Noon);

    public static FulfillmentOrderHeld Held(string reason = "awaiting_payment") => new(Id, Order, reason, null, Noon);

    public static FulfillmentOrderHoldReleased Released(string reason = "awaiting_payment") => new(Id, Order, reason, Noon);

    public static PiecesPicked Picked(params Pieces[] lines) => new(Id, Order, [.. lines], Noon);

    public static PiecesPacked Packed(int? grams = null, params Pieces[] lines) => new(Id, Order, [.. lines], grams, Noon);

    /// <summary>Left without having been picked or packed before.</summary>
    public static PiecesShipped Shipped(int parcel, bool closed, params Pieces[] lines) => new(
        Id, Order, ShipmentId(parcel), [.. lines.Select(it => new ShippedPieces(it.Line, it.Sku, it.Quantity, it.Quantity, it.Quantity))], null, closed, Noon);

    public static FulfillmentOrderRejected Rejected(params Pieces[] lines) => new(Id, Order, "nyc", Reservation, [.. lines], "damaged", Noon);

    public static FulfillmentOrderCanceled Canceled(params Pieces[] lines) => new(Id, Order, "nyc", Reservation, [.. lines], "customer", Noon);

    public static Pieces[] AllButAMug => [new(1, "MUG", 2), new(2, "PLATE", 2)];

    public static Guid ShipmentId(int parcel) => Ids.Derive("shipment", $"{Id:N}", $"{parcel}");

    public static AcceptFulfillmentOrder Accept => new(Id, Noon);

    public static RejectFulfillmentOrder Reject => new(Id, "damaged", Noon);

    public static CancelFulfillmentOrder Cancel => new(Id, Order, "customer", Noon, Trace);

    public static PickPieces Pick(params LineCount[] lines) => new(Id, lines.Length == 0 ? null : [.. lines], Noon);

    public static PackPieces Pack(int? grams = null, params LineCount[] lines) => new(Id, lines.Length == 0 ? null : [.. lines], grams, Noon);

    public static ShipPieces Ship(params LineCount[] lines) => new(Id, lines.Length == 0 ? null : [.. lines], Noon);

    public static ShipmentDispatched Dispatched => new(
        ShipmentId(0), Id, Order, "#1001", "nyc", Reservation, [.. All], Ann, 700, SandboxCarrier.Up, "Sandbox Ground", "9400000000000000000000", "SBX-1",
            true, Noon, Trace);
}
