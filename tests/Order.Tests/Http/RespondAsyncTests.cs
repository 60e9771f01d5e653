using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Oms.Orders.Tests.Http;

/// <summary><c>Prefer: respond-async</c>, as every service keeps it.</summary>
public sealed class RespondAsyncTests(OrderFixture service) : IClassFixture<OrderFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_change_is_accepted_at_once_and_answered_later()
    {
        using var accepted = await Send("/v1/orders", JsonSerializer.Serialize(OrderFixture.Body()));

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        accepted.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);
        using var answer = await Answered(accepted.Headers.Location!);
        answer.Headers.GetValues("AsyncResult").ShouldBe(["201"]);
        var order = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
        answer.Headers.Location!.ToString().ShouldBe($"/v1/orders/{order}");
        await service.Get($"/v1/orders/{order}");
    }

    [Fact]
    public async Task What_is_refused_is_refused_later()
    {
        using var answer = await Answered((await Send("/v1/orders", "{\"channel\":\"web\"}")).Headers.Location!);

        answer.Headers.GetValues("AsyncResult").ShouldBe(["400"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task The_same_key_is_the_same_request()
    {
        var (key, body) = ($"{Guid.CreateVersion7()}", JsonSerializer.Serialize(OrderFixture.Body()));
        using var first = await Send("/v1/orders", body, key);
        using var again = await Send("/v1/orders", body, key);
        using var other = await Send("/v1/orders", $"{body} ", key);

        again.Headers.Location.ShouldBe(first.Headers.Location);
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Answered(first.Headers.Location!)).Headers.GetValues("AsyncResult").ShouldBe(["201"]);
    }

    [Fact]
    public async Task An_import_is_answered_row_by_row_when_it_is_done()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 60).Select(_ => JsonSerializer.Serialize(OrderFixture.Body())).Append("no row"));
        using var answer = await Answered((await Send("/v1/orders/import", rows, type: "application/x-ndjson")).Headers.Location!);

        answer.Headers.GetValues("AsyncResult").ShouldBe(["200"]);
        var outcomes = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()).ToList();
        (outcomes.Count(it => it == "created"), outcomes.Count(it => it == "refused")).ShouldBe((60, 1));
    }

    [Fact]
    public async Task An_answer_is_its_senders_alone()
    {
        using var accepted = await Send("/v1/orders", JsonSerializer.Serialize(OrderFixture.Body()));
        using var stranger = service.Client("stranger");

        (await stranger.GetAsync(accepted.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("wait=10", false)]
    [InlineData("return=minimal, respond-async", true)]
    [InlineData("Respond-Async; foo", true)]
    [InlineData("respond-asynchronously", false)]
    public async Task Other_preferences_are_not_mistaken_for_it(string preference, bool accepted)
    {
        using var response = await Send("/v1/orders", JsonSerializer.Serialize(OrderFixture.Body()), prefer: preference);

        response.StatusCode.ShouldBe(accepted ? HttpStatusCode.Accepted : HttpStatusCode.Created);
    }

    private Task<HttpResponseMessage> Send(string path, string body, string? key = null, string type = "application/json", string prefer = "respond-async")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("Prefer", prefer);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return service.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> Answered(Uri location)
    {
        var started = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Stopwatch.GetElapsedTime(started) < Patience && await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var answer = await service.Http.GetAsync(location);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return answer;
            answer.Dispose();
        }
        throw new TimeoutException($"{location} has no answer.");
    }
}
