using System.Text.RegularExpressions;

namespace Oms.AppHost.Local;

/// <summary>The console: what the launcher says, and the services' log lines, each behind its service's name in its own color.</summary>
internal sealed partial class Board(TextWriter output, bool colored, IReadOnlyList<string> sources)
{
    private static readonly int[] Colors = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];
    private readonly Lock gate = new();
    private readonly int width = sources.Select(source => source.Length).Append(3).Max();

    public static Board ForConsole(IReadOnlyList<string> sources) =>
        new(Console.Out, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), sources);

    public void Say(string text)
    {
        lock (gate)
            output.WriteLine(text);
    }

    public void Line(string source, string text)
    {
        var prefix = source.PadRight(width) + " │ ";
        lock (gate)
            output.WriteLine((colored ? $"\e[{ColorOf(source)}m{prefix}\e[0m" : prefix) + Escapes().Replace(text, ""));
    }

    public void Table(IReadOnlyList<(string Name, string Value)> rows)
    {
        var column = rows.Max(row => row.Name.Length);
        Say("");
        foreach (var (name, value) in rows)
            Say($"  {name.PadRight(column)}  {(colored ? $"\e[1m{value}\e[0m" : value)}");
        Say("");
    }

    /// <summary>By the service and not by the replica, and the same at every start.</summary>
    private int ColorOf(string source)
    {
        var index = Math.Max(0, sources.ToList().FindIndex(known => source == known || source.StartsWith(known + "-", StringComparison.Ordinal)));
        return Colors[index % Colors.Length];
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escapes();
}
