using System.Net;
using System.Text;
using Oms.ServiceDefaults;

namespace Oms.Gateway;

/// <summary>What the <c>type</c> of a problem leads to: what it means and what to do about it, from <c>docs/problems.md</c>.</summary>
internal sealed class ProblemPages
{
    private const string Path = "/problems";
    private const string Style =
        """
        body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1d2430;background:#fff}h1{font-size:1.6rem;overflow-wrap:anywhere}
        dt{color:#5b6676;font-size:.85rem;margin-top:1rem}dd{margin:0}a{color:#0b5cad}code{font-size:.95em}li{margin:.25rem 0}
        @media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}a{color:#7db8ff}dt{color:#9aa5b5}}
        """;

    private readonly Dictionary<string, string[]> problems;
    private readonly Dictionary<string, (string Means, string Remedy)> statuses;

    private ProblemPages(string markdown)
    {
        var rows = markdown.Split('\n').Where(it => it.StartsWith("| ", StringComparison.Ordinal)).Select(it => it.Trim('|', ' ').Split(" | ")).ToList();
        problems = rows.Where(it => it.Length == 4 && it[0].StartsWith('`')).ToDictionary(it => it[0].Trim('`'), it => it[1..]);
        statuses = rows.Where(it => it.Length == 3 && char.IsDigit(it[0][0]))
            .SelectMany(it => it[0].Split(", ").Select(status => (status, it[1], it[2]))).ToDictionary(it => it.status, it => (it.Item2, it.Item3));
    }

    public static void Map(WebApplication app)
    {
        var pages = new ProblemPages(Read());
        app.MapGet(Path, () => TypedResults.Text(pages.All(), "text/html")).ExcludeFromDescription().AllowAnonymous();
        app.MapGet($"{Path}/{{code}}", pages.One).ExcludeFromDescription().AllowAnonymous();
    }

    private IResult One(string code) => problems.TryGetValue(code, out var row)
        ? TypedResults.Text(Page(code, Describe(code, row)), "text/html")
        : TypedResults.Problem(Problems.Problem(StatusCodes.Status404NotFound, "problem-not-found", $"There is no problem {code}. {Path} lists all of them."));

    private string Describe(string code, string[] row)
    {
        var text = new StringBuilder($"<p><a href=\"{Path}\">All problems</a></p><h1>{Html(code)}</h1><dl>");
        foreach (var status in row[0].Split(", "))
        {
            text.Append($"<dt>Status</dt><dd>{Html(status)}</dd>");
            if (statuses.TryGetValue(status, out var known))
                text.Append($"<dt>Means</dt><dd>{Markup(known.Means)}</dd><dt>What to do</dt><dd>{Markup(known.Remedy)}</dd>");
        }
        return text.Append($"<dt>Says</dt><dd>{Markup(row[1])}</dd><dt>From</dt><dd>{Html(row[2])}</dd></dl>").ToString();
    }

    private string All() => Page("Problems", $"<h1>Problems</h1><p>Every refusal of this API has one of these types. They never change.</p><ul>{string.Concat(
        problems.Select(it => $"<li><a href=\"{Path}/{Html(it.Key)}\">{Html(it.Key)}</a> {Html(it.Value[0])}</li>"))}</ul>");

    private static string Page(string title, string body) =>
        $"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Html(title)}</title>
        <style>{Style}</style></head><body>{body}</body></html>
        """;

    // The file is Markdown with what HTML needs escaped already.
    private static string Markup(string markdown)
    {
        var parts = markdown.Replace("\\|", "|", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<br&gt;", "<br>", StringComparison.Ordinal).Split('`');
        return string.Concat(parts.Select((part, index) => index % 2 == 1 ? $"<code>{part}</code>" : part));
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Read()
    {
        using var stream = typeof(ProblemPages).Assembly.GetManifestResourceStream("problems.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
