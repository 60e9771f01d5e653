using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

public static class GetReservation
{
    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/reservations/{id:guid}", Handle)
        .WithName("GetReservation").Access(Scopes.InventoryRead).Versioned().WithSummary("What an order holds, and what became of it.");

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Handle(Guid id, HttpContext context, IQuerySession session, CancellationToken token)
    {
        if (await session.LoadAsync<Reservation>(Reservation.Key(id), token) is not { } reservation)
            return Problems.From(InventoryRefusals.ReservationNotFound(id));
        context.SetETag(reservation.Version);
        return TypedResults.Ok(new View(
            reservation.ReservationId, reservation.OrderId, reservation.Status, reservation.Reason, reservation.Lines, reservation.Shortages, reservation.Version));
    }

    /// <param name="Reason">Why it was rejected or forestalled.</param>
    public sealed record View(
        Guid Id, Guid OrderId, ReservationStatus Status, string? Reason, IReadOnlyList<ReservedLine> Lines, IReadOnlyList<StockShortage> Shortages, int Version);
}
