using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>Pieces go from one state to another; from incoming they arrive.</summary>
public sealed record MoveStock(
    string LocationId, string Reason, string? Document, IReadOnlyList<(string Sku, StockState From, StockState To, int Quantity)> Lines, DateTimeOffset At,
    string? TraceParent)
    : IMovementDocument
{
    public IReadOnlyCollection<string> Skus => [.. Lines.Select(line => line.Sku).Distinct()];

    public void AskForStories(StockNeeds needs)
    {
    }

    public void AskForStock(StockNeeds needs, StockBook book) => Movement.AskFor(
        needs, LocationId, Lines.Select(line => (line.Sku, line.To == StockState.Available ? (long)line.Quantity : 0)));

    public Refusal? Decide(StockBook book) => MoveStockSlice.Decide(this, book);
}

public static class MoveStockSlice
{
    public static Refusal? Decide(MoveStock command, StockBook book) => Movement.Apply(
        command,
        [.. command.Lines.GroupBy(line => line.Sku).Select(it =>
            (it.Key, it.Aggregate(StockCounts.None, (sum, line) => sum + StockCounts.Between(line.From, line.To, line.Quantity))))],
        book,
        (sku, changes, after) => new StockMoved(sku, command.LocationId, changes, after, command.Reason, command.Document, command.At));

    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapPost("/moves", Handle)
        .WithName("MoveStock")
        .Access(Scopes.InventoryWrite, Restrictions.Locations)
        .WithSummary("Moves pieces between states at one location.")
        .WithExample(new Body(Examples.Location, "quality_control", [new(Examples.Sku, "available", "quality_control", 1)]))
        .Produces<RecordMovements.Recorded>(StatusCodes.Status201Created);

    private static Task<IResult> Handle(Body body, Caller caller, RecordMovements movements, CancellationToken token) => movements.Record(
        caller, body.Check(),
        at => new MoveStock(
            body.LocationId, body.Reason, body.Document,
            [.. body.Lines.Select(line => (line.Sku, StockWords.State(line.From)!.Value, StockWords.State(line.To)!.Value, line.Quantity))], at, Tracing.Current),
        token);

    public sealed record Body(string LocationId, string Reason, IReadOnlyList<Body.Line> Lines, string? Document = null)
    {
        public sealed record Line(string Sku, string From, string To, int Quantity);

        public Refusal? Check()
        {
            var complaints = Movement.Check(LocationId, Reason, Document, Lines.Count);
            foreach (var (index, line) in Lines.Index())
            {
                Movement.CheckQuantity(Movement.CheckSku(complaints, line?.Sku, index), line?.Quantity ?? 0, index);
                Movement.CheckState(complaints, line?.From, $"lines[{index}].from");
                Movement.CheckState(complaints, line?.To, $"lines[{index}].to");
                complaints.If(line?.From == line?.To, $"lines[{index}].to", "must differ from the state the pieces come from");
            }
            return Movement.Finish(complaints);
        }
    }
}
