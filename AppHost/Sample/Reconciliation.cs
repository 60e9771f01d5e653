using Oms.Client;

namespace Oms.Sample;

/// <summary>Something that should have been otherwise.</summary>
internal sealed record Difference(string What, string Key, string Expected, string Actual);

/// <summary>Counts comparisons and keeps those that failed.</summary>
internal sealed class Findings
{
    private readonly List<Difference> differences = [];
    private int lasting;

    public long Checks { get; private set; }

    public IReadOnlyList<Difference> Differences => differences;

    /// <summary>Whether some differences may be gone the next time somebody looks.</summary>
    public bool MayPass => differences.Count > lasting;

    public void Expect<T>(string what, string key, T expected, T actual)
    {
        Checks++;
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            differences.Add(new(what, key, $"{expected}", $"{actual}"));
    }

    /// <summary>What was found so far stays, however often one looks.</summary>
    public void WillNotPass() => lasting = differences.Count;

    /// <summary>What a service found when it checked itself.</summary>
    public void Include(string service, long checks, IEnumerable<Client.Difference> found)
    {
        Checks += checks;
        differences.AddRange(found.Select(it => new Difference($"{service}: {it.What}", it.Key, it.Expected, it.Actual)));
    }
}

/// <summary>Compares what the platform says with what the file, the plan and the movements say: pure, so it may be asked again.</summary>
internal static class Reconciliation
{
    public static Findings Of(SampleFile file, OrderBook book, StockPlan plan, Ledger ledger)
    {
        var findings = new Findings();
        CheckFile(file, book, ledger, findings);
        findings.WillNotPass();
        foreach (var story in book.Stories.Where(story => story.Latest is not null))
            CheckOrder(story, ledger, findings);
        CheckLevels(ledger, findings);
        CheckPieces(file, book, plan, ledger, findings);
        CheckMoney(ledger, findings);
        findings.Include("orders", ledger.OrderReconciliation.Checks, ledger.OrderReconciliation.Differences);
        findings.Include("inventory", ledger.InventoryReconciliation.Checks, ledger.InventoryReconciliation.Differences);
        findings.Include("customers", ledger.CustomerReconciliation.Checks, ledger.CustomerReconciliation.Differences);
        return findings;
    }

    /// <summary>Levels that sold what was not there: a state below zero, now or at any moment, or more gone than ever came.</summary>
    public static int Oversold(Ledger ledger) => ledger.Levels.Count(level =>
        Counts.Of(level).IsNegativeSomewhere || MovementsOf(ledger, level).Any(movement => Counts.Of(movement.After).IsNegativeSomewhere) ||
        MovementsOf(ledger, level).Sum(movement => Counts.Of(movement.Changes).OnHand) < 0);

    /// <summary>Every row of the file is a line of an order; one that is not is named with its reason.</summary>
    private static void CheckFile(SampleFile file, OrderBook book, Ledger ledger, Findings findings)
    {
        var lines = ledger.Orders.Values.Sum(order => order.Lines.Count);
        var refused = book.Stories.Where(story => story.Refusal is not null).Sum(story => story.Order.Lines.Length);
        findings.Expect("rows that became order lines or are named here", "file", file.Rows, lines + file.Malformed.Length + file.LeftOut + refused);
        foreach (var row in file.Malformed)
            findings.Expect("row of the file", $"line {row.Row}", "an order line", row.Why);
        foreach (var story in book.Stories)
            findings.Expect("order of the file", story.Order.Number, "placed", story.Refusal is { } refusal ? refusal.Text() : "placed");
    }

    private static void CheckOrder(OrderStory story, Ledger ledger, Findings findings)
    {
        var number = story.Order.Number;
        if (!ledger.Orders.TryGetValue(story.Id, out var order))
        {
            findings.Expect("order is listed", number, "listed", "lost");
            return;
        }
        findings.Expect("lines", number, story.Order.Lines.Length, order.Lines.Count);
        findings.Expect("total", number, story.Order.Total, order.Total);
        foreach (var (line, ordered) in order.Lines.Zip(story.Order.Lines))
        {
            var key = $"{number} line {line.Line}";
            findings.Expect("line", key, (ordered.Sku, ordered.Quantity, ordered.Price.Total), (line.Sku, line.Quantity, line.Total));
            var shipped = ledger.FulfillmentOrders[story.Id].SelectMany(it => it.Lines).Where(it => it.Line == line.Line).Sum(it => it.Shipped);
            findings.Expect("pieces that the locations shipped", key, shipped, line.Quantities.Shipped);
        }
        findings.Expect("captured is the value of what shipped", number, order.Lines.Sum(line => story.ValueOf(line.Line, line.Quantities.Shipped)), order.Payment.Captured);
        findings.Expect("refunded is the value of what came back", number, order.Lines.Sum(line => story.ValueOf(line.Line, line.Quantities.Returned)), order.Payment.Refunded);
        findings.Expect("refunded is what the returns paid back", number, ledger.Returns[story.Id].Sum(it => it.Refund.Amount), order.Payment.Refunded);
    }

    private static void CheckLevels(Ledger ledger, Findings findings)
    {
        foreach (var level in ledger.Levels)
        {
            var (key, counts) = ($"{level.Sku} at {level.LocationId}", Counts.Of(level));
            var fold = new Counts();
            foreach (var movement in MovementsOf(ledger, level))
            {
                fold += Counts.Of(movement.Changes);
                findings.Expect("counts after a movement", $"{key} version {movement.Version}", fold, Counts.Of(movement.After));
            }
            findings.Expect("level is the fold of its movements", key, fold, counts);
            findings.Expect("on hand is the sum of its states", key, true, counts.AddsUp);
            findings.Expect("nothing is negative", key, false, counts.IsNegativeSomewhere);
        }
        var levels = ledger.Levels.Select(level => (level.Sku, level.LocationId)).ToHashSet();
        foreach (var (sku, movements) in ledger.Movements)
            findings.Expect("movements at levels that do not exist", sku, 0, movements.Count(movement => !levels.Contains((sku, movement.LocationId))));
    }

    /// <summary>By SKU: received − shipped + restocked is what is on hand; an order that has ended holds nothing any more.</summary>
    private static void CheckPieces(SampleFile file, OrderBook book, StockPlan plan, Ledger ledger, Findings findings)
    {
        var received = plan.Opening.Concat(plan.Replenishment).ToLookup(receipt => receipt.Sku, receipt => receipt.Quantity);
        var placed = book.Stories.Where(story => story.Latest is not null && ledger.Orders.ContainsKey(story.Id)).ToList();
        var shipped = placed.SelectMany(story => ledger.Orders[story.Id].Lines).ToLookup(line => line.Sku, line => line.Quantities.Shipped);
        var restocked = placed.Where(story => story.Refunded is not null).Select(story => (story.Order, Plan: ReturnPlan.Of(story.Order)))
            .ToLookup(it => it.Order.Lines[it.Plan.Line - 1].Sku, it => it.Plan.Restocked);
        var onHand = ledger.Levels.ToLookup(level => level.Sku, level => level.OnHand);
        foreach (var (sku, movements) in ledger.Movements)
        {
            // What others did on the same platform, before this file or beside it.
            var others = movements.Where(movement => movement.OrderId is { } order
                ? book.Find(order) is null
                : movement.Document?.Contains(file.Fingerprint, StringComparison.Ordinal) != true).Sum(movement => Counts.Of(movement.Changes).OnHand);
            findings.Expect("received − shipped + restocked", sku, received[sku].Sum() - shipped[sku].Sum() + restocked[sku].Sum() + others, onHand[sku].Sum());
        }
        var held = ledger.Movements.Values.SelectMany(movements => movements).Where(movement => movement.OrderId is not null)
            .GroupBy(movement => movement.OrderId!.Value).ToDictionary(it => it.Key, it => it.Sum(movement => movement.Changes.GetValueOrDefault("committed") + movement.Changes.GetValueOrDefault("reserved")));
        foreach (var story in placed.Where(story => story.IsFinal))
            findings.Expect("held for an order that has ended", story.Order.Number, 0, held.GetValueOrDefault(story.Id));
    }

    private static void CheckMoney(Ledger ledger, Findings findings)
    {
        var totals = ledger.CustomerReconciliation.Totals.FirstOrDefault(it => it.Currency == SampleOrder.Currency) ?? new() { Currency = SampleOrder.Currency };
        findings.Expect("lifetime values are captured − refunded", totals.Currency, totals.Captured - totals.Refunded, totals.LifetimeValue);
        var orders = ledger.OrderReconciliation.Totals.FirstOrDefault(it => it.Currency == SampleOrder.Currency) ?? new() { Currency = SampleOrder.Currency };
        findings.Expect("what the customers paid is what the orders captured", totals.Currency, orders.Captured, totals.Captured);
        findings.Expect("what the customers got back is what the orders refunded", totals.Currency, orders.Refunded, totals.Refunded);
    }

    private static IEnumerable<ListMovementsView> MovementsOf(Ledger ledger, LevelView level) =>
        ledger.Movements[level.Sku].Where(movement => movement.LocationId == level.LocationId);
}
