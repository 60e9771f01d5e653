using System.Diagnostics.CodeAnalysis;
using Oms.Kernel;

namespace Oms.Shipping.Domain;

/// <summary>Every "no" of this service.</summary>
public static class ShippingRefusals
{
    /// <summary>Whether a location may pick, pack and ship: only what it has accepted, what nobody holds and what has not ended.</summary>
    public static bool MayBeWorkedOn([NotNullWhen(true)] this FulfillmentOrder? it, Guid id, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = !it.MayBeChanged(id, out var ended) ? ended
            : it.Status == FulfillmentOrderStatus.OnHold ? OnHold(it)
            : !it.WasAccepted() ? NotAccepted(it)
            : null;
        return refusal is null;
    }

    /// <summary>Whether it has not ended; if it has, the refusal tells how.</summary>
    public static bool MayBeChanged([NotNullWhen(true)] this FulfillmentOrder? it, Guid id, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = it switch
        {
            null or { CreatedAt: null } => NotFound(id),
            _ when it.IsLive() => null,
            _ when it.WasRejected() => Rejected(it),
            _ when it.WasCanceled() => Canceled(it),
            _ => Closed(it),
        };
        return refusal is null;
    }

    public static Refusal NotFound(Guid id) => Refusal.NotFound("fulfillment-order-not-found", $"There is no fulfillment order {id}.");

    public static Refusal ShipmentNotFound(Guid id) => Refusal.NotFound("shipment-not-found", $"There is no shipment {id}.");

    public static Refusal NotAccepted(FulfillmentOrder it) => Refusal.Conflict(
        "fulfillment-order-not-accepted", $"Fulfillment order {it.Id} has to be accepted by {it.LocationId} first.");

    public static Refusal OnHold(FulfillmentOrder it) => Refusal.Conflict(
        "fulfillment-order-on-hold", $"Fulfillment order {it.Id} is on hold for {string.Join(" and ", it.Holds.Select(hold => hold.Reason))}.");

    public static Refusal Rejected(FulfillmentOrder it) => Refusal.Conflict(
        "fulfillment-order-rejected", $"{it.LocationId} has rejected {it.Lines.Sum(line => line.Rejected)} pieces of fulfillment order {it.Id}.");

    public static Refusal Canceled(FulfillmentOrder it) => Refusal.Conflict(
        "fulfillment-order-canceled", $"{it.Lines.Sum(line => line.Canceled)} pieces of fulfillment order {it.Id} have been canceled; nothing else is left.");

    public static Refusal Closed(FulfillmentOrder it) => Refusal.Conflict(
        "fulfillment-order-closed", $"All pieces of fulfillment order {it.Id} have left.");

    public static Refusal TooManyHolds(FulfillmentOrder it) => Refusal.Conflict(
        "too-many-holds", $"Fulfillment order {it.Id} is on hold for {it.Holds.Length} reasons already.");

    public static Refusal NothingPicked(FulfillmentOrder it) => Refusal.Conflict(
        "nothing-to-pack", $"Nothing of fulfillment order {it.Id} has been picked yet.");

    public static Refusal UnknownLine(int line) => Refusal.Invalid("unknown-line", $"There is no line {line}.");

    public static Refusal PicksTooMany(int line, int wanted, int left, int ordered) => Refusal.Conflict(
        "pick-exceeds-ordered", $"{wanted} more pieces of line {line} are said to be picked; of {ordered} ordered {left} are left to pick.");

    public static Refusal PacksTooMany(int line, int wanted, int left, int picked) => Refusal.Conflict(
        "pack-exceeds-picked", $"{wanted} more pieces of line {line} are said to be packed; of {picked} picked {left} are left to pack.");

    public static Refusal ShipsTooMany(int line, int wanted, int left, int ordered) => Refusal.Conflict(
        "ship-exceeds-ordered", $"{wanted} more pieces of line {line} are to be shipped; of {ordered} ordered {left} are left to ship.");

    public static Refusal TooManyTrackingEvents(Shipment it, int max) => Refusal.Conflict(
        "too-many-tracking-events", $"{max} events of {it.TrackingNumber} are recorded already.");
}
