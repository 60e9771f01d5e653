using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Oms.AppHost.Local;
using Oms.SystemTests.Faults;
using Oms.Testing;

namespace Oms.SystemTests.Access;

/// <summary>Every route, called as every kind of caller, through the gateway: as <c>docs/access.md</c> says.</summary>
[Collection(typeof(FaultCollection))]
public sealed partial class AccessMatrixTests(FaultPlatform platform) : IDisposable
{
    private readonly HttpClient anybody = new() { BaseAddress = platform.Platform.Gateway };
    private readonly Merchant admin = Merchant.Of(platform.Platform);

    private sealed record Route(string Method, string Path, string Scope, bool Channels, bool Locations)
    {
        /// <summary>With ids that nothing has.</summary>
        public string Target => PathParameter().Replace(Path, match =>
            match.Value == "{version}" ? "999999" : match.Value == "{id}" || match.Value.EndsWith("Id}", StringComparison.Ordinal) ? $"{Guid.CreateVersion7()}" : "nothing");

        public override string ToString() => $"{Method} {Path}";
    }

    [Fact]
    public async Task Every_route_of_the_platform_is_in_the_table()
    {
        var document = await admin.Get("/openapi/v1.json");

        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation =>
            $"{operation.Key.ToUpperInvariant()} {path.Key.TrimEnd('/')} {operation.Value!["security"]![0]!["bearer"]![0]!.GetValue<string>()}"));

        described.ShouldBe(Table().Select(route => $"{route} {route.Scope}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_route_answers_every_kind_of_caller_as_the_table_says()
    {
        var table = Table();
        var scopes = table.Select(route => route.Scope).Distinct().ToArray();
        var everything = await Key(scopes);
        var ofChannel = await Key(scopes, channels: ["nobodys"]);
        var ofLocation = await Key(scopes, locations: ["nowhere"]);
        var only = new Dictionary<string, string>();
        var allBut = new Dictionary<string, string>();
        foreach (var scope in scopes)
            (only[scope], allBut[scope]) = (await Key([scope]), await Key([.. scopes.Where(it => it != scope)]));

        var people = new Dictionary<string, string>();
        foreach (var role in ScopesOf().Keys)
            people[role] = await Person(role);

        List<string> wrong = [];
        foreach (var route in table)
        {
            foreach (var (role, token) in people)
            {
                var isAllowed = ScopesOf()[role].Contains(route.Scope) && (role != "warehouse" || route.Locations);
                await Expect(route, $"a person, {role}", token, isAllowed ? null : HttpStatusCode.Forbidden);
            }
            await Expect(route, "nobody", null, HttpStatusCode.Unauthorized);
            await Expect(route, "a key that is none", "oms_none", HttpStatusCode.Unauthorized);
            await Expect(route, "a forged token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.", HttpStatusCode.Unauthorized);
            await Expect(route, "a key for everything", everything, null);
            await Expect(route, $"a key for {route.Scope}", only[route.Scope], null);
            await Expect(route, $"a key for everything but {route.Scope}", allBut[route.Scope], HttpStatusCode.Forbidden);
            await Expect(route, "a key of channels", ofChannel, route.Channels ? null : HttpStatusCode.Forbidden);
            await Expect(route, "a key of locations", ofLocation, route.Locations ? null : HttpStatusCode.Forbidden);
        }
        wrong.ShouldBeEmpty();

        // Let in is everything but 401 and 403; then it is a matter of what was asked.
        async Task Expect(Route route, string caller, string? key, HttpStatusCode? expected)
        {
            var status = await Call(route, key);
            var letIn = status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && (int)status < 500;
            if (expected is null ? !letIn : status != expected)
                wrong.Add($"{route} by {caller}: {(int)status}");
        }
    }

    /// <summary>Reached directly, a service knows nobody: neither without a token nor with what opens the gateway.</summary>
    [Fact]
    public async Task A_service_that_is_reached_directly_is_closed()
    {
        foreach (var service in platform.Platform.Services.Where(it => it.Service != "gateway"))
        {
            using var direct = new HttpClient { BaseAddress = new($"http://127.0.0.1:{service.Process.Port}") };
            foreach (var authorization in (AuthenticationHeaderValue?[])[null, new("Bearer", platform.Platform.ApiKey)])
            foreach (var path in (string[])["/v1/orders", "/v1/inventory", "/v1/locations", "/v1/shipments", "/v1/returns", "/v1/customers", "/reconciliation/position", "/nothing"])
            {
                direct.DefaultRequestHeaders.Authorization = authorization;
                (await direct.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{service.Service} {path}");
            }
        }
    }

    public void Dispose() => anybody.Dispose();

    private async Task<HttpStatusCode> Call(Route route, string? key)
    {
        using var request = new HttpRequestMessage(new(route.Method), route.Target);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        // Nothing is what it asks for, so that nothing happens.
        if (route.Method is "POST" or "PUT")
            request.Content = new StringContent("[]", Encoding.UTF8, route.Path.EndsWith("/import", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json");
        using var response = await anybody.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<string> Key(string[] scopes, string[]? channels = null, string[]? locations = null) =>
        (await admin.Post("/v1/api-keys", new { name = "matrix", scopes, channels, locations }))["secret"]!.GetValue<string>();

    /// <summary>The token of somebody who has signed in at the provider of the platform.</summary>
    private async Task<string> Person(string role)
    {
        var email = $"{role}@example.com";
        var added = await admin.Post("/v1/people", new { email, name = role, roles = new[] { role }, locations = role == "warehouse" ? new[] { "nowhere" } : [] });
        var (password, chosen) = (added["password"]!.GetValue<string>(), $"{Guid.CreateVersion7()}");
        using var browser = new Browser(platform.Platform.Gateway);
        await browser.SignIn(email, password);
        await browser.Send(("current", password), ("password", chosen));
        return (await browser.Tokens())["access_token"]!.GetValue<string>();
    }

    private static Dictionary<string, HashSet<string>> ScopesOf() => Lines().Select(line => RolesRow().Match(line)).Where(row => row.Success)
        .SelectMany(row => row.Groups["roles"].Value.Split(", ").Select(role => (Role: role, Scope: row.Groups["scope"].Value)))
        .GroupBy(it => it.Role).ToDictionary(it => it.Key, it => it.Select(row => row.Scope).ToHashSet());

    private static IEnumerable<string> Lines() => File.ReadLines(Path.Combine(DataFolder.RepositoryRoot(), "docs", "access.md"));

    private static IReadOnlyList<Route> Table() =>
    [
        .. Lines().Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => row.Groups).Select(row => new Route(
                row["method"].Value, row["path"].Value, row["scope"].Value, row["channels"].Value == "own", row["locations"].Value == "own")),
    ];

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/\S+)` \| `(?<scope>\S+)` \| all \| (?<channels>own|–) \| (?<locations>own|–) \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `(?<scope>[a-z:]+)` \| (?<roles>[a-z_, ]+) \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RolesRow();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PathParameter();
}
