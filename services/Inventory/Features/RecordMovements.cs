using Microsoft.AspNetCore.Http.HttpResults;
using Oms.Inventory.Domain;
using Oms.Inventory.Integration;
using Oms.Inventory.Stock;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>What receipts, adjustments, sets and moves have in common.</summary>
public sealed class RecordMovements(Writes writes, Locations locations, TimeProvider clock)
{
    /// <summary>Records the document; lines of one SKU are weighed together, so that what goes out may have come in with the same paper.</summary>
    public Task<IResult> Record<TDocument>(Caller caller, Refusal? wrong, Func<DateTimeOffset, TDocument> document, CancellationToken token)
        where TDocument : IMovementDocument => writes.Commit(async session =>
        {
            if (wrong is not null)
                return Problems.From(wrong);
            var command = document(clock.GetUtcNow());
            if (!caller.SeesLocation(command.LocationId))
                return Problems.From(InventoryRefusals.UnknownLocation(command.LocationId));
            // Before any lock is taken: somebody else may have to be asked.
            if (await locations.Miss(session, command.LocationId, token) is { } miss)
                return miss;

            var page = await StockPage.Read(session, [command], token);
            if (page.Book.Decide(command) is { } refusal)
                return Problems.From(refusal);
            page.AppendTo(session);
            return Created(command, page.Book);
        }, token);

    private static Created<Recorded> Created(IMovementDocument document, StockBook book) => TypedResults.Created((string?)null, new Recorded(
        [.. document.Skus.Select(sku => (Sku: sku, Key: InventoryLevel.Key(document.LocationId, sku))).Select(it =>
            LevelView.Of(book.Levels[it.Key] ?? InventoryLevel.Empty(document.LocationId, it.Sku)) with { Version = book.Levels.Version(it.Key) })]));

    /// <param name="Levels">As they are now, one for each SKU of the document.</param>
    public sealed record Recorded(IReadOnlyList<LevelView> Levels);
}
