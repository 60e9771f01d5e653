using Oms.Kernel;
using Oms.ServiceDefaults;
using Oms.Shipping.Domain;

namespace Oms.Shipping.Features;

/// <summary>A fulfillment order as the API shows it.</summary>
public sealed record FulfillmentOrderView(
    Guid Id, Guid OrderId, string OrderNumber, string Channel, string LocationId, FulfillmentOrderStatus Status, RequestStatus RequestStatus,
    DateTimeOffset ShipBy, Address? ShipTo, string ServiceLevel, IReadOnlyList<FulfillmentOrderView.LineView> Lines,
    IReadOnlyList<FulfillmentOrderView.HoldView> Holds, IReadOnlyList<Guid> Shipments, DateTimeOffset CreatedAt, long Version)
{
    public sealed record LineView(int Line, string Sku, int Quantity, int Picked, int Packed, int Shipped, int Canceled, int Rejected);

    public sealed record HoldView(string Reason, string? Note, DateTimeOffset HeldAt);

    public static FulfillmentOrderView Of(FulfillmentOrder it, long version) => new(
        it.Id, it.OrderId, it.OrderNumber, it.Channel, it.LocationId, it.Status, it.RequestStatus, it.ShipBy, it.ShipTo, it.ServiceLevel,
        [.. it.Lines.Select(line => new LineView(
            line.Line, line.Sku, line.Quantity, line.Picked, line.Packed, line.Shipped, line.Canceled, line.Rejected))],
        [.. it.Holds.Select(hold => new HoldView(hold.Reason, hold.Note, hold.HeldAt))], it.Shipments, it.CreatedAt!.Value, version);
}

internal static class FulfillmentOrderWrites
{
    /// <summary>Changes one fulfillment order, if it is the caller's, and answers it as it is then.</summary>
    public static Task<IResult> Change(
        this Writes writes, Guid id, Func<FulfillmentOrder?, Decision<IFulfillmentOrderEvent>> decide, HttpContext http, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var decided = await session.Decide(id, decide, token, http.Precondition(), Caller.Of(http.User));
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            return TypedResults.Ok(FulfillmentOrderView.Of(decided.State!, decided.Version));
        }, token);
}
