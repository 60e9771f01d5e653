using Marten;
using Oms.Inventory.Domain;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Inventory.Features;

/// <summary>Registers many items; each row has its own outcome.</summary>
public static class RegisterItems
{
    public const int ItemsMax = 500;

    public static void Map(IEndpointRouteBuilder items) => items.MapPost("/batch", Handle)
        .WithName("RegisterItems")
        .Access(Scopes.ItemsWrite)
        .WithSummary("Registers up to 500 items; a row that is wrong is refused alone.")
        .WithExample(new Body([new("MUG-2", "Mug, large", WeightGrams: 480), new("MUG-3", "Mug, small", WeightGrams: 270)])).Produces<Answer>();

    private static Task<IResult> Handle(Body body, Writes writes, TimeProvider clock, CancellationToken token) => writes.Commit(async session =>
    {
        if (new Complaints().If(body.Items.Count is < 1 or > ItemsMax, "items", $"has between 1 and {ItemsMax} rows")
            .ToRefusal("invalid-batch", "The batch cannot be taken as it is.") is { } wrong)
            return Problems.From(wrong);

        var checkedRows = body.Items.Select(row => (Row: row, Wrong: Check(row))).ToList();
        var shelf = new Shelf<Item, IItemEvent>();
        var batch = session.CreateBatchQuery();
        var fetching = checkedRows.Where(it => it.Wrong is null).Select(it => Item.Key(it.Row!.Sku!)).Distinct().Order(StringComparer.Ordinal)
            .ToDictionary(key => key, key => batch.Events.FetchForWriting<Item>(key));
        if (fetching.Count > 0)
            await batch.Execute(token);
        foreach (var (key, task) in fetching)
        {
            var stream = await task;
            shelf.Load(key, stream.Aggregate, stream.CurrentVersion ?? 0);
        }

        List<Result> results = [];
        foreach (var (row, refusal) in checkedRows)
            results.Add(refusal is null ? Decide(row!, shelf, clock.GetUtcNow()) : Result.Refused(row?.Sku, refusal));
        foreach (var (key, fact, _) in shelf.Facts)
            (await fetching[key]).AppendOne(fact);
        return TypedResults.Ok(new Answer(results));
    }, token);

    // A SKU that comes twice is decided twice, one after the other: the last row wins.
    private static Result Decide(Row row, Shelf<Item, IItemEvent> shelf, DateTimeOffset at)
    {
        var key = Item.Key(row.Sku!);
        var decision = RegisterItemSlice.Decide(new(row.Sku!, row.Details.ToDetails(), at), shelf[key]);
        foreach (var fact in decision.Events)
            shelf.Append(key, fact, null);
        return new(row.Sku, decision.Events switch { [] => Outcome.Unchanged, [ItemRegistered] => Outcome.Created, _ => Outcome.Updated });
    }

    private static Refusal? Check(Row? row)
    {
        var complaints = new Complaints();
        ItemBody.CheckSku(complaints, row?.Sku, "sku");
        row?.Details.Check(complaints);
        return complaints.ToRefusal("invalid-item", $"Item {row?.Sku} cannot be registered as it is.");
    }

    public enum Outcome { Created, Updated, Unchanged, Refused }

    public sealed record Body(IReadOnlyList<Row?> Items);

    public sealed record Row(
        string? Sku = null, string? Name = null, string? Gtin = null, int? WeightGrams = null, int? LengthMm = null, int? WidthMm = null, int? HeightMm = null,
        string? HsCode = null, string? CountryOfOrigin = null)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public ItemBody Details => new(Name, Gtin, WeightGrams, LengthMm, WidthMm, HeightMm, HsCode, CountryOfOrigin);
    }

    public sealed record Answer(IReadOnlyList<Result> Results);

    public sealed record Result(
        string? Sku, Outcome Outcome, string? Code = null, string? Detail = null, IReadOnlyDictionary<string, string[]>? Errors = null)
    {
        public static Result Refused(string? sku, Refusal refusal) => new(sku, Outcome.Refused, refusal.Code, refusal.Detail, refusal.Errors);
    }
}
