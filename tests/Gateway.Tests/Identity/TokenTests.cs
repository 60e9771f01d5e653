using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Testing;

namespace Oms.Gateway.Tests.Identity;

/// <summary>What the built-in provider issues, and when it opens nothing any more.</summary>
[Collection(typeof(ProviderCollection))]
public sealed class TokenTests(ProviderFixture fixture) : IDisposable
{
    private readonly Browser browser = fixture.Browser();

    public void Dispose() => browser.Dispose();

    [Fact]
    public async Task a_code_opens_once_and_whoever_tries_again_ends_what_it_has_opened()
    {
        var tokens = await Tokens(await fixture.Settle());

        (await browser.Tokens())["error"]!.GetValue<string>().ShouldBe("invalid_grant");

        (await browser.Tokens(refreshToken: Text(tokens, "refresh_token")))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task a_code_is_for_the_browser_that_has_asked_for_it()
    {
        var person = await fixture.Settle();
        await browser.SignIn(person.Email, Newcomer.Chosen);
        using var thief = fixture.Browser();

        (await thief.Tokens(code: browser.Code))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task what_the_token_endpoint_refuses_is_remembered()
    {
        await browser.Tokens(code: "none");

        JsonNode? refused;
        do
            refused = (await fixture.Admin.GetFromJsonAsync<JsonObject>("/v1/refused-requests"))!["items"]!.AsArray()
                .FirstOrDefault(it => it!["path"]!.GetValue<string>() == "/connect/token");
        while (refused is null);
    }

    [Fact]
    public async Task a_token_is_renewed_with_the_roles_of_the_day()
    {
        var person = await fixture.Settle();
        var tokens = await Tokens(person);
        (await fixture.Call(fixture.Gateway, "/v1/people", Text(tokens, "access_token"))).ShouldBe(HttpStatusCode.Forbidden);
        using var changed = await fixture.Admin.PutAsJsonAsync($"/v1/people/{person.Id}/roles", new { roles = new[] { "admin" } });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        var renewed = await browser.Tokens(refreshToken: Text(tokens, "refresh_token"));

        (await fixture.Call(fixture.Gateway, "/v1/people", Text(renewed, "access_token"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task who_is_deactivated_gets_no_new_token_and_does_not_come_in()
    {
        var person = await fixture.Settle();
        var tokens = await Tokens(person);
        foreach (var _ in new[] { 1, 2 })
        {
            using var deactivated = await fixture.Admin.PostAsync($"/v1/people/{person.Id}/deactivation", null);
            deactivated.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await browser.Tokens(refreshToken: Text(tokens, "refresh_token")))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        await browser.SignIn(person.Email, Newcomer.Chosen);
        browser.Answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var activated = await fixture.Admin.DeleteAsync($"/v1/people/{person.Id}/deactivation");
        await browser.SignIn(person.Email, Newcomer.Chosen);
        browser.Code.ShouldNotBeNull();
    }

    [Fact]
    public async Task a_reset_ends_what_was_issued_before()
    {
        var person = await fixture.Settle();
        var tokens = await Tokens(person);
        using var reset = await fixture.Admin.PostAsync($"/v1/people/{person.Id}/reset", null);

        (await browser.Tokens(refreshToken: Text(tokens, "refresh_token")))["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        await browser.Begin();
        browser.At.AbsolutePath.ShouldBe("/account/sign-in");
    }

    /// <summary>Another process over the same database, started with a new key for what is secret, and the old one behind it.</summary>
    [Fact]
    public async Task another_process_takes_the_same_tokens_cookies_and_keys_for_good()
    {
        var person = await fixture.Settle();
        var tokens = await Tokens(person);
        var keys = await fixture.Gateway.CreateClient().GetStringAsync("/.well-known/jwks");
        string[] both = [Convert.ToBase64String(new byte[32]), Convert.ToBase64String(GatewayFixture.TokenKey)];

        await using (var another = fixture.Start(("Oms:ServiceTokenKey", string.Join(',', both)), ("Oms:SignInsPerMinute", "2")))
        {
            (await fixture.Call(another, "/v1/orders", Text(tokens, "access_token"))).ShouldBe(HttpStatusCode.OK);
            (await another.CreateClient().GetStringAsync("/.well-known/jwks")).ShouldBe(keys);
            using var elsewhere = browser.Move(another.CreateClient().BaseAddress!);
            await elsewhere.Begin();
            elsewhere.Code.ShouldNotBeNull("The cookie is as good there.");
            await IsPaced(another);
        }
        // What the other process has sealed again, only the new key opens; this one still knows it, and one with the new key alone does.
        await using var last = fixture.Start(("Oms:ServiceTokenKey", both[0]));
        (await last.CreateClient().GetStringAsync("/.well-known/jwks")).ShouldBe(keys);
        await using var undone = fixture.Start(("Oms:ServiceTokenKey", string.Join(',', both.Reverse())));
        (await undone.CreateClient().GetStringAsync("/.well-known/jwks")).ShouldBe(keys);
    }

    [Fact]
    public async Task without_its_database_keys_open_and_people_are_told_to_come_again()
    {
        await using var alone = fixture.Start(
            ("ConnectionStrings:gatewaydb", "Host=127.0.0.1;Port=1;Database=nowhere;Username=nobody;Timeout=2"), ("environment", "Production"), ("Oms:Identity:RequireHttps", "false"));

        (await alone.Client().GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { "/v1/orders", "/account/sign-in", "/.well-known/jwks" })
        {
            using var answer = await alone.Client("eyJhbGciOiJSUzI1NiJ9.e30.c2ln").GetAsync(path);
            (await answer.Problem()).ShouldBe("unavailable");
        }
    }

    [Fact]
    public async Task it_describes_itself()
    {
        var description = (await fixture.Gateway.CreateClient().GetFromJsonAsync<JsonObject>("/.well-known/openid-configuration"))!;

        Text(description, "issuer").ShouldBe("https://oms.example/");
        description["code_challenge_methods_supported"]!.AsArray().Select(it => it!.GetValue<string>()).ShouldBe(["S256"]);
        description["grant_types_supported"]!.AsArray().Select(it => it!.GetValue<string>()).ShouldBe(["authorization_code", "refresh_token"], ignoreOrder: true);
        description["response_modes_supported"]!.AsArray().Select(it => it!.GetValue<string>()).ShouldNotContain("form_post");
    }

    [Fact]
    public async Task its_tables_are_as_they_should_be_after_one_step() =>
        await fixture.Gateway.Services.GetRequiredService<IDocumentStore>().Storage.Database.AssertDatabaseMatchesConfigurationAsync();

    private async Task<JsonObject> Tokens(Newcomer person)
    {
        await browser.SignIn(person.Email, Newcomer.Chosen);
        return await browser.Tokens();
    }

    private static async Task IsPaced(GatewayFixture gateway)
    {
        using var guessing = new Browser(gateway.CreateClient().BaseAddress!);
        for (var guess = 0; guess < 2; guess++)
            await guessing.SignIn("nobody@example.com", $"guess {guess}");
        guessing.Answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await guessing.SignIn("nobody@example.com", "guess 3");
        guessing.Answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        guessing.Answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
    }

    private static string Text(JsonObject answer, string name) => answer[name].ShouldNotBeNull(answer.ToJsonString()).GetValue<string>();
}
