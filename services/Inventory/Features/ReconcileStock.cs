using Marten;
using Npgsql;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>
/// Compares what is shown with what happened, in one snapshot of the database, so that it can run while everybody works. A level's counts are added up again from
/// its events alone; what levels call committed is compared with what reservations hold.
/// </summary>
public static class ReconcileStock
{
    private const int PageSize = 500;

    /// <summary>Enough to see what is wrong; a broken store would fill the memory with the rest.</summary>
    public const int DifferencesMax = 1_000;

    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapGet("/reconciliation", Handle)
        .WithName("ReconcileInventory").WithSummary("Checks every level against its movements and every commitment against the reservations.");

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<Report>> Handle(IDocumentStore store, CancellationToken token)
    {
        await using var session = store.LightweightSession(new Marten.Services.SessionOptions { IsolationLevel = System.Data.IsolationLevel.RepeatableRead });
        await session.BeginTransactionAsync(token);

        var report = new Checks();
        var held = await Held(session, report, token);
        foreach (var streams in (await LevelStreams(session, token)).Chunk(PageSize))
            await CheckLevels(session, streams, held, report, token);
        // What is left is held at levels that do not exist.
        foreach (var (key, quantity) in held.Where(it => it.Value != 0))
            report.Expect("committed_without_level", key, quantity, 0);
        return TypedResults.Ok(report.ToReport());
    }

    private static async Task CheckLevels(
        IDocumentSession session, string[] streams, Dictionary<string, long> held, Checks report, CancellationToken token)
    {
        var shown = (await session.LoadManyAsync<InventoryLevel>(token, streams)).ToDictionary(level => level.Id);
        var movements = await session.Events.QueryAllRawEvents().Where(it => it.StreamKey!.IsOneOf(streams)).OrderBy(it => it.Sequence).ToListAsync(token);
        var byStream = movements.ToLookup(it => it.StreamKey!);
        foreach (var stream in streams)
        {
            var counts = StockCounts.None;
            foreach (var movement in byStream[stream])
            {
                counts += ((IInventoryLevelEvent)movement.Data).Changes;
                report.Expect("counts_after_movement", $"{stream}@{movement.Version}", counts, ((IInventoryLevelEvent)movement.Data).After);
                report.Movements++;
            }
            var level = shown.GetValueOrDefault(stream);
            report.Levels++;
            report.Expect("level_is_fold_of_its_events", stream, counts, level?.Counts ?? StockCounts.None);
            report.Expect("level_version", stream, byStream[stream].LastOrDefault()?.Version ?? 0, level?.Version ?? 0);
            report.Expect("on_hand_is_sum_of_states", stream, true, counts.AddsUp());
            report.Expect("nothing_negative", stream, false, counts.IsNegativeSomewhere());
            held.Remove(stream, out var quantity);
            report.Expect("committed_is_what_reservations_hold", stream, quantity, counts.Committed);
        }
    }

    // Not from the levels' documents: a level without a document is one of the things to find.
    private static async Task<List<string>> LevelStreams(IDocumentSession session, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select id from {EventStore.Schema}.mt_streams where starts_with(id, '{InventoryLevel.KeyPrefix}')");
        await using var reader = await session.ExecuteReaderAsync(command, token);
        List<string> streams = [];
        while (await reader.ReadAsync(token))
            streams.Add(reader.GetString(0));
        return streams;
    }

    private static async Task<Dictionary<string, long>> Held(IDocumentSession session, Checks report, CancellationToken token)
    {
        Dictionary<string, long> held = [];
        var live = session.Query<Reservation>().Where(reservation => reservation.Status == ReservationStatus.Reserved);
        await foreach (var reservation in live.ToAsyncEnumerable(token))
        {
            report.Reservations++;
            foreach (var line in reservation.Lines)
            {
                var key = InventoryLevel.Key(line.LocationId, line.Sku);
                held[key] = held.GetValueOrDefault(key) + line.Held;
            }
        }
        return held;
    }

    private sealed class Checks
    {
        private readonly List<Difference> differences = [];
        private int made;

        public int Levels { get; set; }

        public int Movements { get; set; }

        public int Reservations { get; set; }

        public void Expect<T>(string what, string key, T expected, T actual)
        {
            made++;
            if (!EqualityComparer<T>.Default.Equals(expected, actual) && differences.Count < DifferencesMax)
                differences.Add(new(what, key, $"{expected}", $"{actual}"));
        }

        public Report ToReport() => new(made, Levels, Movements, Reservations, differences);
    }

    /// <param name="Checks">How many comparisons were made.</param>
    /// <param name="Reservations">Those that hold something.</param>
    public sealed record Report(int Checks, int Levels, int Movements, int Reservations, IReadOnlyList<Difference> Differences);

    public sealed record Difference(string What, string Key, string Expected, string Actual);
}
