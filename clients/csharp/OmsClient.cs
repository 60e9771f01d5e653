using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Oms.Client;

/// <param name="http">Knows the gateway's address and the API key. Whoever made it disposes of it.</param>
public sealed partial class OmsClient(HttpClient http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue JsonLines = new("application/x-ndjson");

    /// <summary>Many orders at once, one a line. The answers come while orders are still being sent.</summary>
    /// <exception cref="OmsException">None of it was read; a single order that is refused is an answer like the others.</exception>
    public async IAsyncEnumerable<ImportOrdersRowResult> ImportOrdersAsync(
        IEnumerable<OrderBody> orders, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var lines = string.Join('\n', orders.Select(order => JsonSerializer.Serialize(order, OmsJson.Default.OrderBody)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/orders/import", UriKind.Relative));
        request.Content = new StringContent(lines, Encoding.UTF8, JsonLines);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefused(response, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            yield return JsonSerializer.Deserialize(line, OmsJson.Default.ImportOrdersRowResult)!;
    }

    private async Task<T> Send<T>(Call call, CancellationToken token) where T : class
    {
        using var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.Body is { } body)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, OmsJson.Default.GetTypeInfo(body.GetType())!)) { Headers = { ContentType = Json } };
        foreach (var (name, value) in call.Headers.Where(it => it.Value is not null))
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
        await ThrowIfRefused(response, token).ConfigureAwait(false);
        if (typeof(T) == typeof(string))
            return (T)(object)await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
        return await Read((JsonTypeInfo<T>)OmsJson.Default.GetTypeInfo(typeof(T))!, response, token).ConfigureAwait(false) ?? throw new JsonException("The answer is null.");
    }

    private static async Task ThrowIfRefused(HttpResponseMessage response, CancellationToken token)
    {
        if (response.IsSuccessStatusCode)
            return;
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        throw new OmsException(response.StatusCode, isProblem ? await Read(OmsJson.Default.Problem, response, token).ConfigureAwait(false) : null);
    }

    private static async Task<T?> Read<T>(JsonTypeInfo<T> type, HttpResponseMessage response, CancellationToken token)
    {
        var stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
            return await JsonSerializer.DeserializeAsync(stream, type, token).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<T> Pages<TPage, T>(Func<string?, CancellationToken, Task<TPage>> read, [EnumeratorCancellation] CancellationToken token)
        where TPage : IPage<T>
    {
        string? after = null;
        do
        {
            var page = await read(after, token).ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;
            after = page.Next;
        }
        while (after is not null);
    }

    private static string Part(object value) => Uri.EscapeDataString(Text(value));

    private static string Text(object value) => value switch
    {
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private sealed record Call(HttpMethod Method, string Path)
    {
        public (string Name, object? Value)[] Query { get; init; } = [];

        public object? Body { get; init; }

        public (string Name, string? Value)[] Headers { get; init; } = [];

        public Uri Address => new(Path + string.Concat(Query.Where(it => it.Value is not null).Select((it, at) => $"{(at == 0 ? '?' : '&')}{it.Name}={Part(it.Value!)}")), UriKind.Relative);
    }
}

/// <summary>As the API writes and reads; members that this version does not know are skipped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class OmsJson;
