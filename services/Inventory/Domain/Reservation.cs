using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Inventory.Domain;

public enum ReservationStatus
{
    /// <summary>Something is held.</summary>
    Reserved,

    /// <summary>It was held, and all of it was shipped or given back.</summary>
    Closed,

    Rejected,

    /// <summary>Released before it was made.</summary>
    Forestalled,
}

public sealed record ReservedLine(int Line, string Sku, string LocationId, int Quantity, int Released = 0, int Shipped = 0)
{
    /// <summary>What of it counts as committed at the location.</summary>
    public int Held => Quantity - Released - Shipped;

    public bool IsOf(StockLine line) => (Line, Sku, LocationId) == (line.Line, line.Sku, line.LocationId);
}

/// <summary>What an order holds, at all locations together. It owns the outcome: a repeated command is recognized here.</summary>
public sealed record Reservation(
    string Id, Guid ReservationId, Guid OrderId, ReservationStatus Status, ImmutableArray<ReservedLine> Lines, string? Reason,
    ImmutableArray<StockShortage> Shortages, ImmutableArray<Guid> Releases, ImmutableArray<Guid> Shipments, string? TraceParent)
    : IFold<Reservation, IReservationEvent>, ITraced
{
    public int Version { get; init; }

    public static string Key(Guid id) => $"reservation/{id:N}";

    /// <summary>The only place where an event changes a reservation.</summary>
    public static Reservation After(Reservation? reservation, IReservationEvent happened) => (reservation, happened) switch
    {
        (null, StockReserved e) => Begin(e, ReservationStatus.Reserved, e.TraceParent) with
        {
            Lines = [.. e.Lines.Select(line => new ReservedLine(line.Line, line.Sku, line.LocationId, line.Quantity))],
        },
        (null or { Status: ReservationStatus.Forestalled }, StockReservationRejected e) =>
            (reservation ?? Begin(e, ReservationStatus.Rejected, e.TraceParent)) with
            {
                Status = ReservationStatus.Rejected, Reason = e.Reason, Shortages = [.. e.Shortages],
            },
        (null, StockReservationForestalled e) => Begin(e, ReservationStatus.Forestalled, e.TraceParent) with { Reason = e.Reason, Releases = [e.ReleaseId] },
        ({ } r, StockReleased e) => (r with { Releases = r.Releases.Add(e.ReleaseId) })
            .WithLines(e.Lines, (line, quantity) => line with { Released = line.Released + quantity }),
        ({ } r, StockConsumed e) => (r with { Shipments = r.Shipments.Add(e.ShipmentId) })
            .WithLines(e.Lines, (line, quantity) => line with { Shipped = line.Shipped + quantity }),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {reservation?.Status.ToString() ?? "nothing"}."),
    };

    private static Reservation Begin(IReservationEvent e, ReservationStatus status, string? traceParent) =>
        new(Key(e.ReservationId), e.ReservationId, e.OrderId, status, [], null, [], [], [], traceParent);

    private Reservation WithLines(IReadOnlyList<StockLine> changes, Func<ReservedLine, int, ReservedLine> change)
    {
        var lines = Lines.ToBuilder();
        foreach (var changed in changes)
        {
            var index = Lines.FindIndex(line => line.IsOf(changed));
            lines[index] = change(lines[index], changed.Quantity);
            if (lines[index].Held < 0)
                throw new InvalidOperationException($"Line {changed.Line} of {Id} at {changed.LocationId} would hold {lines[index].Held}.");
        }
        var after = this with { Lines = lines.ToImmutable() };
        return Status == ReservationStatus.Reserved && after.Lines.All(line => line.Held == 0) ? after with { Status = ReservationStatus.Closed } : after;
    }
}

internal static class ImmutableArrays
{
    public static int FindIndex<T>(this ImmutableArray<T> items, Predicate<T> match) => Array.FindIndex([.. items], match);
}
