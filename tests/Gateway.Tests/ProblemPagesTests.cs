using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Oms.Gateway.Tests;

public sealed class ProblemPagesTests(ProblemPagesTests.Alone gateway) : IClassFixture<ProblemPagesTests.Alone>
{
    /// <summary>A gateway before nothing.</summary>
    public sealed class Alone : IAsyncDisposable
    {
        public GatewayFixture Gateway { get; } = GatewayFixture.Before();

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }

    [Fact]
    public async Task the_type_of_a_problem_is_where_it_is_explained()
    {
        using var refused = await gateway.Gateway.CreateClient().GetAsync("/v1/orders");
        var type = (await refused.Content.ReadFromJsonAsync<JsonObject>())!["type"]!.GetValue<string>();

        using var page = await gateway.Gateway.CreateClient().GetAsync(type);

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var text = await page.Content.ReadAsStringAsync();
        text.ShouldContain("<h1>unauthenticated</h1>");
        text.ShouldContain("send a valid API key");
        text.ShouldNotContain("`");
    }

    [Fact]
    public async Task every_problem_of_the_list_has_its_page()
    {
        var client = gateway.Gateway.CreateClient();
        var codes = (await client.GetStringAsync("/problems")).Split("href=\"/problems/").Skip(1).Select(it => it.Split('"')[0]).ToList();

        codes.Count.ShouldBeGreaterThan(80);
        foreach (var code in codes)
            (await client.GetAsync($"/problems/{code}")).StatusCode.ShouldBe(HttpStatusCode.OK, code);
    }

    [Fact]
    public async Task what_is_no_problem_has_no_page()
    {
        using var answer = await gateway.Gateway.CreateClient().GetAsync("/problems/%3Cscript%3E");
        (await answer.Problem()).ShouldBe("problem-not-found");
    }
}
