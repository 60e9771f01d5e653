using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>So many there are, whatever was thought before; with <c>Compare</c> only if nobody has changed it since.</summary>
public sealed record SetStock(
    string LocationId, string Reason, string? Document, IReadOnlyList<(string Sku, StockState State, int Quantity, int? Compare)> Lines, DateTimeOffset At,
    string? TraceParent)
    : IMovementDocument
{
    public IReadOnlyCollection<string> Skus => [.. Lines.Select(line => line.Sku).Distinct()];

    public void AskForStories(StockNeeds needs)
    {
    }

    public void AskForStock(StockNeeds needs, StockBook book) => Movement.AskFor(
        needs, LocationId, Lines.Select(line => (line.Sku, line.State == StockState.Available ? (long)line.Quantity : 0)));

    public Refusal? Decide(StockBook book) => SetStockSlice.Decide(this, book);
}

public static class SetStockSlice
{
    /// <summary>Six states of one SKU at this size still add up to less than a level may hold.</summary>
    public const int QuantityMax = 100_000_000;

    public static Refusal? Decide(SetStock command, StockBook book)
    {
        // An unknown SKU has no numbers to compare with.
        if (Movement.Unknown(command, book) is { } unknown)
            return unknown;

        var lines = command.Lines.Select(line => (Line: line, Present: book.CountsAt(command.LocationId, line.Sku).In(line.State))).ToList();
        var mismatches = lines.Where(it => it.Line.Compare is { } compare && compare != it.Present)
            .Select(it => (it.Line.Sku, it.Line.State, it.Line.Compare!.Value, it.Present)).ToList();
        if (mismatches.Count > 0)
            return InventoryRefusals.CompareMismatch(command.LocationId, mismatches);

        return Movement.Apply(
            command,
            [.. lines.GroupBy(it => it.Line.Sku).Select(bySku =>
                (bySku.Key, bySku.Aggregate(StockCounts.None, (sum, it) => sum + StockCounts.Of(it.Line.State, it.Line.Quantity - it.Present))))],
            book,
            (sku, changes, after) => new StockCounted(sku, command.LocationId, changes, after, command.Reason, command.Document, command.At));
    }

    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapPost("/sets", Handle)
        .WithName("SetStock")
        .Access(Scopes.InventoryWrite, Restrictions.Locations)
        .WithSummary("Sets states of stock to what was counted; with compareQuantity only if they are as the sender believes.")
        .WithExample(new Body(Examples.Location, "cycle_count", [new(Examples.Sku, 2, "safety_stock")]))
        .Produces<RecordMovements.Recorded>(StatusCodes.Status201Created);

    private static Task<IResult> Handle(Body body, Caller caller, RecordMovements movements, CancellationToken token) => movements.Record(
        caller, body.Check(),
        at => new SetStock(
            body.LocationId, body.Reason, body.Document,
            [.. body.Lines.Select(line => (line.Sku, StockWords.State(line.State)!.Value, line.Quantity, line.CompareQuantity))], at, Tracing.Current),
        token);

    public sealed record Body(string LocationId, string Reason, IReadOnlyList<Body.Line> Lines, string? Document = null)
    {
        public sealed record Line(string Sku, int Quantity, string State = "available", int? CompareQuantity = null);

        public Refusal? Check()
        {
            var complaints = Movement.Check(LocationId, Reason, Document, Lines.Count);
            HashSet<(string?, string?)> seen = [];
            foreach (var (index, line) in Lines.Index())
            {
                Movement.CheckState(Movement.CheckSku(complaints, line?.Sku, index), line?.State, $"lines[{index}].state");
                complaints
                    .If(line?.Quantity is null or < 0 or > QuantityMax, $"lines[{index}].quantity", $"must be between 0 and {QuantityMax}")
                    .If(line?.CompareQuantity < 0, $"lines[{index}].compareQuantity", "must not be negative")
                    .If(!seen.Add((line?.Sku, line?.State)), $"lines[{index}]", "sets the same state of the same SKU as a line before it");
            }
            return Movement.Finish(complaints);
        }
    }
}
