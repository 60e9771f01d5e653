using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Features;
using Oms.Testing;

namespace Oms.Routing.Tests;

public sealed class RegisteringALocation
{
    private static readonly RegisterLocation.Body Nyc = new(
        "New York", "warehouse", new("1 Dock St", "New York", "NY", "10001", "US"), Given.NewYork, "America/New_York", "15:00", 500, ["us"], 1);

    private static readonly string[] AllPaths = ["address.country", "capacityPerDay", "coordinates", "cutOff", "locationId", "markets[0]", "name", "priority", "timeZone", "type"];

    private static RegisterLocation Command(RegisterLocation.Body body, string id = "nyc") => new(id, body, new HashSet<string> { "us" }, Given.Noon);

    private static ILocationEvent Registered() => RegisterLocation.Decide(Command(Nyc), null).Single();

    [Fact]
    public void registers_it() => Scenario<Location, ILocationEvent>.Given().When(it => RegisterLocation.Decide(Command(Nyc), it)).Then(happened =>
    {
        var registered = happened.ShouldBeOfType<LocationRegistered>();
        registered.LocationId.ShouldBe("nyc");
        registered.RegisteredAt.ShouldBe(Given.Noon);
        registered.Details.CutOff.ShouldBe(new TimeOnly(15, 0));
        registered.Details.Active.ShouldBeTrue();
    })!.Details.Markets.ShouldBe(["us"]);

    [Fact]
    public void repeated_changes_nothing() =>
        Scenario<Location, ILocationEvent>.Given(Registered()).When(it => RegisterLocation.Decide(Command(Nyc with { Markets = ["us", "us"] }), it)).NothingHappened();

    [Fact]
    public void revises_what_is_known() => Scenario<Location, ILocationEvent>.Given(Registered())
        .When(it => RegisterLocation.Decide(Command(Nyc with { Active = false, Markets = null }), it))
        .Then(happened => happened.ShouldBeOfType<LocationRevised>().Details.Active.ShouldBeFalse())!.Details.Markets.ShouldBeEmpty();

    [Fact]
    public void is_refused_with_all_that_is_wrong()
    {
        var command = Command(new("", "shed", new("x", "y", "z", "1", "XX"), new(91, 0), "EST5", "25:00", -1, ["mars"], 0), "NYC!");
        var outcome = Scenario<Location, ILocationEvent>.Given().When(it => RegisterLocation.Decide(command, it));
        outcome.Refused(RoutingRefusals.InvalidLocation);
        RegisterLocation.Decide(command, null).Refusal!.Errors.Keys.ShouldBe(AllPaths);
        RegisterLocation.Decide(command with { Details = new() }, null).Refusal!.Errors.Keys.ShouldBe(["address", "coordinates", "cutOff", "locationId", "name", "timeZone", "type"]);
    }
}

public sealed class DefiningAMarket
{
    private static readonly DefineMarket.Body West = new("West", ["US", "CA"], ["US-CA", "US-OR"]);

    private static DefineMarket Command(DefineMarket.Body body, string id = "west") => new(id, body, Given.Noon);

    private static IMarketEvent Defined() => DefineMarket.Decide(Command(West), null).Single();

    [Fact]
    public void defines_it() => Scenario<Market, IMarketEvent>.Given().When(it => DefineMarket.Decide(Command(West), it))
        .Then(happened => happened.ShouldBeOfType<MarketDefined>().Area.Countries.ShouldBe(["CA", "US"]));

    [Fact]
    public void repeated_changes_nothing() => Scenario<Market, IMarketEvent>.Given(Defined())
        .When(it => DefineMarket.Decide(Command(West with { Countries = ["CA", "US", "US"] }), it)).NothingHappened();

    [Fact]
    public void draws_it_anew() => Scenario<Market, IMarketEvent>.Given(Defined()).When(it => DefineMarket.Decide(Command(West with { Regions = null }), it))
        .Then(happened => happened.ShouldBeOfType<MarketRedrawn>().Area.Regions.ShouldBeEmpty());

    [Fact]
    public void is_refused_with_all_that_is_wrong()
    {
        var command = Command(new(" ", ["US", "XX"], ["california", "CA-ON"]), "");
        Scenario<Market, IMarketEvent>.Given().When(it => DefineMarket.Decide(command, it)).Refused(RoutingRefusals.InvalidMarket);
        DefineMarket.Decide(command, null).Refusal!.Errors.Keys.ShouldBe(["countries[1]", "marketId", "name", "regions[0]", "regions[1]"]);
    }

    [Theory]
    [InlineData("US", "California", true)]
    [InlineData("US", "ca", true)]
    [InlineData("US", "US-OR", true)]
    [InlineData("US", "NY", false)]
    [InlineData("US", null, false)]
    [InlineData("CA", null, true)]
    [InlineData("MX", "CA", false)]
    public void covers_whole_countries_unless_regions_narrow_them(string country, string? region, bool covered) =>
        Fold.All<Market, IMarketEvent>([Defined()])!.Area.Covers(country, region).ShouldBe(covered);
}

public sealed class ChoosingTheStrategy
{
    private static ChooseRoutingStrategy Command(params ChooseRoutingStrategy.RuleBody?[] rules) => new(new(rules), new HashSet<string> { "nyc", "chi" }, Given.Noon);

    private static readonly ChooseRoutingStrategy Ranked = Command(new("ranked_locations", true, ["chi", "nyc"]), new("closest", false));

    [Fact]
    public void chooses_the_rules_in_their_order() => Scenario<RoutingStrategy, IStrategyEvent>.Given().When(it => ChooseRoutingStrategy.Decide(Ranked, it))
        .Then(happened => happened.ShouldBeOfType<RoutingStrategyChosen>().ChosenAt.ShouldBe(Given.Noon))!
        .Rules.Select(it => (it.Type, it.Enabled, string.Join(' ', it.Locations))).ShouldBe([("ranked_locations", true, "chi nyc"), ("closest", false, "")]);

    [Fact]
    public void the_same_again_is_no_new_version() => Scenario<RoutingStrategy, IStrategyEvent>.Given(ChooseRoutingStrategy.Decide(Ranked, null).Single())
        .When(it => ChooseRoutingStrategy.Decide(Ranked, it)).NothingHappened();

    [Fact]
    public void another_order_is_a_new_version() => Scenario<RoutingStrategy, IStrategyEvent>.Given(ChooseRoutingStrategy.Decide(Ranked, null).Single())
        .When(it => ChooseRoutingStrategy.Decide(Command(new("ranked_locations", true, ["nyc", "chi"]), new("closest", false)), it)).Then(happened => happened.ShouldBeOfType<RoutingStrategyChosen>());

    [Fact]
    public void is_refused_with_all_that_is_wrong()
    {
        Scenario<RoutingStrategy, IStrategyEvent>.Given().When(it => ChooseRoutingStrategy.Decide(Command(), it)).Refused(RoutingRefusals.InvalidStrategy);
        var refusal = ChooseRoutingStrategy.Decide(
            Command(new("cheapest"), new("closest", true, ["nyc"]), new("closest"), new("ranked_locations", true, ["lax", "nyc", "nyc"]), null), null).Refusal!;
        refusal.Errors.Keys.ShouldBe(["rules[0].type", "rules[1].locations", "rules[2].type", "rules[3].locations", "rules[3].locations[0]", "rules[4].type"]);
    }
}

public sealed class PostalCodes
{
    [Theory]
    [InlineData("US", "10001", "10001")]
    [InlineData("US", " 10001-1234 ", "10001")]
    [InlineData("US", "5408", "05408")]
    [InlineData("US", "1O001", null)]
    [InlineData("US", "100011", null)]
    [InlineData("CA", "k1a 0b1", "K1A0B1")]
    [InlineData("GB", "SW1A 1AA", "SW1A1AA")]
    [InlineData("JP", "100-0001", "1000001")]
    [InlineData("DE", "", null)]
    [InlineData("DE", " - ", null)]
    [InlineData("DE", "10115'", null)]
    [InlineData("DE", null, null)]
    public void are_looked_up_in_one_form(string country, string? code, string? normal) => PostalCode.Normalize(country, code).ShouldBe(normal);

    [Fact]
    public void begin_with_where_they_roughly_are()
    {
        PostalCode.Prefix("10001").ShouldBe("100");
        PostalCode.Prefix("9").ShouldBe("9");
    }
}
