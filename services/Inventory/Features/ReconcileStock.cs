using Marten;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>
/// Compares what is shown with what happened, in one snapshot of the database, so that it can run while everybody works. A level's counts are added up again from
/// its events alone; what levels call committed is compared with what reservations hold.
/// </summary>
public static class ReconcileStock
{
    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/reconciliation", Handle)
        .WithName("ReconcileInventory")
        .Access(Scopes.ReconciliationRead)
        .WithSummary("Checks every level against its movements and every commitment against the reservations.");

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<Report>> Handle(IDocumentStore store, CancellationToken token)
    {
        var findings = new Findings();
        var count = new Counted();
        Ledger ledger = new();
        await Reconciliation.Of(store, findings, new() { OnPage = CheckPage, OnFact = CheckMovement }, token);
        ledger.Compare(findings);
        return TypedResults.Ok(new Report(
            findings.Checks, findings.Differences, findings.DifferencesFound, count.Levels, count.Movements, count.Reservations));

        Task CheckPage(IQuerySession session, CheckedPage page)
        {
            var levels = page.Of<InventoryLevel>().Select(it => it.Folded).ToList();
            count.Levels += levels.Count;
            foreach (var level in levels)
            {
                findings.Expect("on_hand_is_sum_of_states", level.Id, true, level.Counts.AddsUp());
                findings.Expect("nothing_negative", level.Id, false, level.Counts.IsNegativeSomewhere());
                ledger.Committed(level.Id, level.Counts.Committed);
            }
            foreach (var (reservation, _) in page.Of<Reservation>().Where(it => it.Folded.Status == ReservationStatus.Reserved))
            {
                count.Reservations++;
                foreach (var line in reservation.Lines)
                    ledger.Held(InventoryLevel.Key(line.LocationId, line.Sku), line.Held);
            }
            return Task.CompletedTask;
        }

        void CheckMovement(object stream, long version, object fact)
        {
            if (fact is not IInventoryLevelEvent movement)
                return;
            count.Movements++;
            findings.Expect("counts_after_movement", $"{stream}@{version}", ledger.CountsAfter((string)stream, version, movement), movement.After);
        }
    }

    /// <summary>What is committed by level, from both sides. It knows levels, of which there are as many as there are shelves, and no reservation.</summary>
    private sealed class Ledger
    {
        private readonly Dictionary<string, (long Committed, long Held, bool Exists)> levels = [];
        private StockCounts counts = StockCounts.None;

        public StockCounts CountsAfter(string stream, long version, IInventoryLevelEvent movement) =>
            counts = (version == 1 ? StockCounts.None : counts) + movement.Changes;

        public void Committed(string level, int committed) =>
            levels[level] = levels.GetValueOrDefault(level) with { Committed = committed, Exists = true };

        public void Held(string level, int held)
        {
            var before = levels.GetValueOrDefault(level);
            levels[level] = before with { Held = before.Held + held };
        }

        public void Compare(Findings findings)
        {
            foreach (var (key, level) in levels.OrderBy(it => it.Key, StringComparer.Ordinal))
                findings.Expect(level.Exists ? "committed_is_what_reservations_hold" : "committed_without_level", key, level.Held, level.Committed);
        }
    }

    private sealed class Counted
    {
        public int Levels { get; set; }

        public int Movements { get; set; }

        public int Reservations { get; set; }
    }

    /// <param name="Reservations">Those that hold something.</param>
    public sealed record Report(
        long Checks, IReadOnlyList<Difference> Differences, long DifferencesFound, int Levels, int Movements, int Reservations)
        : ReconciliationReport(Checks, Differences, DifferencesFound);
}
