using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Oms.Sample;

/// <summary>Why a call was refused: an RFC 9457 problem.</summary>
internal sealed record Problem(string? Code, string? Detail, Dictionary<string, string[]>? Errors = null)
{
    public override string ToString() =>
        string.Join(' ', [Code ?? "no problem document", Detail ?? "", .. (Errors ?? []).Select(error => $"{error.Key}: {string.Join("; ", error.Value)}.")]);
}

/// <summary>An answer of the API: what was asked for, or why not.</summary>
/// <param name="IsRepeated">An earlier try may have had its effect, though its answer never came.</param>
internal sealed record Answer<T>(HttpStatusCode Status, T? Body, Problem? Problem, bool IsRepeated = false) where T : class
{
    public bool IsRefused => Problem is not null;

    /// <summary>The body; a refusal ends the run.</summary>
    public T Required(string what) => Body ?? throw new SampleException($"{what} was refused: {(int)Status} {Problem}");
}

/// <summary>
/// The HTTP API, thin. Whatever may be a matter of time (no connection, 429, 5xx) is tried again with the same key and body
/// for <see cref="PatienceSecondsMax"/>, so a service that dies in the middle only costs time.
/// </summary>
internal sealed class OmsClient : IDisposable
{
    public const int PatienceSecondsMax = 120;
    private const int CallSecondsMax = 100;
    private const int PauseMillisecondsMin = 100;
    private const int PauseMillisecondsMax = 5_000;
    private const int ConnectionsMax = 48;

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private int waiting;
    private int retries;

    public OmsClient(Uri gateway, string apiKey, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        http = new(handler ?? new SocketsHttpHandler
        {
            MaxConnectionsPerServer = ConnectionsMax,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,       // each call begins its own trace
        })
        {
            BaseAddress = gateway,
            Timeout = TimeSpan.FromSeconds(CallSecondsMax),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Whether a call is being tried again: then nothing is stuck yet, only late.</summary>
    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    /// <summary>How often a call was tried again.</summary>
    public int Retries => Volatile.Read(ref retries);

    public Task<Answer<T>> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken token) where T : class =>
        Send(HttpMethod.Get, path, null, null, type, token);

    public Task<Answer<T>> Put<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken token)
        where T : class => Send(HttpMethod.Put, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), null, type, token);

    public Task<Answer<T>> Delete<T>(string path, JsonTypeInfo<T> type, CancellationToken token) where T : class =>
        Send(HttpMethod.Delete, path, null, null, type, token);

    /// <param name="key">The Idempotency-Key; null where the call is known by its content.</param>
    public Task<Answer<T>> Post<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken token, string? key = null)
        where T : class => Send(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), key, type, token);

    /// <summary>All items of a list, page by page. A list that cannot be read ends the run.</summary>
    public async IAsyncEnumerable<T> List<T>(
        string path, JsonTypeInfo<Page<T>> type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token) where T : class
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? cursor = null;
        do
        {
            var answer = await Get(cursor is null ? path : $"{path}{separator}after={Uri.EscapeDataString(cursor)}", type, token);
            var page = answer.Required($"Reading {path}");
            foreach (var item in page.Items)
                yield return item;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    public void Dispose() => http.Dispose();

    private async Task<Answer<T>> Send<T>(HttpMethod method, string path, byte[]? body, string? key, JsonTypeInfo<T> type, CancellationToken token)
        where T : class
    {
        var begun = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            string why;
            var retryAfter = TimeSpan.Zero;
            try
            {
                using var request = Request(method, path, body, key);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                if (!IsAMatterOfTime(response.StatusCode))
                    return (await Read(response, type, token)) with { IsRepeated = attempt > 0 };
                why = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(token)}";
                retryAfter = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            }
            catch (Exception error) when (error is HttpRequestException or IOException || error is OperationCanceledException && !token.IsCancellationRequested)
            {
                why = error.Message;
            }
            catch (JsonException error)
            {
                throw new SampleException($"{method} {path} was answered with something else than {typeof(T).Name}: {error.Message}", error);
            }
            if (time.GetElapsedTime(begun).TotalSeconds > PatienceSecondsMax)
                throw new SampleException($"{method} {path} did not succeed within {PatienceSecondsMax} seconds: {why}");
            await Wait(attempt, retryAfter, token);
        }
    }

    private async Task Wait(int attempt, TimeSpan atLeast, CancellationToken token)
    {
        var backoff = Math.Min(PauseMillisecondsMax, PauseMillisecondsMin << Math.Min(attempt, 10));
        var pause = TimeSpan.FromMilliseconds(backoff * (0.5 + Random.Shared.NextDouble() / 2));
        Interlocked.Increment(ref retries);
        Interlocked.Increment(ref waiting);
        try
        {
            await Task.Delay(pause > atLeast ? pause : atLeast, time, token);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? key)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static async Task<Answer<T>> Read<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken token) where T : class
    {
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        if (response.IsSuccessStatusCode)
            return new(response.StatusCode, await JsonSerializer.DeserializeAsync(stream, type, token), null);
        var isProblem = response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json";
        var problem = isProblem ? await JsonSerializer.DeserializeAsync(stream, Wire.Default.Problem, token) : null;
        return new(response.StatusCode, null, problem ?? new(null, null));
    }

    private static bool IsAMatterOfTime(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;
}
