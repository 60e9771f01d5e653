using Spectre.Console;

namespace Oms.Bench.Measuring;

/// <summary>What people see, and what is written for machines.</summary>
internal sealed class Report(IAnsiConsole console, string? jsonFile)
{
    private readonly List<Point> points = [];
    private readonly List<string> failures = [];
    private int shown;

    public bool HasFailed => failures.Count > 0;

    public string Machine { get; set; } = "";

    public string Settings { get; set; } = "";

    public void Begin(string scenario) => console.Write(new Rule(Markup.Escape(scenario)).LeftJustified());

    public void Say(string text) => console.WriteLine(text);

    public void Fail(string why)
    {
        failures.Add(why);
        console.MarkupLineInterpolated($"[red]{why}[/]");
    }

    public void Add(Point point, string? firstError = null)
    {
        points.Add(point with { Machine = Machine, Settings = Settings });
        (string Before, double? Value, string After)[] figures =
            [("", point.Throughput, "/s"), ("p50 ", point.P50Ms, " ms"), ("p95 ", point.P95Ms, " ms"), ("p99 ", point.P99Ms, " ms"),
                ("", point.CpuMsPerOperation, " CPU ms")];
        var known = figures.Where(it => it.Value is not null).Select(it => $"{it.Before}{Text(it.Value)}{it.After}");
        console.WriteLine($"  {PlainNameOf(point)}: {string.Join(", ", known)}");
        if (point.Throughput == 0)
            Fail($"{PlainNameOf(point)}: nothing was finished within the time.");
        if (point.Errors > 0)
            Fail($"{PlainNameOf(point)}: {point.Errors} errors, the first: {firstError}");
    }

    /// <summary>The tables of what was added since the last time, and the file.</summary>
    public async Task Conclude(CancellationToken token)
    {
        var added = points.Skip(shown).ToList();
        shown = points.Count;
        if (added.Count > 0)
        {
            console.WriteLine(Machine);
            console.WriteLine(Settings);
            console.Write(Figures(added));
            WritePerProcess("CPU ms per operation", added, point => point.CpuMsPerOperationOf);
            WritePerProcess("MB of memory", added, point => point.RssMb);
            foreach (var point in added.Where(point => point.More.Count > 0))
                console.WriteLine($"{PlainNameOf(point)}: {point.More.ToJsonString()}");
        }
        if (jsonFile is not null)
            await PointFile.Write(jsonFile, points, token);
    }

    private static Table Figures(List<Point> added)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (var heading in new[] { "per second", "p50 ms", "p95 ms", "p99 ms", "floor per second", "ratio", "CPU ms", "oversold", "errors" })
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        foreach (var point in added)
            table.AddRow(
                NameOf(point), Text(point.Throughput), Text(point.P50Ms), Text(point.P95Ms), Text(point.P99Ms), Text(point.FloorThroughput),
                    Text(point.RatioToFloor),
                Text(point.CpuMsPerOperation), Text(point.Oversold), Text(point.Errors));
        return table;
    }

    private void WritePerProcess(string title, List<Point> added, Func<Point, IReadOnlyDictionary<string, double>?> values)
    {
        added = added.FindAll(point => values(point) is not null);
        if (added.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple).Title(title);
        table.AddColumn("");
        var processes = added.SelectMany(point => values(point)?.Keys ?? []).Distinct().ToList();
        processes.ForEach(process => table.AddColumn(process, column => column.RightAligned().NoWrap()));
        foreach (var point in added)
            table.AddRow([NameOf(point), .. processes.Select(process => values(point)?.TryGetValue(process, out var value) == true ? Text(value) : "")]);
        console.Write(table);
    }

    private static string NameOf(Point point) => Markup.Escape(PlainNameOf(point));

    private static string PlainNameOf(Point point) => point.Clients is null ? point.Scenario : $"{point.Scenario} × {point.Clients}";

    private static string Text(double? value) => value switch
    {
        null => "",
        >= 100 => $"{value:#,0}",
        >= 10 => $"{value:0.0}",
        >= 0.1 or 0 => $"{value:0.##}",
        _ => $"{value:0.####}",
    };
}
