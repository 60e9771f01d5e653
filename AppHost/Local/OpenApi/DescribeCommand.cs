using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Oms.AppHost.Local;

/// <summary>
/// Writes the description of the API to a file, unless that would break whoever relies on what is in it; and with the copy in the repository the clients that are
/// generated from it.
/// </summary>
internal static class DescribeCommand
{
    private const int Written = 0;
    private const int Breaks = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string DefaultPath => Path.Combine(DataFolder.RepositoryRoot(), "docs", "openapi.json");

    public static async Task<int> Run(Uri gateway, string file, bool mayBreak, Action<string> say, CancellationToken token)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var before = File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file, token)) : null;
        var now = await Described(http, before, token);
        var breaks = before is null ? [] : Compatibility.Breaks(before, now);
        foreach (var broken in breaks)
            say($"Breaks: {broken}");
        if (breaks.Count > 0 && !mayBreak)
        {
            say($"{file} is as it was: this would break whoever relies on it. With --breaking it is written all the same.");
            return Breaks;
        }
        await File.WriteAllTextAsync(file, Text(now), token);
        say($"{file} is written.");
        if (file == DefaultPath)
            await WriteClients(now, say, token);
        return Written;
    }

    private static async Task WriteClients(JsonNode description, Action<string> say, CancellationToken token)
    {
        await File.WriteAllTextAsync(CSharpClient.File, await CSharpClient.Write(description, token), token);
        say($"{CSharpClient.File} is written.");
        await File.WriteAllTextAsync(TypeScriptClient.File, await TypeScriptClient.Write(DefaultPath, say, token), token);
        say($"{TypeScriptClient.File} is written.");
    }

    // A service that has just started may be too slow for the gateway's patience, and is left out: then it is asked again.
    private static async Task<JsonNode> Described(HttpClient http, JsonNode? before, CancellationToken token)
    {
        var now = before;
        await Wait.Until(async () =>
        {
            now = JsonNode.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), token));
            return before is null || !Tags(before).Except(Tags(now!)).Any();
        }, Patience, token);
        return now!;
    }

    private static IEnumerable<string> Tags(JsonNode document) => document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>());

    /// <summary>As it lies in the repository.</summary>
    public static string Text(JsonNode document) => document.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
}
