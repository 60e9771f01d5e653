using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Oms.ServiceDefaults;

namespace Oms.Testing;

/// <summary>
/// One service over a database of its own on a real PostgreSQL, with a bus that stays in the process. Use it as a class fixture: every test class has its own
/// database, so classes run in parallel.
/// </summary>
/// <typeparam name="TMarker">Any type of the service's assembly.</typeparam>
public abstract class ServiceFixture<TMarker>(string service) : WebApplicationFactory<TMarker> where TMarker : class
{
    private readonly string tokenKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private TestDatabase? database;

    /// <summary>JSON as the API reads and writes it.</summary>
    public static JsonSerializerOptions Json { get; } = MakeJson();

    /// <summary>The service's clock; it starts at the real time and moves when a test moves it.</summary>
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromTicks(10) };

    /// <summary>Calls the service as the gateway does for this subject, who may do everything.</summary>
    public HttpClient Client(string subject = "test") => Client(Caller.Unrestricted(subject));

    /// <summary>Calls the service as the gateway does for this caller.</summary>
    public HttpClient Client(Caller caller)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
            ServiceTokens.Create(new SymmetricSecurityKey(Convert.FromBase64String(tokenKey)), caller, TimeProvider.System.GetUtcNow()));
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        database ??= TestDatabase.Create(service);
        builder.UseEnvironment("Development");
        builder.UseSetting($"ConnectionStrings:{service}db", database.ConnectionString);
        builder.UseSetting("ConnectionStrings:messaging", "loopback://localhost/");
        builder.UseSetting("Oms:ServiceTokenKey", tokenKey);
        builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            database?.Dispose();
    }

    private static JsonSerializerOptions MakeJson()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Service.Configure(json);
        return json;
    }
}
