using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Oms.SystemTests.Faults;

/// <summary>
/// A channel, a warehouse or a carrier while things break: says the same again, under the same key, until it is answered, and looks again until it sees what it
/// waits for. Never more than a few calls at a time.
/// </summary>
internal sealed class PatientCaller(HttpClient http) : IDisposable
{
    /// <summary>What piled up during a longer outage takes longer to be worked off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90) + 2 * FaultSettings.Outage;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(800);

    private readonly SemaphoreSlim calls = new(8);
    private int unanswered;

    /// <summary>How many calls had to be repeated.</summary>
    public int Unanswered => unanswered;

    public async Task<JsonNode> Say(string path, object body, string key) => JsonNode.Parse(await Say(path, () =>
        new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } }))!;

    /// <summary>All rows, and all of them again if the answer breaks off; the answer is one line a row.</summary>
    public async Task<IReadOnlyList<JsonNode>> Import(string path, IEnumerable<object> rows)
    {
        var text = string.Join('\n', rows.Select(row => JsonSerializer.Serialize(row)));
        var answer = await Say(path, () => new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(text, Encoding.UTF8, "application/x-ndjson") });
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    public Task<JsonNode> Look(string path, Func<JsonNode, bool> wanted) => Until($"GET {path}", async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var (ok, text) = await Send(request);
        var found = ok ? JsonNode.Parse(text) : null;
        return (found is not null && wanted(found) ? found : null, text);
    });

    public Task<JsonNode> Look(string path) => Look(path, _ => true);

    /// <summary>Asks again and again, ever more slowly, so that what it waits for has the cores; fails with what it saw last.</summary>
    public static async Task<T> Until<T>(string what, Func<Task<(T? Found, string Seen)>> look) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(Pause);
        while (true)
        {
            var (found, seen) = await look();
            if (found is not null)
                return found;
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"{what} does not become what is waited for. It is: {seen}");
            await pause.WaitForNextTickAsync();
            pause.Period = TimeSpan.FromTicks(Math.Min(2 * pause.Period.Ticks, PauseMax.Ticks));
        }
    }

    public void Dispose() => calls.Dispose();

    private Task<string> Say(string path, Func<HttpRequestMessage> request) => Until($"POST {path}", async () =>
    {
        using var next = request();
        var (ok, text) = await Send(next);
        if (!ok)
            Interlocked.Increment(ref unanswered);
        return (ok ? text : null, text);
    });

    // Whoever gets no answer does not know whether it happened.
    private async Task<(bool Ok, string Text)> Send(HttpRequestMessage request)
    {
        await calls.WaitAsync();
        try
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return (response.IsSuccessStatusCode, response.IsSuccessStatusCode ? text : $"{(int)response.StatusCode} {text}");
        }
        catch (Exception none) when (none is HttpRequestException or OperationCanceledException)
        {
            return (false, none.Message);
        }
        finally
        {
            calls.Release();
        }
    }
}
