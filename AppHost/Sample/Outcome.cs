using System.Globalization;
using Spectre.Console;

namespace Oms.Sample;

/// <summary>What the one who started the run gets to see.</summary>
internal sealed record Outcome(Report Report, IReadOnlyList<Difference> Differences, OrderBook Book, Latencies Placing, int Retries)
{
    public const int ShownMax = 20;

    public void Show(IAnsiConsole console)
    {
        foreach (var note in Book.Notes.Take(ShownMax))
            console.WriteLine(note);
        foreach (var story in Book.Stories.Where(story => story is { IsFinal: false, Latest: not null }).Take(ShownMax))
            console.WriteLine($"Stuck: {story.Order.Number} ({story.Latest!.Number}, {story.Id}) is {story.Latest.Status}");
        foreach (var difference in Differences.Take(ShownMax))
            console.WriteLine($"Difference: {difference.What}, {difference.Key}: expected {difference.Expected}, actual {difference.Actual}");
        console.Write(Table());
        console.WriteLine(Report.IsClean ? "Everything arrived and adds up." : "Not clean: see above.");
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        Row("orders", Report.Orders);
        Row("  of them there already", Book.Duplicates);
        Row("lines", Report.Lines);
        Row("units", Report.Units);
        Row("order value", Report.OrderValue);
        foreach (var (state, count) in Report.ByState)
            Row($"  {state}", count);
        Row("split over locations", Report.Splits);
        Row("parcels", Report.Parcels);
        Row("waited for stock, then fulfilled", Report.BackorderedThenFulfilled);
        Row("returns", Report.Returns);
        Row("captured", Report.Captured);
        Row("refunded", Report.Refunded);
        Row("stuck", Report.Stuck);
        Row("oversold levels", Report.Oversold);
        Row("messages in error queues", Report.ErrorQueueMessages);
        Row("seconds", Report.Seconds);
        Row("orders per second", Report.OrdersPerSecond);
        Row("placing, p50 ms", Math.Round(Placing.Percentile(0.50), 1));
        Row("placing, p99 ms", Math.Round(Placing.Percentile(0.99), 1));
        Row("calls tried again", Retries);
        Row("reconciliation, checks", Report.Reconciliation.Checks);
        Row("reconciliation, differences", Report.Reconciliation.Differences);
        return table;

        void Row(string name, object value) => table.AddRow(
            new Text(name), new Text(value is IFormattable number ? number.ToString(value is double ? "#,0.0" : "#,0", CultureInfo.InvariantCulture) : (string)value));
    }
}
