using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests.Hostile;

/// <summary>
/// Everything that the API describes, with everything in it replaced by what nobody should send: the answer is a problem document that says it was the sender's
/// fault, never one of ours, and nothing has changed in any database.
/// </summary>
[Collection(typeof(FaultCollection))]
public sealed class HostileInputTests(FaultPlatform platform) : IAsyncLifetime
{
    private const int AtATime = 8;

    private readonly HttpClient http = Merchant.Of(platform.Platform).Http;
    private readonly ConcurrentBag<string> wrong = [];
    private int requests;
    private ApiDescription api = null!;

    public async ValueTask InitializeAsync() => api = new(await Merchant.Of(platform.Platform).Get("/openapi/v1.json"));

    public ValueTask DisposeAsync()
    {
        Load.Say($"{requests} requests");
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A member that nobody knows makes each of them wrong for sure, whatever else is in it.</summary>
    [Fact]
    public async Task A_body_with_anything_in_it_is_the_senders_fault_and_changes_nothing()
    {
        var before = await Everything();
        await Each(api.Operations.Where(it => it.Body is JsonObject).SelectMany(operation =>
        {
            var body = operation.Body!.DeepClone();
            body["nobodyKnowsThis"] = 1;
            return Mutations.Places(operation.Body).Where(place => place.Length == 1).SelectMany(place => HostileValues.Json.Select(value => (operation, Mutations.With(body, place, value))));
        }), it => Send(it.operation, it.operation.Target(), Text(it.operation, it.Item2), mustBeRefused: !IsRowByRow(it.operation)));

        wrong.ShouldBeEmpty($"of {requests} requests");
        (await Everything()).ShouldBe(before);
    }

    /// <summary>Each for itself, some of them may even be right: then they are done, and everything still adds up.</summary>
    [Fact]
    public async Task A_body_with_anything_in_any_place_never_breaks_anything()
    {
        await Each(api.Operations.Where(it => it.Body is not null).SelectMany(operation => Mutations.Places(operation.Body)
                .SelectMany((place, index) => HostileValues.Json.Append(null)
                    .Where((_, number) => (number + index + FaultSettings.Seed) % FaultSettings.HostileEvery == 0).Select(value => (operation, Mutations.With(operation.Body!, place, value))))),
            it => Send(it.operation, it.operation.Target(), Text(it.operation, it.Item2), mustBeRefused: false));

        wrong.ShouldBeEmpty($"of {requests} requests");
        using var caller = new PatientCaller(http);
        await Invariants.EverythingReconciles(caller);
    }

    [Fact]
    public async Task A_body_that_is_no_body_is_the_senders_fault()
    {
        var before = await Everything();
        await Each(api.Operations.Where(it => it.Body is not null && !IsRowByRow(it)).SelectMany(operation => HostileValues.Bodies.Select(bytes => (operation, bytes))),
            it => Send(it.operation, it.operation.Target(), new ByteArrayContent(it.bytes) { Headers = { ContentType = new(it.operation.ContentType!) } }, mustBeRefused: true));
        await Each(api.Operations.Where(it => it.Body is not null && !IsRowByRow(it)).SelectMany(operation => ((string?[])["text/plain", "application/xml", "multipart/form-data", null])
                .Select(type => (operation, type))),
            it => Send(it.operation, it.operation.Target(), new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = it.type is null ? null : new(it.type) } }, mustBeRefused: true));

        wrong.ShouldBeEmpty($"of {requests} requests");
        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task Anything_in_a_path_or_a_query_is_the_senders_fault_or_nothing_that_exists()
    {
        var before = await Everything();
        await Each(api.Operations.Where(it => it.Method is "GET" or "DELETE" || it.PathParameters.Count > 0).SelectMany(operation =>
                operation.PathParameters.SelectMany(name => HostileValues.Url.Select(value => (operation, operation.Target(name, value))))
                    .Concat(operation.QueryParameters.SelectMany(name => HostileValues.Url.Select(value => (operation, $"{operation.Target()}?{name}={value}"))))),
            it => Send(it.operation, it.Item2, it.operation.Body is null ? null : Text(it.operation, "{\"nobodyKnowsThis\":1}"), mustBeRefused: it.operation.Method != "GET"));

        wrong.ShouldBeEmpty($"of {requests} requests");
        (await Everything()).ShouldBe(before);
    }

    /// <summary>Headers that say who or where somebody is, or what they have seen, are not believed; strange ones break nothing.</summary>
    [Fact]
    public async Task Anything_in_a_header_is_not_believed()
    {
        (string Name, string Value)[] headers =
        [
            ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "evil.example"), ("X-Original-URL", "/v1/api-keys"), ("X-HTTP-Method-Override", "DELETE"),
            ("X-User", "admin"), ("sub", "admin"), ("scope", "access:manage"), ("Transfer-Encoding", "chunked"), ("Host", "evil.example"), ("Upgrade", "h2c"),
            ("If-Match", "\"99999999999999999999\""), ("If-Match", "*, \"1\""), ("If-None-Match", "'"), ("Idempotency-Key", new string('k', 5_000)), ("Idempotency-Key", "'; --"),
            ("Accept", "application/xml"), ("Accept-Encoding", "zstd"), ("Prefer", "return='; --, wait=-1"), ("Range", "bytes=0-0,1-1"), ("traceparent", "00-zz-zz-zz"),
            ("Content-Encoding", "gzip"), ("Expect", "100-continue"), ("Cookie", "a=b"), ("Connection", "X-Api-Key"),
        ];
        var before = await Everything();
        // A reconciliation reads everything, whatever its headers say.
        await Each(api.Operations.Where(it => !it.Path.EndsWith("/reconciliation", StringComparison.Ordinal)).SelectMany(operation => headers.Select(header => (operation, header))),
            it => Send(it.operation, it.operation.Target(), it.operation.Body is null ? null : Text(it.operation, "{\"nobodyKnowsThis\":1}"),
                mustBeRefused: it.operation.Method != "GET" && !IsRowByRow(it.operation), it.header));

        wrong.ShouldBeEmpty($"of {requests} requests");
        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read()
    {
        await Each(api.Operations.Where(it => it.Body is not null && !IsRowByRow(it)), async operation =>
        {
            using var request = new HttpRequestMessage(new(operation.Method), operation.Target()) { Content = new ByteArrayContent(new byte[3_000_000]) };
            request.Content.Headers.ContentType = new(operation.ContentType!);
            request.Headers.ExpectContinue = true;
            using var response = await http.SendAsync(request);
            if ((int)response.StatusCode != 413)
                wrong.Add($"{operation}: {(int)response.StatusCode}");
        });
        wrong.ShouldBeEmpty();
    }

    // An import answers each row for itself, with 200 for all of them together.
    private static bool IsRowByRow(ApiDescription.Operation operation) => operation.ContentType == "application/x-ndjson";

    // The server itself refuses a zero in a path, before anything of ours is asked: 400, without a body.
    private static bool IsNoUrl(string target) => target.Split('?')[0].Contains("%00", StringComparison.Ordinal);

    private static StringContent Text(ApiDescription.Operation operation, string json) => new(json, Encoding.UTF8, operation.ContentType!);

    private static Task Each<T>(IEnumerable<T> all, Func<T, Task> one) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (it, _) => await one(it));

    private async Task Send(ApiDescription.Operation operation, string target, HttpContent? content, bool mustBeRefused, (string Name, string Value)? header = null)
    {
        Interlocked.Increment(ref requests);
        var uri = new Uri(http.BaseAddress + target.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new(operation.Method), uri) { Content = content };
        var named = header is { Name: { } name, Value: { } value } && !(name == "Content-Encoding" ? content?.Headers.TryAddWithoutValidation(name, value) ?? false
            : request.Headers.TryAddWithoutValidation(name, value)) ? "" : $" {header?.Name}";
        var said = content is null ? "" : await Short(content);
        try
        {
            using var response = await http.SendAsync(request);
            var status = (int)response.StatusCode;
            if (status >= 500 || mustBeRefused && status < 400 || status >= 400 && !IsNoUrl(target) && !await IsProblem(response))
                wrong.Add($"{operation.Method} {target[..Math.Min(120, target.Length)]}{named} {said}: {status} {response.Content.Headers.ContentType}");
        }
        catch (HttpRequestException error) when (error.InnerException is FormatException or ArgumentException or InvalidOperationException)
        {
            // Our own client would not send it.
            Interlocked.Decrement(ref requests);
        }
    }

    private static async Task<string> Short(HttpContent content)
    {
        var text = await content.ReadAsStringAsync();
        return text.Length > 300 ? $"{text[..300]}… ({text.Length})" : text;
    }

    private static async Task<bool> IsProblem(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return false;
        var problem = JsonSerializer.Deserialize<JsonNode>(await response.Content.ReadAsStringAsync())!;
        return problem["code"] is not null && problem["status"]!.GetValue<int>() == (int)response.StatusCode && problem["traceId"] is not null;
    }

    /// <summary>The last fact of every service, and how much is kept besides.</summary>
    private async Task<string> Everything()
    {
        var text = new StringBuilder();
        foreach (var (name, connection) in platform.Platform.ConnectionStrings.Where(it => it.Key.EndsWith("db", StringComparison.Ordinal)))
        {
            await using var database = NpgsqlDataSource.Create(connection);
            await using var command = database.CreateCommand("select count(*) || ' facts, ' || (select count(*) from oms.stored_answer) || ' answers' from oms.mt_events");
            text.Append($"{name}: {await command.ExecuteScalarAsync()}\n");
        }
        return text.ToString();
    }
}
