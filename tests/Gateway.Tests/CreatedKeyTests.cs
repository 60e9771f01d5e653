using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;
using Oms.Testing;

namespace Oms.Gateway.Tests;

/// <summary>A gateway with a database of its own, which its tests share.</summary>
public sealed class KeysFixture : IAsyncLifetime
{
    private readonly TestDatabase database = TestDatabase.Create("gateway");

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromTicks(10) };

    public string ConnectionString => database.ConnectionString;

    public Upstream Order { get; private set; } = null!;

    public GatewayFixture Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Order = await Upstream.Start("order");
        var settings = GatewayFixture.Addresses(("order", Order.Address));
        settings["ConnectionStrings:gatewaydb"] = database.ConnectionString;
        Gateway = new(settings, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Order.DisposeAsync();
        database.Dispose();
    }
}

/// <summary>Keys from their creation to their end, over a real database.</summary>
public sealed class CreatedKeyTests(KeysFixture fixture) : IClassFixture<KeysFixture>
{
    private readonly FakeTimeProvider clock = fixture.Clock;
    private readonly Upstream order = fixture.Order;
    private readonly GatewayFixture gateway = fixture.Gateway;
    private readonly HttpClient admin = fixture.Gateway.Client();

    [Fact]
    public async Task the_secret_is_shown_once_and_kept_nowhere()
    {
        var (secret, key) = await Create(new { name = "storefront", scopes = new[] { "orders:read" } });

        (await Get(secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var shown = await admin.GetStringAsync($"/v1/api-keys/{key}") + await admin.GetStringAsync("/v1/api-keys");
        shown.ShouldNotContain(secret);
        shown.ShouldNotContain(secret[^43..]);
        (await Stored()).ShouldNotContain(secret[^43..]);
    }

    [Fact]
    public async Task a_service_learns_what_the_key_may()
    {
        var (secret, key) = await Create(new { name = "partner", scopes = new[] { "orders:read", "fulfillment:read" }, channels = new[] { "pos", "web" }, locations = new[] { "nyc" } });

        await Get(secret);

        var token = new JsonWebToken(order.Last.Headers["Authorization"]["Bearer ".Length..]);
        token.Subject.ShouldBe($"api-key:{key:N}");
        token.GetClaim("scope").Value.ShouldBe("fulfillment:read orders:read");
        token.Claims.Where(it => it.Type == "channel").Select(it => it.Value).ShouldBe(["pos", "web"]);
        token.Claims.Where(it => it.Type == "location").Select(it => it.Value).ShouldBe(["nyc"]);
    }

    [Fact]
    public async Task a_key_manages_keys_only_if_it_may()
    {
        var (reader, _) = await Create(new { name = "reader", scopes = new[] { "orders:read" } });
        using var client = gateway.Client(reader);

        using var refused = await client.PostAsJsonAsync("/v1/api-keys", new { name = "mine", scopes = new[] { "orders:read" } });

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("scope=\"access:manage\"");
        (await refused.Problem()).ShouldBe("forbidden");
    }

    [Fact]
    public async Task after_a_rotation_both_secrets_open_for_a_while()
    {
        var (first, key) = await Create(new { name = "storefront", scopes = new[] { "orders:read" } });
        using var rotated = await admin.PostAsJsonAsync($"/v1/api-keys/{key}/rotation", new { overlapSeconds = 3600 });
        var second = (await rotated.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>();
        clock.Advance(TimeSpan.FromMinutes(30));

        (await Get(first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Get(second)).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromMinutes(31));
        (await Get(first)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Get(second)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_stale_rotation_is_refused()
    {
        var (_, key) = await Create(new { name = "storefront", scopes = new[] { "orders:read" } });
        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.PreconditionFailed])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/api-keys/{key}/rotation") { Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } } };
            (await admin.SendAsync(request)).StatusCode.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task a_revoked_key_is_closed_within_two_seconds()
    {
        var (secret, key) = await Create(new { name = "storefront", scopes = new[] { "orders:read" } });
        (await Get(secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await admin.DeleteAsync($"/v1/api-keys/{key}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.DeleteAsync($"/v1/api-keys/{key}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(2));

        using var refused = await Get(secret);
        (await refused.Problem()).ShouldBe("invalid-api-key");
    }

    [Fact]
    public async Task a_key_that_is_bound_to_other_addresses_is_told_so()
    {
        var (secret, _) = await Create(new { name = "storefront", scopes = new[] { "orders:read" }, ipRanges = new[] { "203.0.113.0/24" } });

        using var refused = await Get(secret);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("from this address");
    }

    [Fact]
    public async Task a_key_has_its_own_pace_and_is_told_how_much_of_it_is_left()
    {
        var (secret, _) = await Create(new { name = "slow", scopes = new[] { "orders:read" }, requestsPerSecond = 2 });

        var answers = new List<HttpResponseMessage>();
        for (var request = 0; request < 8; request++)
            answers.Add(await Get(secret));

        answers[0].Headers.GetValues("RateLimit-Policy").ShouldBe(["\"second\";q=2;w=1"]);
        answers[0].Headers.GetValues("RateLimit").ShouldBe(["\"second\";r=1;t=1"]);
        var tooFast = answers.First(it => it.StatusCode == HttpStatusCode.TooManyRequests);
        tooFast.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        tooFast.Headers.GetValues("RateLimit").ShouldBe(["\"second\";r=0;t=1"]);
        (await tooFast.Problem()).ShouldBe("too-many-requests");
    }

    /// <summary>Who has a created key is told to come again; who needs no database comes in.</summary>
    [Fact]
    public async Task without_its_database_the_gateway_lets_in_whom_it_knows()
    {
        var settings = GatewayFixture.Addresses(("order", order.Address));
        settings["ConnectionStrings:gatewaydb"] = "Host=127.0.0.1;Port=1;Database=nowhere;Username=nobody;Timeout=2";
        settings["environment"] = "Production";
        await using var alone = new GatewayFixture(settings);

        using var answer = await alone.Client(Oms.Gateway.Access.ApiKeySecret.Create(Guid.CreateVersion7())).GetAsync("/v1/orders");

        (await answer.Problem()).ShouldBe("unavailable");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await alone.Client().GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task when_a_key_was_last_used_is_known()
    {
        var (secret, key) = await Create(new { name = "storefront", scopes = new[] { "orders:read" } });
        (await Key(key))["lastUsedAt"].ShouldBeNull();

        await Get(secret);

        (await Key(key))["lastUsedAt"]!.GetValue<DateTimeOffset>().ShouldBe(clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task the_same_request_again_creates_no_second_key_and_shows_no_secret()
    {
        using var first = await Send("create-1");
        using var second = await Send("create-1");

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.Problem()).ShouldBe("api-key-exists");
        (await admin.GetFromJsonAsync<JsonObject>("/v1/api-keys"))!["items"]!.AsArray().Count(it => it!["name"]!.GetValue<string>() == "once").ShouldBe(1);

        Task<HttpResponseMessage> Send(string idempotencyKey) => admin.SendAsync(new(HttpMethod.Post, "/v1/api-keys")
        {
            Content = JsonContent.Create(new { name = "once", scopes = new[] { "orders:read" } }),
            Headers = { { "Idempotency-Key", idempotencyKey } },
        });
    }

    [Fact]
    public async Task everything_that_is_wrong_with_a_request_is_told_at_once()
    {
        using var refused = await admin.PostAsJsonAsync("/v1/api-keys", new
        {
            name = "",
            scopes = new[] { "orders:everything" },
            locations = new[] { "not a location" },
            ipRanges = new[] { "203.0.113.0/33" },
            expiresAt = "2020-01-01T00:00:00Z",
            requestsPerSecond = 0,
        });

        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        problem["code"]!.GetValue<string>().ShouldBe("invalid-api-key-request");
        var errors = problem["errors"]!.AsObject().Select(it => it.Key);
        errors.ShouldBe(["expiresAt", "ipRanges[0]", "locations[0]", "name", "requestsPerSecond", "scopes[0]"], ignoreOrder: true);
    }

    [Fact]
    public async Task who_was_refused_what_is_remembered()
    {
        var name = $"{Guid.CreateVersion7():N}";
        (await gateway.CreateClient().GetAsync($"/v1/orders/{name}-1?secret=1")).Dispose();
        (await gateway.Client("oms_nobody").GetAsync($"/v1/orders/{name}-2")).Dispose();

        List<JsonNode?> refused;
        do
            refused = [.. (await admin.GetFromJsonAsync<JsonObject>("/v1/refused-requests"))!["items"]!.AsArray()
                .Where(it => it!["path"]!.GetValue<string>().Contains(name, StringComparison.Ordinal))];
        while (refused.Count < 2);

        refused.Select(it => it!["path"]!.GetValue<string>()).ShouldBe([$"/v1/orders/{name}-2", $"/v1/orders/{name}-1"]);
        refused.ShouldAllBe(it => it!["status"]!.GetValue<int>() == 401);
        refused[0]!["from"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
    }

    private async Task<(string Secret, Guid Key)> Create(object body)
    {
        using var response = await admin.PostAsJsonAsync("/v1/api-keys", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var created = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        var key = created["key"]!["id"]!.GetValue<Guid>();
        response.Headers.Location!.ToString().ShouldBe($"/v1/api-keys/{key}");
        return (created["secret"]!.GetValue<string>(), key);
    }

    private async Task<JsonObject> Key(Guid id) => (await admin.GetFromJsonAsync<JsonObject>($"/v1/api-keys/{id}"))!;

    private Task<HttpResponseMessage> Get(string secret) => gateway.Client(secret).GetAsync("/v1/orders");

    private async Task<string> Stored()
    {
        await using var source = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using var command = source.CreateCommand(
            "select (select coalesce(string_agg(data::text, ''), '') from oms.mt_events) || (select coalesce(string_agg(data::text, ''), '') from oms.mt_doc_apikey) " +
            "|| (select coalesce(string_agg(body, ''), '') from oms.stored_answer)");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
