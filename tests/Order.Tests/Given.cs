using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Features;
using Oms.Orders.Payments;

namespace Oms.Orders.Tests;

/// <summary>An order of three mugs (10.00 for all three) and two plates (18.00), with 5.00 for shipping, and what may happen to it.</summary>
internal static class Given
{
    public static readonly Guid Order = new("0198a000-0000-7000-8000-000000000001");
    public static readonly Guid Authorization = Ids.Derive("authorization", $"{Order:N}");
    public static readonly Guid Reservation = new("0198a000-0000-7000-8000-000000000002");
    public static readonly Guid Chicago = new("0198a000-0000-7000-8000-000000000003");
    public static readonly Guid Parcel = new("0198a000-0000-7000-8000-000000000004");
    public static readonly Guid SecondParcel = new("0198a000-0000-7000-8000-000000000005");
    public static readonly Guid Backorder = new("0198a000-0000-7000-8000-000000000006");
    public static readonly Guid Return = new("0198a000-0000-7000-8000-000000000007");
    public static readonly Guid Refund = new("0198a000-0000-7000-8000-000000000008");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    public const string Reference = "auth_1";

    public static Address Home => new("US", "Ada Lovelace", "12 Main St", "Springfield", "IL", "62701");

    public static PlacedLine Mugs => new(1, "MUG", "Mug", 3, 4m, 2.50m, 0.50m, 10m);

    public static PlacedLine Plates => new(2, "PLATE", "Plate", 2, 9m, 0, 0, 18m);

    public static readonly ImmutableArray<PlacedLine> Lines = [Mugs, Plates];

    public static PlaceOrder Place => new(
        Order, "#1001", "web", "W-1", "fingerprint", "ada@example.com", "Ada Lovelace", Home, "USD", Lines, 5m, "standard", false, "tok_visa", Noon,
        Trace, Noon);

    public static OrderPlaced ItWasPlaced => new(
        Order, "#1001", "web", "W-1", "fingerprint", Ids.Derive("customer", "ada@example.com"), "ada@example.com", "Ada Lovelace", Home, "USD",
        Lines, 5m, 33m, "standard", false, "tok_visa", Noon, Trace, Noon);

    public static PaymentAuthorizationRequested PaymentWasAskedFor => new(Order, Authorization, 33m, "USD", "tok_visa", Noon);

    public static PaymentAuthorized ItWasPaid => new(Order, Authorization, Reference, 33m, "USD", Noon);

    public static OrderHeld ItWasHeld(string reason = "review") => new(Order, reason, null, Noon);

    public static OrderHoldReleased ItWasReleased(string reason = "review", bool last = true) => new(Order, reason, last, Noon);

    public static OrderCancellationRequested CancellationWasAskedFor => new(Order, "changed my mind", Noon);

    public static OrderLinesCanceled AllLinesWereCanceled => new(Order, [new(1, "MUG", 3), new(2, "PLATE", 2)], Noon);

    public static OrderCanceled ItWasCanceled => new(Order, ItWasPlaced.CustomerId, "changed my mind", Noon);

    public static FulfillmentRequested EverythingWasAllocated => new(
        Order, "#1001", "web", Reservation, Home, "standard", [new(Chicago, "chicago", [new(1, "MUG", 3), new(2, "PLATE", 2)], Noon)], Noon);

    public static OrderShipped Sent(Guid parcel, params Pieces[] pieces) => new(Order, parcel, Chicago, "chicago", [.. pieces], "ups", "1Z", Noon);

    public static OrderDelivered Arrived(Guid parcel) => new(Order, parcel, Noon);

    public static PaymentCaptureRequested CaptureWasAskedFor(Guid parcel, decimal amount) =>
        new(Order, Capture(parcel), parcel, Reference, amount, "USD", false, Noon);

    public static PaymentCaptured Captured(Guid parcel, decimal amount) => new(Order, Capture(parcel), ItWasPlaced.CustomerId, "capture_1", amount, "USD", Noon);

    public static Guid Capture(Guid parcel) => Ids.Derive("capture", $"{parcel:N}");

    public static PaymentResult Approved => PaymentResult.Done(Reference);

    public static PaymentResult Refused => PaymentResult.Declined("card_declined");

    public static IOrderEvent[] Paid => [ItWasPlaced, PaymentWasAskedFor, ItWasPaid];

    /// <summary>All of it left in one parcel, whose money is asked for.</summary>
    public static IOrderEvent[] Shipped =>
    [
        .. Paid, EverythingWasAllocated, Sent(Parcel, new(1, "MUG", 3), new Pieces(2, "PLATE", 2)), CaptureWasAskedFor(Parcel, 33m),
    ];

    public static IOrderEvent[] Delivered => [.. Shipped, Captured(Parcel, 33m), Arrived(Parcel)];

    /// <summary>The mugs have left; the plates wait for stock.</summary>
    public static IOrderEvent[] HalfShipped =>
    [
        .. Paid, new OrderBackordered(Order, [new(2, "PLATE", 2)], Noon), new BackorderRequested(Order, Backorder, 1, [new(2, "PLATE", 2)], Noon, Noon),
        new FulfillmentRequested(Order, "#1001", "web", Reservation, Home, "standard", [new(Chicago, "chicago", [new(1, "MUG", 3)], Noon)], Noon),
        Sent(Parcel, new Pieces(1, "MUG", 3)), CaptureWasAskedFor(Parcel, 15m),
    ];
}
