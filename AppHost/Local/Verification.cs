using System.Net.Http.Headers;
using System.Text.Json;
using Spectre.Console;

namespace Oms.AppHost.Local;

/// <summary>Asks a platform whether everything adds up, and shows the answer.</summary>
internal static class Verification
{
    private const int Clean = 0;
    private const int Differs = 1;
    private const int FileWidth = 400;

    /// <summary>How long news may be on its way before it is looked at whatever comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Until no message waits in any queue but those of errors.</summary>
    public static async Task WaitForQuiet(LocalServers servers, Action<string> say, CancellationToken token)
    {
        say("Waiting until no message is on its way …");
        if (!await Wait.Until(async () => await servers.CountWaitingMessages(token) == 0, Patience, token))
            say($"Messages are still on their way after {Patience.TotalMinutes:0} minutes.");
    }

    /// <summary>0 when nothing differs, 1 when something does.</summary>
    /// <param name="reportFile">Where to write the platform's own words, if anywhere.</param>
    public static async Task<int> Run(Uri gateway, string apiKey, string? reportFile, Action<string> say, CancellationToken token)
    {
        say("Comparing everything with everything …");
        var (report, text) = await AskUntilSettled(gateway, apiKey, token);
        if (reportFile is not null)
            await File.WriteAllTextAsync(reportFile, text, token);
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = FileWidth;
        Show(report, console);
        return report.DifferencesFound == 0 ? Clean : Differs;
    }

    /// <summary>Orders that move say nothing; so they are given the time to arrive.</summary>
    private static async Task<(Report Report, string Text)> AskUntilSettled(Uri gateway, string apiKey, CancellationToken token)
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (report, text) = await Ask(http, token);
            if (report.Moving == 0 || TimeProvider.System.GetElapsedTime(begun) > Patience)
                return (report, text);
        }
    }

    private static async Task<(Report Report, string Text)> Ask(HttpClient http, CancellationToken token)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("v1/reconciliation", UriKind.Relative), token);
            var text = await answer.Content.ReadAsStringAsync(token);
            return answer.IsSuccessStatusCode && JsonSerializer.Deserialize<Report>(text, JsonSerializerOptions.Web) is { } report
                ? (report, text)
                : throw new PlatformException($"The gateway answered {(int)answer.StatusCode}: {text}");
        }
        catch (HttpRequestException error)
        {
            throw new PlatformException($"The gateway could not be asked: {error.Message}");
        }
    }

    private static void Show(Report report, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("checks").RightAligned())
            .AddColumn(new TableColumn("differences").RightAligned());
        foreach (var (service, own) in report.Services.OrderBy(it => it.Key, StringComparer.Ordinal))
            Row(service, own.Checks, own.DifferencesFound);
        Row("between services", report.Across.Checks, report.Across.DifferencesFound);
        Row("all", report.Checks, report.DifferencesFound);
        foreach (var (service, own) in report.Services.OrderBy(it => it.Key, StringComparer.Ordinal).Append(new("between services", report.Across)))
        {
            foreach (var difference in own.Differences)
                console.WriteLine($"Difference, {service}: {difference.What}, {difference.Key}: expected {Short(difference.Expected)}, actual {Short(difference.Actual)}");
            if (own.DifferencesFound > own.Differences.Count)
                console.WriteLine($"… and {own.DifferencesFound - own.Differences.Count} more in {service}.");
        }
        console.Write(table);
        if (report.Moving > 0)
            console.WriteLine($"{report.Moving} things were still moving and are not judged.");
        console.WriteLine(report.DifferencesFound == 0 ? $"Everything adds up ({report.Seconds:0.0} s)." : "Not everything adds up: see above.");

        void Row(string name, long checks, long differences) => table.AddRow(new Text(name), new Text($"{checks:#,0}"), new Text($"{differences:#,0}"));
    }

    /// <summary>A whole document would hide the others; the report file has it.</summary>
    private static string Short(string text) => text.Length <= 100 ? text : $"{text[..100]}…";

    private sealed record Report(long Checks, long DifferencesFound, IReadOnlyDictionary<string, Part> Services, Part Across, long Moving, double Seconds);

    private sealed record Part(long Checks, IReadOnlyList<Difference> Differences, long DifferencesFound);

    private sealed record Difference(string What, string Key, string Expected, string Actual);
}
