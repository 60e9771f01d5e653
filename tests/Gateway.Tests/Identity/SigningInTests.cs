using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Oms.Testing;

namespace Oms.Gateway.Tests.Identity;

/// <summary>People sign in at the built-in provider, as with a browser.</summary>
[Collection(typeof(ProviderCollection))]
public sealed partial class SigningInTests(ProviderFixture fixture) : IDisposable
{
    private readonly Browser browser = fixture.Browser();

    public void Dispose() => browser.Dispose();

    [Fact]
    public async Task a_newcomer_signs_in_chooses_a_password_and_calls_the_API_as_the_role_allows()
    {
        var person = await fixture.Add("warehouse", "nyc", "ewr");

        await browser.SignIn(person.Email, person.OneTimePassword);
        browser.At.AbsolutePath.ShouldBe("/account/password");
        await browser.Send(("current", person.OneTimePassword), ("password", Newcomer.Chosen));
        browser.Parameter("state").ShouldBe("1");
        var tokens = await browser.Tokens();

        tokens["expires_in"]!.GetValue<int>().ShouldBeInRange(298, 300);
        var token = tokens["access_token"]!.GetValue<string>();
        var said = new JsonWebToken(token);
        said.Issuer.ShouldBe("https://oms.example/");
        said.Claims.Where(it => it.Type is "email" or "name" or "stamp").ShouldBeEmpty("What an API need not know is not told to it.");
        (await fixture.Call(fixture.Gateway, "/v1/orders", token)).ShouldBe(HttpStatusCode.OK);
        var seen = new JsonWebToken(fixture.Order.Last.Headers["Authorization"]["Bearer ".Length..]);
        seen.Subject.ShouldBe($"person:{person.Id}");
        seen.GetClaim("scope").Value.Split(' ').ShouldBe(Oms.Gateway.Access.Roles.ScopesOf["warehouse"]);
        seen.Claims.Where(it => it.Type == "location").Select(it => it.Value).ShouldBe(["ewr", "nyc"]);
        (await fixture.Call(fixture.Gateway, "/v1/people", token)).ShouldBe(HttpStatusCode.Forbidden);
        var identity = new JsonWebToken(tokens["id_token"]!.GetValue<string>());
        identity.GetClaim("email").Value.ShouldBe(person.Email);
        (await fixture.Call(fixture.Gateway, "/v1/orders", identity.EncodedToken)).ShouldBe(HttpStatusCode.Unauthorized, "It is for the application, not for the API.");
    }

    [Fact]
    public async Task whoever_has_signed_in_is_not_asked_again_unless_the_application_wants_it()
    {
        var person = await fixture.Settle();
        await browser.SignIn(person.Email, Newcomer.Chosen);
        var first = browser.Code;

        await browser.Begin();
        browser.Code.ShouldNotBeNull().ShouldNotBe(first);
        await browser.Begin("&prompt=login");
        browser.At.AbsolutePath.ShouldBe("/account/sign-in");
        await browser.Send(("email", person.Email), ("password", Newcomer.Chosen));
        browser.Code.ShouldNotBeNull();
    }

    [Fact]
    public async Task nobody_is_told_to_an_application_that_does_not_want_to_ask()
    {
        await browser.Begin("&prompt=none");

        browser.Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task who_has_signed_out_is_asked_again()
    {
        var person = await fixture.Settle();
        await browser.SignIn(person.Email, Newcomer.Chosen);
        await browser.Open("/account");
        browser.Page.ShouldContain(person.Email);

        await browser.Send();
        await browser.Begin();

        browser.At.AbsolutePath.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task an_application_signs_its_people_out()
    {
        var person = await fixture.Settle();
        await browser.SignIn(person.Email, Newcomer.Chosen);

        await browser.Open($"/connect/end-session?client_id=oms-app&post_logout_redirect_uri={Uri.EscapeDataString(Browser.Application)}");
        browser.At.ToString().ShouldStartWith(Browser.Application);
        await browser.Begin();

        browser.At.AbsolutePath.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task with_an_authenticator_the_password_is_half_of_it_and_a_code_opens_once()
    {
        var person = await fixture.Settle();
        await browser.SignIn(person.Email, Newcomer.Chosen);
        await browser.Open("/account/authenticator");
        browser.Page.ShouldContain("<svg viewBox");
        var secret = Secret().Match(browser.Page).Groups["secret"].Value;
        var (enrolled, next, last) = (AuthenticatorApp.Code(secret), AuthenticatorApp.Code(secret, 1), AuthenticatorApp.Code(secret, -1));
        await browser.Send(("code", enrolled));
        browser.Page.ShouldContain("It is on");

        using var another = fixture.Browser();
        await another.SignIn(person.Email, Newcomer.Chosen);
        another.At.AbsolutePath.ShouldBe("/account/sign-in/code");
        await another.Send(("code", enrolled));
        another.Answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, "This code has opened before.");
        await another.Send(("code", $"{(int.Parse(next) + 1) % 1_000_000:D6}"));
        another.Answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await another.Send(("code", next));
        another.Code.ShouldNotBeNull();

        // Half of it is not enough, and an admin can take it away.
        using var half = fixture.Browser();
        await half.SignIn(person.Email, Newcomer.Chosen);
        await half.Begin();
        half.At.AbsolutePath.ShouldBe("/account/sign-in");
        (await fixture.Person(person.Id))["hasAuthenticator"]!.GetValue<bool>().ShouldBeTrue();
        using var reset = await fixture.Admin.PostAsync($"/v1/people/{person.Id}/reset", null);
        var password = (await reset.Content.ReadFromJsonAsync<JsonObject>())!["password"]!.GetValue<string>();
        await half.SignIn(person.Email, password);
        half.At.AbsolutePath.ShouldBe("/account/password");
        last.ShouldNotBe(next);
    }

    [Fact]
    public async Task after_five_failures_not_even_the_right_password_opens_and_nobody_learns_who_exists()
    {
        var person = await fixture.Settle();
        await browser.SignIn("nobody@example.com", "a wrong password");
        var (unknown, status) = (Answer(), browser.Answer.StatusCode);

        for (var failure = 0; failure < 5; failure++)
        {
            await browser.SignIn(person.Email, "a wrong password");
            Answer().ShouldBe(unknown.Replace("nobody@example.com", person.Email, StringComparison.Ordinal));
        }
        await browser.SignIn(person.Email, Newcomer.Chosen);

        Answer().ShouldBe(unknown.Replace("nobody@example.com", person.Email, StringComparison.Ordinal));
        status.ShouldBe(HttpStatusCode.Forbidden);
        browser.Answer.StatusCode.ShouldBe(status);
        (await fixture.Person(person.Id))["lockedOutUntil"].ShouldNotBeNull();
        using var reset = await fixture.Admin.PostAsync($"/v1/people/{person.Id}/reset", null);
        await browser.SignIn(person.Email, (await reset.Content.ReadFromJsonAsync<JsonObject>())!["password"]!.GetValue<string>());
        browser.At.AbsolutePath.ShouldBe("/account/password");

        // But for what is different with every page.
        string Answer() => FormToken().Replace(browser.Page, "");
    }

    [Fact]
    public async Task who_fails_to_sign_in_is_remembered()
    {
        await browser.SignIn("nobody@example.com", "a wrong password");

        JsonNode? refused;
        do
            refused = (await fixture.Admin.GetFromJsonAsync<JsonObject>("/v1/refused-requests"))!["items"]!.AsArray()
                .FirstOrDefault(it => it!["path"]!.GetValue<string>() == "/account/sign-in");
        while (refused is null);

        refused["status"]!.GetValue<int>().ShouldBe(403);
    }

    [Fact]
    public async Task a_form_that_was_not_shown_to_this_browser_is_refused()
    {
        await browser.Begin();
        using var stranger = new HttpClient { BaseAddress = browser.At };

        using var answer = await stranger.PostAsync("/account/sign-in", new FormUrlEncodedContent([new("email", "a@example.com"), new("password", "p")]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_page_runs_no_script_is_in_no_frame_and_sends_forms_only_home_and_to_the_application()
    {
        await browser.Begin();

        var policy = browser.Answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'; style-src 'sha256-");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("form-action 'self' https://app.example");
        browser.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task the_browser_is_sent_nowhere_but_back_to_a_known_application()
    {
        await browser.Open($"/account/sign-in?returnUrl={Uri.EscapeDataString("https://evil.example/")}");
        browser.Page.ShouldNotContain("evil.example");
        await browser.Open($"/connect/authorize?response_type=code&client_id=oms-app&redirect_uri=https%3A%2F%2Fevil.example&scope=openid&code_challenge={new string('a', 43)}&code_challenge_method=S256");
        browser.Answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task without_proof_of_its_own_code_an_application_gets_nothing()
    {
        await browser.Open($"/connect/authorize?response_type=code&client_id=oms-app&redirect_uri={Uri.EscapeDataString(Browser.Application)}&scope=openid");

        browser.Answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        browser.Page.ShouldContain("code_challenge");
    }

    [Fact]
    public async Task the_first_admin_comes_from_the_configuration()
    {
        await browser.SignIn(ProviderFixture.FirstAdmin, ProviderFixture.FirstAdminPassword);
        browser.At.AbsolutePath.ShouldBe("/account/password");
        await browser.Send(("current", ProviderFixture.FirstAdminPassword), ("password", Newcomer.Chosen));

        var token = (await browser.Tokens())["access_token"]!.GetValue<string>();

        (await fixture.Call(fixture.Gateway, "/v1/people", token)).ShouldBe(HttpStatusCode.OK);
    }

    [GeneratedRegex("secret=(?<secret>[A-Z2-7]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Secret();

    [GeneratedRegex("""name="form" value="[^"]*">""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FormToken();
}
