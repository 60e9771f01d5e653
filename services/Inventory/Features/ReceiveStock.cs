using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>Goods have come in and can be sold.</summary>
public sealed record ReceiveStock(
    string LocationId, string Reason, string? Document, IReadOnlyList<(string Sku, int Quantity)> Lines, DateTimeOffset At, string? TraceParent)
    : IMovementDocument
{
    public IReadOnlyCollection<string> Skus => [.. Lines.Select(line => line.Sku).Distinct()];

    public void AskForStories(StockNeeds needs)
    {
    }

    public void AskForStock(StockNeeds needs, StockBook book) => Movement.AskFor(needs, LocationId, Lines.Select(line => (line.Sku, (long)line.Quantity)));

    public Refusal? Decide(StockBook book) => ReceiveStockSlice.Decide(this, book);
}

public static class ReceiveStockSlice
{
    public static Refusal? Decide(ReceiveStock command, StockBook book) => Movement.Apply(
        command,
        [.. command.Lines.GroupBy(line => line.Sku).Select(it => (it.Key, StockCounts.Of(StockState.Available, it.Sum(line => line.Quantity))))],
        book,
        (sku, changes, after) => new StockReceived(sku, command.LocationId, changes, after, command.Reason, command.Document, command.At));

    public static void Map(IEndpointRouteBuilder inventory) => inventory.MapPost("/receipts", Handle)
        .WithName("ReceiveStock")
        .Access(Scopes.InventoryWrite, Restrictions.Locations)
        .WithSummary("Records goods that have come in at a location.")
        .WithExample(new Body(Examples.Location, [new(Examples.Sku, 10)], Document: "PO-1001"))
        .Produces<RecordMovements.Recorded>(StatusCodes.Status201Created);

    private static Task<IResult> Handle(Body body, Caller caller, RecordMovements movements, CancellationToken token) => movements.Record(
        caller, body.Check(),
        at => new ReceiveStock(body.LocationId, body.Reason ?? "received", body.Document, [.. body.Lines.Select(line => (line.Sku, line.Quantity))], at, Tracing.Current),
        token);

    public sealed record Body(string LocationId, IReadOnlyList<Body.Line> Lines, string? Reason = null, string? Document = null)
    {
        public sealed record Line(string Sku, int Quantity);

        public Refusal? Check()
        {
            var complaints = Movement.Check(LocationId, Reason, Document, Lines.Count);
            foreach (var (index, line) in Lines.Index())
                Movement.CheckQuantity(Movement.CheckSku(complaints, line?.Sku, index), line?.Quantity ?? 0, index);
            return Movement.Finish(complaints);
        }
    }
}
