using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Oms.Testing;

namespace Oms.Gateway.Tests.Identity;

/// <summary>One gateway for all that signs in.</summary>
[CollectionDefinition]
public sealed class ProviderCollection : ICollectionFixture<ProviderFixture>;

/// <summary>A gateway that is its own OpenID Connect provider, with a database of its own.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    public const string FirstAdmin = "first@example.com", FirstAdminPassword = "handed-over-once";

    private readonly TestDatabase database = TestDatabase.Create("gateway");

    public Upstream Order { get; private set; } = null!;

    public GatewayFixture Gateway { get; private set; } = null!;

    /// <summary>May do everything.</summary>
    public HttpClient Admin { get; private set; } = null!;

    internal Browser Browser() => new(Gateway.CreateClient().BaseAddress!);

    /// <summary>Another process over the same database.</summary>
    public GatewayFixture Start(params (string Name, string Value)[] more)
    {
        var settings = GatewayFixture.Addresses(("order", Order.Address));
        settings["ConnectionStrings:gatewaydb"] = database.ConnectionString;
        settings["Oms:Identity:BuiltIn"] = "true";
        settings["Oms:Identity:Authority"] = "https://oms.example";
        settings["Oms:Identity:RedirectUris"] = Oms.Testing.Browser.Application;
        settings["Oms:Identity:FirstAdmin"] = FirstAdmin;
        settings["Oms:Identity:FirstAdminPassword"] = FirstAdminPassword;
        settings["Oms:SignInsPerMinute"] = "1000";
        foreach (var (name, value) in more)
            settings[name] = value;
        return new(settings);
    }

    public async ValueTask InitializeAsync()
    {
        Order = await Upstream.Start("order");
        Gateway = Start();
        Admin = Gateway.Client();
        // The first admin comes with the first request to the provider, while nobody else is there.
        await Admin.GetStringAsync("/.well-known/openid-configuration");
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Gateway.DisposeAsync();
        await Order.DisposeAsync();
        database.Dispose();
    }

    /// <summary>Somebody new, who has not signed in yet.</summary>
    internal async Task<Newcomer> Add(string role = "viewer", params string[] locations)
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        using var answer = await Admin.PostAsJsonAsync("/v1/people", new { email, name = "Ann Example", roles = new[] { role }, locations });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var created = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return new(created["person"]!["id"]!.GetValue<Guid>(), email, created["password"]!.GetValue<string>());
    }

    /// <summary>Somebody who has signed in before and chosen <see cref="Newcomer.Chosen"/>.</summary>
    internal async Task<Newcomer> Settle(string role = "viewer", params string[] locations)
    {
        var person = await Add(role, locations);
        using var browser = Browser();
        await browser.SignIn(person.Email, person.OneTimePassword);
        await browser.Send(("current", person.OneTimePassword), ("password", Newcomer.Chosen));
        browser.Code.ShouldNotBeNull(browser.Page);
        return person;
    }

    internal async Task<JsonObject> Person(Guid id) => (await Admin.GetFromJsonAsync<JsonObject>($"/v1/people/{id}"))!;

    internal async Task<HttpStatusCode> Call(GatewayFixture gateway, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await gateway.CreateClient().SendAsync(request);
        return answer.StatusCode;
    }
}

internal sealed record Newcomer(Guid Id, string Email, string OneTimePassword)
{
    public const string Chosen = "correct horse battery staple";
}
