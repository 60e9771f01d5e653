using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Oms.Gateway.Access;

namespace Oms.Gateway.Tests;

/// <summary>The gateway on a real port, in front of the addresses it is given.</summary>
public sealed class GatewayFixture : WebApplicationFactory<ConfiguredKeys>
{
    public const string ApiKey = "a-key-for-tests";
    public const string PartnerKey = "a-key-of-a-partner";

    private readonly Dictionary<string, string?> settings;
    private readonly TimeProvider? clock;

    public GatewayFixture(Dictionary<string, string?> settings, TimeProvider? clock = null)
    {
        (this.settings, this.clock) = (settings, clock);
        UseKestrel();
        StartServer();
    }

    public static byte[] TokenKey { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Services by name; several addresses are replicas.</summary>
    public static GatewayFixture Before(params (string Service, string Address)[] services) => new(Addresses(services));

    public static Dictionary<string, string?> Addresses(params (string Service, string Address)[] services) => services.GroupBy(it => it.Service)
        .SelectMany(it => it.Select((replica, index) => (Key: $"services:{it.Key}:http:{index}", replica.Address)))
        .ToDictionary(it => it.Key, it => (string?)it.Address);

    /// <summary>A client with a key, and nothing between it and the wire.</summary>
    public HttpClient Client(string key = ApiKey)
    {
        var client = new HttpClient { BaseAddress = CreateClient().BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(AppContext.BaseDirectory);
        // With a database of its own it brings that up to date, as in development.
        builder.UseEnvironment(settings.ContainsKey("ConnectionStrings:gatewaydb") ? "Development" : "Production");
        // Not UseKestrel(port): it changes the addresses of a server that may already have started.
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("Oms:ApiKey", ApiKey);
        builder.UseSetting("Oms:ApiKeys:partner", PartnerKey);
        builder.UseSetting("Oms:ServiceTokenKey", Convert.ToBase64String(TokenKey));
        foreach (var service in new[] { "order", "inventory", "routing", "shipping", "returns", "customer" })
            builder.UseSetting($"services:{service}:http:0", Upstream.NoAddress);
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
        // Passwords are worth no second of a test.
        builder.ConfigureServices(services => services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000));
        if (clock is not null)
            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(clock)));
    }
}

internal static class Answers
{
    /// <summary>Every refusal looks the same; this checks all of it and gives the code.</summary>
    public static async Task<string> Problem(this HttpResponseMessage response)
    {
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        var code = problem.GetProperty("code").GetString().ShouldNotBeNull();
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{code}");
        problem.GetProperty("status").GetInt32().ShouldBe((int)response.StatusCode);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("instance").GetString().ShouldBe(response.RequestMessage!.RequestUri!.AbsolutePath);
        problem.GetProperty("traceId").GetString()!.Length.ShouldBe(32);
        return code;
    }
}
