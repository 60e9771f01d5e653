using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Oms.AppHost.Local;
using Oms.SystemTests.Faults;

namespace Oms.SystemTests.Examples;

/// <summary>
/// Does operations as their examples in the description say, with what is random replaced by what was answered before. Whatever the description promises of an
/// operation besides (conditions, keys, cursors) is tried with it.
/// </summary>
internal sealed class ExampleCaller(HttpClient http, JsonNode document)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] ShowSecrets = ["CreateApiKey", "RotateApiKey"];

    private readonly Dictionary<string, Operation> operations = document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(it => new Operation(document, it.Key.ToUpperInvariant(), path.Key, it.Value!)))
        .ToDictionary(it => it.Id, StringComparer.Ordinal);

    private readonly HashSet<string> called = new(StringComparer.Ordinal);

    public IEnumerable<string> NotCalled => operations.Keys.Except(called).Order(StringComparer.Ordinal);

    /// <summary>The answer. An operation that waits for the news of others is <paramref name="whenPossible"/>.</summary>
    public async Task<JsonNode> Do(string id, Dictionary<string, object>? path = null, Action<JsonNode>? change = null, bool whenPossible = false)
    {
        var operation = operations[id];
        called.Add(id);
        var body = operation.Body?.DeepClone();
        if (body is not null)
            change?.Invoke(body);
        var target = operation.Target(path ?? []);
        return operation.Method == "GET" ? await Read(operation, target) : await Change(operation, target, body?.ToJsonString(), whenPossible);
    }

    private async Task<JsonNode> Read(Operation operation, string target)
    {
        var (answer, text) = await Answer(operation, operation.WithQuery(target));
        if (operation.Takes("If-None-Match"))
            await ReadsAgainCheaply(operation, operation.WithQuery(target), answer.Headers.ETag!.Tag);
        else
            answer.Headers.ETag.ShouldBeNull(operation.Id);
        if (operation.Takes("after"))
            await Pages(operation, target);
        return answer.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(text)! : JsonValue.Create(text);
    }

    /// <summary>RFC 9110, 13.1.2: to whom has it nothing is sent, however the tag is written; to whom has another one, everything.</summary>
    private async Task ReadsAgainCheaply(Operation operation, string target, string tag)
    {
        foreach (var known in (Func<string, string>[])[it => it, it => $"W/{it}", it => $"\"other\", {it}", _ => "*"])
        {
            // It may change meanwhile; then there is a new tag to know.
            while (true)
            {
                using var again = await Send(operation, target, null, ("If-None-Match", known(tag)));
                if (again.StatusCode == HttpStatusCode.NotModified)
                {
                    (again.Headers.ETag is not null, await again.Content.ReadAsStringAsync()).ShouldBe((true, ""), operation.Id);
                    break;
                }
                again.StatusCode.ShouldBe(HttpStatusCode.OK, operation.Id);
                again.Headers.ETag!.Tag.ShouldNotBe(tag, operation.Id);
                tag = again.Headers.ETag.Tag;
            }
        }
        using var other = await Send(operation, target, null, ("If-None-Match", "\"other\""));
        other.StatusCode.ShouldBe(HttpStatusCode.OK, operation.Id);
    }

    private async Task Pages(Operation operation, string target)
    {
        var (_, text) = await Answer(operation, $"{target}?limit=1");
        var page = JsonNode.Parse(text)!;
        page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(1, operation.Id);
        if (page["next"]?.GetValue<string>() is { } next)
            JsonNode.Parse((await Answer(operation, $"{target}?limit=1&after={next}")).Text)!["items"]![0]!.ToJsonString()
                .ShouldNotBe(page["items"]![0]!.ToJsonString(), operation.Id);
        await Refuses(operation, $"{target}?limit=0", null, 422, "invalid-limit");
        await Refuses(operation, $"{target}?limit=201", null, 422, "invalid-limit");
        await Refuses(operation, $"{target}?after=nonsense", null, 422, "invalid-cursor");
    }

    private async Task<JsonNode> Change(Operation operation, string target, string? body, bool whenPossible)
    {
        if (operation.Takes("If-Match"))
            await Refuses(operation, target, body, 412, "stale-version", ("If-Match", "\"999999\""));
        if (!operation.Takes("Idempotency-Key"))
        {
            var only = await Answer(operation, target, body);
            if (operation.Takes("Prefer"))
                await AnswersLater(operation, target, body, only.Response);
            return JsonNode.Parse(only.Text)!;
        }
        var key = ("Idempotency-Key", $"{Guid.CreateVersion7()}");
        var (first, text) = whenPossible
            ? await PatientCaller.Until(operation.Id, async () =>
            {
                var response = await Send(operation, target, body, key);
                var said = await response.Content.ReadAsStringAsync();
                return (response.IsSuccessStatusCode ? new Answered(response, said) : null, said);
            })
            : await Answer(operation, target, body, key);
        await IsKnownAgain(operation, target, body, key, first, text);
        // Under the same key nothing happens once more.
        if (operation.Takes("Prefer"))
            (await AnswersLater(operation, target, body, first, key)).ShouldBe(text, operation.Id);
        return JsonNode.Parse(text)!;
    }

    private async Task IsKnownAgain(Operation operation, string target, string? body, (string, string) key, HttpResponseMessage first, string text)
    {
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse(operation.Id);
        if (ShowSecrets.Contains(operation.Id))
        {
            // An answer with a secret is not kept, so that nobody can ask for it again.
            await Refuses(operation, target, body, 409, code: null, key);
            return;
        }
        using var again = await Send(operation, target, body, key);
        (again.StatusCode, await again.Content.ReadAsStringAsync(), again.Headers.Location, again.Headers.ETag)
            .ShouldBe((first.StatusCode, text, first.Headers.Location, first.Headers.ETag), operation.Id);
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"], operation.Id);
        if (body is not null)
            await Refuses(operation, target, $"{body} ", 422, "idempotency-key-reused", key);
    }

    /// <summary>RFC 7240, 4.1: the answer comes to the place that is named, and is the one that would have been given at once.</summary>
    private async Task<string> AnswersLater(Operation operation, string target, string? body, HttpResponseMessage atOnce, params (string, string)[] headers)
    {
        using var accepted = await Send(operation, target, body, [.. headers, ("Prefer", "respond-async")]);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, operation.Id);
        accepted.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"], operation.Id);
        operation.Answers.ShouldContainKey("202", operation.Id);
        var location = accepted.Headers.Location!.ToString();
        var place = operations.Values.Single(it => it.Holds(location));
        called.Add(place.Id);
        var started = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Stopwatch.GetElapsedTime(started) < Patience && await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            using var answer = await Send(place, location, null);
            if (answer.StatusCode == HttpStatusCode.Accepted)
                continue;
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, operation.Id);
            answer.Headers.GetValues("AsyncResult").ShouldBe([$"{(int)atOnce.StatusCode}"], operation.Id);
            (answer.Headers.Location, answer.Content.Headers.ContentType).ShouldBe((atOnce.Headers.Location, atOnce.Content.Headers.ContentType), operation.Id);
            return await answer.Content.ReadAsStringAsync();
        }
        throw new TimeoutException($"{operation.Id} has no answer at {location}.");
    }

    private async Task Refuses(Operation operation, string target, string? body, int status, string? code, params (string, string)[] headers)
    {
        using var response = await Send(operation, target, body, headers);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, $"{operation.Id} {target} {text}");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        if (code is not null)
            JsonNode.Parse(text)!["code"]!.GetValue<string>().ShouldBe(code, operation.Id);
    }

    private async Task<Answered> Answer(Operation operation, string target, string? body = null, params (string, string)[] headers)
    {
        var response = await Send(operation, target, body, headers);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{operation.Id} {target} {body}: {(int)response.StatusCode} {text}");
        operation.Answers.ShouldContainKey($"{(int)response.StatusCode}", operation.Id);
        operation.Answers[$"{(int)response.StatusCode}"]!["content"]!.AsObject().ShouldContainKey(response.Content.Headers.ContentType!.MediaType!, operation.Id);
        return new(response, text);
    }

    private Task<HttpResponseMessage> Send(Operation operation, string target, string? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new(operation.Method), target);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, operation.ContentType!);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request);
    }

    private sealed record Answered(HttpResponseMessage Response, string Text);

    private sealed class Operation(JsonNode document, string method, string path, JsonNode operation)
    {
        private readonly IReadOnlyList<JsonNode> parameters = [.. (operation["parameters"]?.AsArray() ?? []).Select(it => Compatibility.Resolve(document, it!))];

        public string Id { get; } = operation["operationId"]!.GetValue<string>();

        public string Method => method;

        public string? ContentType { get; } = operation["requestBody"]?["content"]?.AsObject().First().Key;

        public JsonNode? Body => ContentType is null ? null : operation["requestBody"]!["content"]![ContentType]!["example"];

        public JsonObject Answers { get; } = operation["responses"]!.AsObject();

        public bool Takes(string name) => parameters.Any(it => it["name"]!.GetValue<string>() == name);

        /// <summary>Whether it tells the answers of such accepted requests.</summary>
        public bool Holds(string target) => target.StartsWith(path.Split('{')[0], StringComparison.Ordinal) && path.Contains("/accepted-requests/", StringComparison.Ordinal);

        public string Target(Dictionary<string, object> values) => Examples("path").Aggregate(path, (target, it) =>
            target.Replace($"{{{it.Name}}}", Uri.EscapeDataString($"{values.GetValueOrDefault(it.Name) ?? it.Example}"), StringComparison.Ordinal));

        public string WithQuery(string target)
        {
            var query = string.Join('&', Examples("query").Select(it => $"{it.Name}={Uri.EscapeDataString($"{it.Example}")}"));
            return query.Length == 0 ? target : $"{target}?{query}";
        }

        private IEnumerable<(string Name, JsonNode Example)> Examples(string place) => parameters
            .Where(it => it["in"]!.GetValue<string>() == place && it["example"] is not null).Select(it => (it["name"]!.GetValue<string>(), it["example"]!));
    }
}
