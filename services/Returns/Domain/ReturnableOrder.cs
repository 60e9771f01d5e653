using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Oms.Kernel;

namespace Oms.Returns.Domain;

/// <summary>
/// What of an order may come back: delivered pieces that no return has claimed. The claims stand here, and not in the returns, so
/// that two returns that want the same piece meet in one stream.
/// </summary>
public sealed record ReturnableOrder(Guid Id, string? TraceParent) : IFold<ReturnableOrder, IReturnableOrderEvent>, ITraced, IOwned
{
    public int Version { get; init; }

    /// <summary>Null until the order itself is known: a delivery can be heard of first.</summary>
    public string? Number { get; init; }

    public string? Currency { get; init; }

    /// <summary>Null also for an order that was placed before this was written down.</summary>
    public string? Channel { get; init; }

    string? IOwned.OwnedByChannel => Channel;

    string? IOwned.OwnedByLocation => null;

    public ImmutableSortedDictionary<int, ReturnableLine> Lines { get; init; } = ImmutableSortedDictionary<int, ReturnableLine>.Empty;

    /// <summary>The deliveries that are counted already.</summary>
    public ImmutableArray<Guid> Shipments { get; init; } = [];

    public static ReturnableOrder After(ReturnableOrder? state, IReturnableOrderEvent happened) => (state, happened) switch
    {
        (null or { Number: null }, OrderRecorded e) => Recorded(state ?? new(e.OrderId, e.TraceParent), e),
        (_, DeliveryRecorded e) when state is null || !state.Shipments.Contains(e.ShipmentId) => Delivered(state ?? new(e.OrderId, e.TraceParent), e),
        ({ } order, PiecesClaimed e) => order.Claim(e.Lines, sign: 1),
        ({ } order, ClaimReleased e) => order.Claim(e.Lines, sign: -1),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow version {state?.Version ?? 0} of {state?.Id}."),
    };

    private static ReturnableOrder Recorded(ReturnableOrder order, OrderRecorded e) => order with
    {
        Number = e.Number,
        Currency = e.Currency,
        Channel = e.Channel,
        TraceParent = e.TraceParent ?? order.TraceParent,
        Lines = order.Lines.SetItems(e.Lines.Select(line => KeyValuePair.Create(
            line.Line, order.Lines.GetValueOrDefault(line.Line, new(line.Sku, 0, 0))))),
    };

    private static ReturnableOrder Delivered(ReturnableOrder order, DeliveryRecorded e)
    {
        var lines = order.Lines;
        foreach (var delivered in e.Lines)
        {
            var line = lines.GetValueOrDefault(delivered.Line, new(delivered.Sku, 0, 0));
            lines = lines.SetItem(delivered.Line, line with { Delivered = line.Delivered + delivered.Quantity });
        }
        return order with { Lines = lines, Shipments = order.Shipments.Add(e.ShipmentId) };
    }

    private ReturnableOrder Claim(ImmutableArray<ClaimedLine> claimed, int sign)
    {
        var lines = Lines;
        foreach (var claim in claimed)
        {
            var line = lines[claim.Line];
            var after = line with { Claimed = line.Claimed + sign * claim.Quantity };
            if (after.Claimed < 0 || after.Left < 0)
                throw new InvalidOperationException($"Line {claim.Line} of order {Id} cannot have {after.Claimed} of {line.Delivered} pieces claimed.");
            lines = lines.SetItem(claim.Line, after);
        }
        return this with { Lines = lines };
    }
}

/// <param name="Claimed">Pieces that a return has: requested, approved, or back already.</param>
public sealed record ReturnableLine(string Sku, int Delivered, int Claimed)
{
    [JsonIgnore]
    public int Left => Delivered - Claimed;
}
