using System.Net;
using Oms.Gateway.Access;
using Oms.Kernel;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Tests;

public sealed class ApiKeyDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.CreateVersion7(Now);
    private static readonly Caller Admin = Caller.Unrestricted("ada");

    private static CreateApiKey Create(params string[] scopes) => new(Id, "storefront", Hash("first"), [.. scopes], [], [], [], null, null, Now);

    private static ApiKey Given(params IApiKeyEvent[] facts) => Fold.All(facts, CreateApiKeySlice.Decide(Create(Scopes.OrdersRead), null, Admin).Aggregate((ApiKey?)null, ApiKey.After))!;

    private static string Hash(string secret) => ApiKeySecret.HashText(secret);

    private static bool Opens(ApiKey key, string secret, DateTimeOffset at) => key.IsOpenedBy(ApiKeySecret.Hash(secret), at);

    [Fact]
    public void a_key_opens_with_its_secret_and_no_other()
    {
        var key = Given();
        Opens(key, "first", Now).ShouldBeTrue();
        Opens(key, "First", Now).ShouldBeFalse();
    }

    [Fact]
    public void nobody_gives_away_more_than_they_have()
    {
        var manager = Admin with { Scopes = [Scopes.AccessManage, Scopes.OrdersRead] };
        CreateApiKeySlice.Decide(Create(Scopes.OrdersRead), null, manager).Refusal.ShouldBeNull();
        CreateApiKeySlice.Decide(Create(Scopes.OrdersRead, Scopes.OrdersWrite), null, manager).Refusal!.Code.ShouldBe("beyond-your-own");
    }

    [Fact]
    public void the_same_request_again_does_not_show_a_secret_again() =>
        CreateApiKeySlice.Decide(Create(Scopes.OrdersRead), Given(), Admin).Refusal!.Code.ShouldBe("api-key-exists");

    [Fact]
    public void after_a_rotation_both_secrets_open_until_the_overlap_is_over()
    {
        var key = Given(new ApiKeyRotated(Id, Hash("second"), Now.AddHours(1), Now));
        Opens(key, "first", Now.AddMinutes(59)).ShouldBeTrue();
        Opens(key, "first", Now.AddHours(1)).ShouldBeFalse();
        Opens(key, "second", Now.AddHours(1)).ShouldBeTrue();
    }

    [Fact]
    public void a_repeated_rotation_does_not_rotate_once_more()
    {
        var request = Guid.CreateVersion7();
        var again = new RotateApiKey(Id, Hash("third"), TimeSpan.FromHours(1), Now, request);
        var rotated = Given(new ApiKeyRotated(Id, Hash("second"), Now.AddHours(1), Now, request));

        ChangeApiKeySlice.Decide(again, rotated).Refusal!.Code.ShouldBe("api-key-rotated");
        ChangeApiKeySlice.Decide(again with { Request = Guid.CreateVersion7() }, rotated).Events.ShouldHaveSingleItem();
        ChangeApiKeySlice.Decide(again with { Request = null }, rotated).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void a_second_rotation_does_not_lengthen_the_life_of_the_first_secret()
    {
        var key = Given(new ApiKeyRotated(Id, Hash("second"), Now.AddHours(1), Now), new ApiKeyRotated(Id, Hash("third"), Now.AddHours(5), Now.AddMinutes(1)));
        Opens(key, "first", Now.AddHours(2)).ShouldBeFalse();
        Opens(key, "second", Now.AddHours(2)).ShouldBeTrue();
    }

    [Fact]
    public void without_an_overlap_the_old_secret_ends_at_once() =>
        Opens(Given(new ApiKeyRotated(Id, Hash("second"), Now, Now)), "first", Now).ShouldBeFalse();

    [Fact]
    public void a_revoked_key_opens_nothing_and_is_not_rotated()
    {
        var key = Given(new ApiKeyRevoked(Id, Now));
        Opens(key, "first", Now).ShouldBeFalse();
        ChangeApiKeySlice.Decide(new RotateApiKey(Id, Hash("second"), TimeSpan.Zero, Now), key).Refusal!.Code.ShouldBe("api-key-revoked");
        ChangeApiKeySlice.Decide(new RevokeApiKey(Id, Now), key).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_key_ends_when_it_expires()
    {
        var key = Given() with { ExpiresAt = Now.AddDays(1) };
        Opens(key, "first", Now.AddDays(1).AddTicks(-1)).ShouldBeTrue();
        Opens(key, "first", Now.AddDays(1)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", true)]
    [InlineData("203.0.114.7", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    public void a_key_opens_only_from_its_addresses(string address, bool opens) =>
        (Given() with { IpRanges = ["203.0.113.0/24", "2001:db8::/32"] }).IsAllowedFrom(IPAddress.Parse(address)).ShouldBe(opens);

    [Fact]
    public void a_key_without_restrictions_sees_everything_and_one_with_them_only_that()
    {
        Given().AsCaller().SeesChannel("pos").ShouldBeTrue();
        var restricted = (Given() with { Channels = ["pos"], Locations = ["nyc"] }).AsCaller();
        restricted.SeesChannel("pos").ShouldBeTrue();
        restricted.SeesChannel("web").ShouldBeFalse();
        restricted.SeesChannel(null).ShouldBeFalse();
        restricted.SeesLocation("lax").ShouldBeFalse();
    }

    [Fact]
    public void a_secret_tells_which_key_it_is_of()
    {
        var secret = ApiKeySecret.Create(Id);
        ApiKeySecret.KeyOf(secret).ShouldBe(Id);
        ApiKeySecret.Create(Id).ShouldNotBe(secret);
        ((string[])["", "oms_", secret[1..], secret + "x", secret.Replace("oms_", "omx_", StringComparison.Ordinal)]).ShouldAllBe(it => ApiKeySecret.KeyOf(it) == null);
    }
}

public sealed class RolesTests
{
    private static Caller? Person(string[] roles, params string[] locations) => Roles.CallerOf("person:ada", roles, locations);

    [Fact]
    public void who_has_no_role_here_is_nobody()
    {
        Person([]).ShouldBeNull();
        Person(["owner"]).ShouldBeNull();
    }

    [Fact]
    public void warehouse_people_work_at_their_locations_and_nowhere_without_one()
    {
        var person = Person(["warehouse"], "nyc")!;
        person.SeesLocation("nyc").ShouldBeTrue();
        person.SeesLocation("lax").ShouldBeFalse();
        person.Scopes.ShouldContain(Scopes.FulfillmentWrite);
        Person(["warehouse"]).ShouldBeNull();
    }

    [Fact]
    public void another_role_does_not_widen_where_warehouse_work_is_done()
    {
        var person = Person(["warehouse", "viewer"], "nyc")!;
        person.SeesLocation("lax").ShouldBeFalse();
        Person(["warehouse", "manager"], "nyc")!.Locations.ShouldBeNull();
        Person(["warehouse", "viewer"])!.Scopes.ShouldNotContain(Scopes.FulfillmentWrite);
    }

    [Fact]
    public void only_an_admin_manages_access() =>
        Roles.ScopesOf.Where(role => role.Value.Contains(Scopes.AccessManage)).Select(role => role.Key).ShouldBe(["admin"]);
}
