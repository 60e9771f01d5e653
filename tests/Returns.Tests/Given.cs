using Oms.Returns.Domain;
using Oms.Returns.Features;

namespace Oms.Returns.Tests;

/// <summary>An order of three mugs and two plates, and what may happen to it.</summary>
internal static class Given
{
    public static readonly Guid Order = new("0198a000-0000-7000-8000-000000000001");
    public static readonly Guid ReturnId = new("0198a000-0000-7000-8000-000000000002");
    public static readonly Guid Shipment = new("0198a000-0000-7000-8000-000000000003");
    public static readonly Guid Transaction = new("0198a000-0000-7000-8000-000000000004");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static OrderRecorded ItWasPlaced => new(Order, "#1001", "EUR", [new(1, "MUG", 3, 30m), new(2, "PLATE", 2, 18m)], Noon, Trace);

    public static DeliveryRecorded ItWasDelivered => Delivered(Shipment, (1, "MUG", 3), (2, "PLATE", 2));

    public static DeliveryRecorded Delivered(Guid shipment, params (int Line, string Sku, int Quantity)[] lines) =>
        new(Order, shipment, [.. lines.Select(line => new DeliveredLine(line.Line, line.Sku, line.Quantity))], Noon, Trace);

    public static PiecesClaimed Claimed(params (int Line, int Quantity)[] lines) =>
        new(Order, ReturnId, [.. lines.Select(line => new ClaimedLine(line.Line, line.Quantity))], Noon);

    public static ClaimReleased Released(params (int Line, int Quantity)[] lines) =>
        new(Order, ReturnId, [.. lines.Select(line => new ClaimedLine(line.Line, line.Quantity))], Noon);

    public static RequestReturn Request(params (int Line, int Quantity)[] lines) => new(
        ReturnId, Order, [.. lines.Select(line => new RequestReturn.Line(line.Line, line.Quantity, null))], "too small", null, Noon);

    public static ReturnRequested ItWasRequested => new(
        ReturnId, "RMA-1001", Order, "EUR", [new(1, "MUG", 2, "too small"), new(2, "PLATE", 1, "broken")], "too small", null, Noon, Trace);

    public static ReturnApproved ItWasApproved => new(ReturnId, Order, Noon);

    public static ReturnDeclined ItWasDeclined => new(ReturnId, Order, "too late", Noon);

    public static ReturnCanceled ItWasCanceled => new(ReturnId, Order, Noon);

    public static ReceiveReturn Receive(params (int Line, int Quantity, Disposition Disposition)[] lines) =>
        new(ReturnId, "nyc", [.. lines.Select(line => new ReceiveReturn.Line(line.Line, line.Quantity, line.Disposition))], Noon);

    /// <summary>Requested, approved, received, asked for: restock of both lines and the refund.</summary>
    public static IReturnEvent[] EverythingIsAskedFor =>
    [
        ItWasRequested, ItWasApproved,
        new ReturnReceived(ReturnId, Order, "nyc", [new(1, "MUG", 2, Disposition.Restocked), new(2, "PLATE", 1, Disposition.Damaged)], Noon),
        new RestockRequested(ReturnId, Order, "nyc", [new(1, "MUG", 2, "available"), new(2, "PLATE", 1, "damaged")], Noon),
        new RefundRequested(ReturnId, Order, [new(1, "MUG", 2), new(2, "PLATE", 1)], "too small", Noon),
    ];

    public static ReturnRestocked ItWasRestocked => new(ReturnId, Order, Noon);

    public static ReturnRefunded ItWasRefunded => new(ReturnId, Order, Transaction, 29m, "EUR", Noon);

    public static ReturnRefundRejected ItsRefundWasRejected => new(ReturnId, Order, "no capture", Noon);

    public static ReturnClosed Closed(decimal refunded) => new(ReturnId, Order, refunded, "EUR", Noon);
}
