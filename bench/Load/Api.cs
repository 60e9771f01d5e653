using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Oms.Bench.Load;

/// <summary>
/// The public API, as cheap for the caller as can be: it shares the processors with what it measures. Nothing is tried again, because a failure
/// is a finding.
/// </summary>
internal sealed class Api : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    });
    private readonly Uri gateway;
    private readonly string key;

    public Api(Uri gateway, string key)
    {
        this.gateway = gateway;
        this.key = key;
    }

    /// <summary>The status; the body is read and dropped.</summary>
    public async Task<HttpStatusCode> Status(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken token)
    {
        using var response = await Send(method, path, body, Json, token);
        await response.Content.CopyToAsync(Stream.Null, token);
        return response.StatusCode;
    }

    public Task<HttpStatusCode> Get(string path, CancellationToken token) => Status(HttpMethod.Get, path, default, token);

    public async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken token)
    {
        using var response = await Send(HttpMethod.Get, path, default, Json, token);
        return await Read(response, path, type, token);
    }

    public Task<TAnswer> Post<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken token) =>
        Call(HttpMethod.Post, path, body, bodyType, type, token);

    public Task<TAnswer> Put<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken token) =>
        Call(HttpMethod.Put, path, body, bodyType, type, token);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, ReadOnlyMemory<byte> body, MediaTypeHeaderValue type, CancellationToken token)
    {
        var content = body.IsEmpty ? null : new ReadOnlyMemoryContent(body) { Headers = { ContentType = type } };
        return await Send(method, path, content, token);
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content, CancellationToken token)
    {
        var request = new HttpRequestMessage(method, new Uri(gateway, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return await http.SendAsync(request, token);
    }

    public void Dispose() => http.Dispose();

    private async Task<TAnswer> Call<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken token)
    {
        using var response = await Send(method, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), Json, token);
        return await Read(response, path, type, token);
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, string path, JsonTypeInfo<T> type, CancellationToken token)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        if (response.IsSuccessStatusCode)
            return await JsonSerializer.DeserializeAsync(stream, type, token) ?? throw new BenchException($"{path} was answered with null.");
        using var reader = new StreamReader(stream);
        throw new BenchException($"{path} was answered with {(int)response.StatusCode} {await reader.ReadToEndAsync(token)}");
    }
}
