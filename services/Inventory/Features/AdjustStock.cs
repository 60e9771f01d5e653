using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>There is more, or less, than was thought.</summary>
public sealed record AdjustStock(
    string LocationId, string Reason, string? Document, IReadOnlyList<(string Sku, StockState State, int Delta)> Lines, DateTimeOffset At, string? TraceParent)
    : IMovementDocument
{
    public IReadOnlyCollection<string> Skus => [.. Lines.Select(line => line.Sku).Distinct()];

    public void AskForStories(StockNeeds needs)
    {
    }

    public void AskForStock(StockNeeds needs, StockBook book) => Movement.AskFor(
        needs, LocationId, Lines.Select(line => (line.Sku, line.State == StockState.Available ? long.Max(0, line.Delta) : 0)));

    public Refusal? Decide(StockBook book) => AdjustStockSlice.Decide(this, book);
}

public static class AdjustStockSlice
{
    public static Refusal? Decide(AdjustStock command, StockBook book) => Movement.Apply(
        command,
        [.. command.Lines.GroupBy(line => line.Sku).Select(it =>
            (it.Key, it.Aggregate(StockCounts.None, (sum, line) => sum + StockCounts.Of(line.State, line.Delta))))],
        book,
        (sku, changes, after) => new StockAdjusted(sku, command.LocationId, changes, after, command.Reason, command.Document, command.At));

    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapPost("/adjustments", Handle)
        .WithName("AdjustStock")
        .Access(Scopes.InventoryWrite, Restrictions.Locations)
        .WithSummary("Adds to or takes from a state of stock. Nothing falls below zero.")
        .WithExample(new Body(Examples.Location, "shrinkage", [new(Examples.Sku, -1)]))
        .Produces<RecordMovements.Recorded>(StatusCodes.Status201Created);

    private static Task<IResult> Handle(Body body, Caller caller, RecordMovements movements, CancellationToken token) => movements.Record(
        caller, body.Check(),
        at => new AdjustStock(
            body.LocationId, body.Reason, body.Document, [.. body.Lines.Select(line => (line.Sku, StockWords.State(line.State)!.Value, line.Delta))], at, Tracing.Current),
        token);

    public sealed record Body(string LocationId, string Reason, IReadOnlyList<Body.Line> Lines, string? Document = null)
    {
        public sealed record Line(string Sku, int Delta, string State = "available");

        public Refusal? Check()
        {
            var complaints = Movement.Check(LocationId, Reason, Document, Lines.Count);
            foreach (var (index, line) in Lines.Index())
            {
                Movement.CheckState(Movement.CheckSku(complaints, line?.Sku, index), line?.State, $"lines[{index}].state");
                complaints.If(line?.Delta is null or 0 or < -Quantity.Max or > Quantity.Max, $"lines[{index}].delta", $"must be between -{Quantity.Max} and {Quantity.Max}, and not 0");
            }
            return Movement.Finish(complaints);
        }
    }
}
