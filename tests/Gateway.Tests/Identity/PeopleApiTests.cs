using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Oms.Gateway.Tests.Identity;

/// <summary>People are added and changed through the API.</summary>
[Collection(typeof(ProviderCollection))]
public sealed class PeopleApiTests(ProviderFixture fixture)
{
    private readonly HttpClient admin = fixture.Admin;

    [Fact]
    public async Task everything_that_is_wrong_with_a_person_is_told_at_once()
    {
        using var refused = await admin.PostAsJsonAsync("/v1/people", new { email = "ann", name = " ", roles = new[] { "warehouse", "king" }, locations = Array.Empty<string>() });

        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        problem["code"]!.GetValue<string>().ShouldBe("invalid-person");
        problem["errors"]!.AsObject().Select(it => it.Key).ShouldBe(["email", "locations", "name", "roles[1]"], ignoreOrder: true);
    }

    [Fact]
    public async Task an_address_is_one_person_however_it_is_written()
    {
        var person = await fixture.Add();

        using var again = await admin.PostAsJsonAsync("/v1/people", new { email = person.Email.ToUpperInvariant(), name = "Ann", roles = new[] { "viewer" } });

        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Problem()).ShouldBe("person-exists");
    }

    [Fact]
    public async Task people_are_listed_page_by_page()
    {
        HashSet<Guid> added = [(await fixture.Add()).Id, (await fixture.Add()).Id, (await fixture.Add()).Id];
        HashSet<Guid> seen = [];
        for (string? path = "/v1/people?limit=2"; path is not null;)
        {
            var page = (await admin.GetFromJsonAsync<JsonObject>(path))!;
            foreach (var person in page["items"]!.AsArray())
                seen.Add(person!["id"]!.GetValue<Guid>()).ShouldBeTrue();
            path = page["next"] is { } next ? $"/v1/people?limit=2&after={next.GetValue<string>()}" : null;
        }
        added.ShouldBeSubsetOf(seen);
    }

    [Fact]
    public async Task whoever_has_not_seen_the_newest_changes_nothing()
    {
        var person = await fixture.Add();
        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.PreconditionFailed])
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/people/{person.Id}/roles")
            {
                Content = JsonContent.Create(new { roles = new[] { "manager" } }),
                Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } },
            };
            using var answer = await admin.SendAsync(request);
            answer.StatusCode.ShouldBe(expected);
        }
        (await fixture.Person(person.Id))["roles"]!.AsArray().Single()!.GetValue<string>().ShouldBe("manager");
    }

    /// <summary>Else whoever manages people would be an admin at will.</summary>
    [Fact]
    public async Task nobody_gives_away_or_takes_over_more_than_they_have()
    {
        using var created = await admin.PostAsJsonAsync("/v1/api-keys", new { name = "personnel", scopes = new[] { "people:manage", "items:read" } });
        using var personnel = fixture.Gateway.Client((await created.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>());
        var boss = await fixture.Add("admin");

        using var raised = await personnel.PostAsJsonAsync("/v1/people", new { email = "eve@example.com", name = "Eve", roles = new[] { "admin" } });
        using var reset = await personnel.PostAsync($"/v1/people/{boss.Id}/reset", null);
        using var ended = await personnel.PostAsync($"/v1/people/{boss.Id}/deactivation", null);

        foreach (var refused in new[] { raised, reset, ended })
            (await refused.Problem()).ShouldBe("beyond-your-own");
    }

    [Fact]
    public async Task who_is_not_there_cannot_be_changed()
    {
        using var answer = await admin.PostAsync($"/v1/people/{Guid.CreateVersion7()}/reset", null);

        (await answer.Problem()).ShouldBe("person-not-found");
    }
}
