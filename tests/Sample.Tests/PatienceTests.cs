using System.Net;
using Microsoft.Extensions.Time.Testing;
using Oms.Client;

namespace Oms.Sample.Tests;

public sealed class PatienceTests
{
    private static readonly Guid Order = Guid.Parse("01990000-0000-7000-8000-000000000000");
    private readonly Answering platform = new();
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task what_may_be_a_matter_of_time_is_sent_again_with_the_same_key_and_body()
    {
        platform.Say(_ => throw new HttpRequestException("connection refused"), _ => new(HttpStatusCode.ServiceUnavailable),
            _ => new(HttpStatusCode.TooManyRequests), _ => Json("""{"id":"01990000-0000-7000-8000-000000000000"}"""));
        using var oms = Client();

        var answer = await Patiently(oms.Ask(api => api.HoldOrderAsync(Order, new() { Reason = "why" }, "key-1")));

        answer.Body.ShouldNotBeNull();
        answer.Course.IsRepeated.ShouldBeTrue();
        platform.Heard.Count.ShouldBe(4);
        platform.Heard.Distinct().ShouldHaveSingleItem().ShouldBe($"POST /v1/orders/{Order}/holds key-1 {{\"reason\":\"why\"}}");
        oms.Retries.ShouldBe(3);
        oms.IsWaiting.ShouldBeFalse();
    }

    [Fact]
    public async Task a_refusal_is_an_answer_and_not_tried_again()
    {
        platform.Say(_ => Canceled());
        using var oms = Client();

        var answer = await oms.Ask(api => api.HoldOrderAsync(Order, new() { Reason = "why" }));

        (answer.Course.Status, answer.Problem?.Code).ShouldBe((HttpStatusCode.Conflict, "order-canceled"));
        platform.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_refusal_of_what_is_required_ends_the_run()
    {
        platform.Say(_ => Canceled());
        using var oms = Client();

        var refused = await Should.ThrowAsync<SampleException>(() => oms.Api.GetOrderAsync(Order).Required("The order"));

        refused.Message.ShouldBe("The order was refused: 409 order-canceled It is canceled.");
    }

    [Fact]
    public async Task patience_ends()
    {
        platform.Otherwise = _ => new(HttpStatusCode.BadGateway);
        using var oms = Client();

        var begun = clock.GetUtcNow();
        await Should.ThrowAsync<SampleException>(() => Patiently(oms.Api.GetOrderAsync(Order)));

        (clock.GetUtcNow() - begun).TotalSeconds.ShouldBeInRange(Patience.SecondsMax, Patience.SecondsMax + 10);
    }

    [Fact]
    public async Task a_list_is_read_page_by_page()
    {
        platform.Say(_ => Json("""{"items":[{"orderId":"01990000-0000-7000-8000-000000000001"}],"next":"a/b"}"""),
            _ => Json("""{"items":[{"orderId":"01990000-0000-7000-8000-000000000002"}]}"""));
        using var oms = Client();

        var backorders = await oms.Api.ListAllBackordersAsync(limit: 200).Required("The backorders").ToListAsync();

        backorders.Count.ShouldBe(2);
        platform.Heard.ShouldBe(["GET /v1/inventory/backorders?limit=200  ", "GET /v1/inventory/backorders?limit=200&after=a%2Fb  "]);
    }

    private PatientClient Client() => new(new("http://platform"), "key", platform, clock);

    // The clock stands still until the client waits for it.
    private async Task<T> Patiently<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await call;
    }

    private static HttpResponseMessage Canceled() => new(HttpStatusCode.Conflict)
    {
        Content = new StringContent("""{"type":"/problems/order-canceled","code":"order-canceled","detail":"It is canceled."}""",
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/problem+json")),
    };

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
    };

    private sealed class Answering : HttpMessageHandler
    {
        private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> answers = new();

        public List<string> Heard { get; } = [];

        public Func<HttpRequestMessage, HttpResponseMessage> Otherwise { get; set; } = _ => throw new InvalidOperationException("Nothing more was expected.");

        public void Say(params Func<HttpRequestMessage, HttpResponseMessage>[] next) => Array.ForEach(next, answers.Enqueue);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : "";
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Heard.Add($"{request.Method} {request.RequestUri!.PathAndQuery} {key} {body}");
            return (answers.TryDequeue(out var answer) ? answer : Otherwise)(request);
        }
    }
}
