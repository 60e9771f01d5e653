using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Oms.AppHost.Local;

/// <summary>Writes the description of the API to a file, unless that would break whoever relies on what is in it.</summary>
internal static class DescribeCommand
{
    private const int Written = 0;
    private const int Breaks = 1;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string DefaultPath => Path.Combine(DataFolder.RepositoryRoot(), "docs", "openapi.json");

    public static async Task<int> Run(Uri gateway, string file, bool mayBreak, Action<string> say, CancellationToken token)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var now = JsonNode.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), token))!;
        var breaks = File.Exists(file) ? Compatibility.Breaks(JsonNode.Parse(await File.ReadAllTextAsync(file, token))!, now) : [];
        foreach (var broken in breaks)
            say($"Breaks: {broken}");
        if (breaks.Count > 0 && !mayBreak)
        {
            say($"{file} is as it was: this would break whoever relies on it. With --breaking it is written all the same.");
            return Breaks;
        }
        await File.WriteAllTextAsync(file, Text(now), token);
        say($"{file} is written.");
        return Written;
    }

    /// <summary>As it lies in the repository.</summary>
    public static string Text(JsonNode document) => document.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
}
