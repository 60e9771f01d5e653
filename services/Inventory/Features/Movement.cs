using Oms.Inventory.Domain;
using Oms.Kernel;

namespace Oms.Inventory.Features;

/// <summary>A document that moves stock of several SKUs at one location, all or nothing.</summary>
public interface IMovementDocument : IStockCommand
{
    string LocationId { get; }

    IReadOnlyCollection<string> Skus { get; }
}

/// <summary>The rules that receipts, adjustments, sets and moves have in common.</summary>
public static class Movement
{
    public const int LinesMax = 500;
    public const int DocumentLengthMax = 200;

    /// <summary>What every document has; <paramref name="reason"/> is null where it may be left out.</summary>
    public static Complaints Check(string? locationId, string? reason, string? document, int lines) => new Complaints()
        .If(!Kernel.LocationId.IsValid(locationId), "locationId", "must be the id of a location: lower-case letters, digits, - and _")
        .If(reason is not null && !StockWords.Reasons.Contains(reason), "reason", $"must be one of {string.Join(", ", StockWords.Reasons)}")
        .If(document?.Length > DocumentLengthMax, "document", $"has at most {DocumentLengthMax} characters")
        .If(document is not null && document.Any(char.IsControl), "document", "must not contain control characters")
        .If(lines is < 1 or > LinesMax, "lines", $"has between 1 and {LinesMax} lines");

    public static Complaints CheckSku(Complaints complaints, string? sku, int line) =>
        complaints.If(!Sku.IsValid(sku), $"lines[{line}].sku", $"must be 1 to {Sku.LengthMax} letters, digits or - _ . / : #");

    public static Complaints CheckQuantity(Complaints complaints, int quantity, int line) =>
        complaints.If(!Quantity.IsValid(quantity), $"lines[{line}].quantity", $"must be between 1 and {Quantity.Max}");

    /// <summary>A state that people may change by hand.</summary>
    public static Complaints CheckState(Complaints complaints, string? state, string path) => complaints
        .If(StockWords.State(state) is null, path, $"must be one of {StockWords.StatesForPeople}")
        .If(StockWords.State(state) == StockState.Committed, path, "is what orders hold: it changes with their reservations only");

    public static Refusal? Finish(Complaints complaints) => complaints.ToRefusal("invalid-movement", "The movement cannot be recorded as it is.");

    /// <summary>Asks for the levels of a document, and for the queues of those SKUs of which pieces may become available.</summary>
    public static void AskFor(StockNeeds needs, string locationId, IEnumerable<(string Sku, long MayBecomeAvailable)> skus)
    {
        foreach (var (sku, mayBecomeAvailable) in skus)
        {
            needs.Level(locationId, sku);
            needs.Items.Add(sku);
            if (mayBecomeAvailable > 0)
                needs.Queue(sku, mayBecomeAvailable);
        }
    }

    /// <summary>Appends one fact per SKU that changes, if all of them can.</summary>
    public static Refusal? Apply(
        IMovementDocument document, IReadOnlyList<(string Sku, StockCounts Changes)> changes, StockBook book,
        Func<string, StockCounts, StockCounts, IInventoryLevelEvent> fact)
    {
        if (Unknown(document, book) is { } unknown)
            return unknown;

        var shortages = changes.SelectMany(it => Enum.GetValues<StockState>().Select(state => (it.Sku, State: state,
                Present: book.CountsAt(document.LocationId, it.Sku).In(state), Change: it.Changes.In(state))))
            .Where(it => it.Present + it.Change < 0)
            .Select(it => (it.Sku, it.State, it.Present, it.Present + it.Change)).ToList();
        if (shortages.Count > 0)
            return InventoryRefusals.InsufficientStock(document.LocationId, shortages);

        var tooLarge = changes.Where(it => book.CountsAt(document.LocationId, it.Sku) + it.Changes is { OnHand: > StockCounts.Max } or { Incoming: > StockCounts.Max })
            .Select(it => it.Sku).ToList();
        if (tooLarge.Count > 0)
            return InventoryRefusals.LevelTooLarge(document.LocationId, tooLarge);

        foreach (var (sku, change) in changes.Where(it => it.Changes != StockCounts.None))
            book.Change(document.LocationId, sku, change, after => fact(sku, change, after), document.TraceParent);
        return null;
    }

    /// <summary>All SKUs that nobody has registered.</summary>
    public static Refusal? Unknown(IMovementDocument document, StockBook book)
    {
        var unknown = document.Skus.Where(sku => !book.Items.Contains(sku)).ToList();
        return unknown.Count > 0 ? InventoryRefusals.UnknownSkus(unknown) : null;
    }
}
