using Oms.Routing.Domain;
using Oms.Routing.Planning;
using static Oms.Routing.Tests.Given;

namespace Oms.Routing.Tests;

public sealed class Routing
{
    private static readonly Location[] Three = [Location("chi", Chicago, priority: 2), Location("lax", LosAngeles, priority: 1), Location("nyc", NewYork, priority: 3)];

    private static readonly string[] ExclusionsInOrder = ["at_capacity:full", "declined_this_order:no", "inactive:off", "no_stock:empty"];

    [Fact]
    public void one_location_that_has_all_beats_two_that_are_closer() => Router.Route(
        Request(("MUG", 2), ("PLATE", 1)),
        Around(Three, Stock(("MUG", "nyc", 5), ("PLATE", "chi", 5), ("MUG", "lax", 5), ("PLATE", "lax", 5)), destination: NewYork)).Plan().ShouldBe("lax: 2 MUG, 1 PLATE");

    [Fact]
    public void without_minimizing_splits_the_closest_of_each_line_ships() => Router.Route(
        Request(("MUG", 2), ("PLATE", 1)),
        Around(Three, Stock(("MUG", "nyc", 5), ("PLATE", "chi", 5), ("MUG", "lax", 5), ("PLATE", "lax", 5)), Strategy(RuleTypes.Closest), destination: NewYork))
        .Plan().ShouldBe("chi: 1 PLATE | nyc: 2 MUG");

    [Fact]
    public void a_line_is_divided_only_when_no_chosen_location_has_all_of_it()
    {
        Router.Route(Request(("MUG", 5)), Around(Three, Stock(("MUG", "nyc", 3), ("MUG", "chi", 5)), Strategy(RuleTypes.Closest), destination: NewYork))
            .Plan().ShouldBe("chi: 5 MUG");
        Router.Route(Request(("MUG", 5)), Around(Three, Stock(("MUG", "nyc", 3), ("MUG", "chi", 4)), Strategy(RuleTypes.Closest), destination: NewYork))
            .Plan().ShouldBe("chi: 2 MUG | nyc: 3 MUG");
    }

    [Fact]
    public void two_lines_of_one_sku_share_its_stock()
    {
        var decision = Router.Route(Request(("MUG", 3), ("MUG", 5)), Around(Three, Stock(("MUG", "nyc", 5), ("MUG", "chi", 2)), destination: NewYork)).Routed();
        decision.Assignments.Sum(it => it.Lines.Sum(line => line.Quantity)).ShouldBe(7);
        decision.Assignments.Single(it => it.LocationId == "nyc").Lines.ShouldBe([new(2, "MUG", 5)]);
        decision.Unfillable.ShouldBe([new(1, "MUG", 1)]);
    }

    [Fact]
    public void the_order_of_the_ranked_list_changes_the_plan()
    {
        var stock = () => Stock(("MUG", "nyc", 5), ("MUG", "chi", 5), ("MUG", "lax", 5));
        RoutingStrategy Ranked(params string[] ids) => new() { Version = 1, Rules = [new(RuleTypes.RankedLocations, true, [.. ids])] };
        Router.Route(Request(("MUG", 1)), Around(Three, stock(), Ranked("chi", "nyc"))).Plan().ShouldBe("chi: 1 MUG");
        Router.Route(Request(("MUG", 1)), Around(Three, stock(), Ranked("nyc", "chi"))).Plan().ShouldBe("nyc: 1 MUG");
        Router.Route(Request(("MUG", 1)), Around(Three, stock(), Strategy(RuleTypes.RankedLocations))).Plan().ShouldBe("lax: 1 MUG");
    }

    [Fact]
    public void a_disabled_rule_decides_nothing()
    {
        RoutingStrategy strategy = new() { Rules = [new(RuleTypes.RankedLocations, false, ["lax"]), new(RuleTypes.Closest, true, [])] };
        var decision = Router.Route(Request(("MUG", 1)), Around(Three, Stock(("MUG", "nyc", 1), ("MUG", "lax", 1)), strategy, destination: NewYork));
        decision.Plan().ShouldBe("nyc: 1 MUG");
        decision.Explained().Rules.Select(it => it.Type).ShouldBe([RuleTypes.Closest]);
    }

    [Fact]
    public void equal_by_all_rules_the_smaller_id_ships() => Router.Route(
        Request(("MUG", 1)), Around([Location("b"), Location("a"), Location("c")], Stock(("MUG", "c", 1), ("MUG", "b", 1)))).Plan().ShouldBe("b: 1 MUG");

    [Fact]
    public void a_market_by_region_is_meant_more_closely_than_one_by_country()
    {
        Market[] markets = [Market("east", ["US"], "US-NY", "US-NJ"), Market("everywhere", ["US", "CA"])];
        Location[] locations = [Location("nj", Chicago, region: "New Jersey"), Location("tor", NewYork, country: "CA", region: "ON")];
        var decision = Router.Route(
            Request(("MUG", 1)) with { ShipTo = new("US", "New York", null) },
            Around(locations, Stock(("MUG", "nj", 1), ("MUG", "tor", 1)), markets: markets, destination: NewYork));
        decision.Plan().ShouldBe("nj: 1 MUG");
        decision.Explained().Destination.Market.ShouldBe("east");
    }

    [Fact]
    public void markets_that_a_location_lists_count_instead_of_its_address()
    {
        Market[] markets = [Market("us", ["US"])];
        Location[] locations = [Location("nyc", NewYork, markets: ["other"]), Location("tor", Toronto, country: "CA", markets: ["us"])];
        Router.Route(Request(("MUG", 1)), Around(locations, Stock(("MUG", "nyc", 1), ("MUG", "tor", 1)), markets: markets, destination: NewYork)).Plan().ShouldBe("tor: 1 MUG");
    }

    [Fact]
    public void where_no_market_covers_the_destination_its_country_stands_for_one()
    {
        Location[] locations = [Location("tor", Toronto, country: "CA"), Location("lax", LosAngeles)];
        var decision = Router.Route(Request(("MUG", 1)), Around(locations, Stock(("MUG", "tor", 1), ("MUG", "lax", 1)), destination: NewYork));
        decision.Plan().ShouldBe("lax: 1 MUG");
        decision.Explained().Destination.Market.ShouldBeNull();
    }

    [Fact]
    public void a_destination_that_nobody_can_find_makes_all_distances_equal()
    {
        var decision = Router.Route(Request(("MUG", 1)), Around(Three, Stock(("MUG", "nyc", 1), ("MUG", "lax", 1)), Strategy(RuleTypes.Closest)));
        decision.Plan().ShouldBe("lax: 1 MUG");
        decision.Routed().Assignments[0].DistanceKm.ShouldBeNull();
        decision.Ranking(RuleTypes.Closest).ShouldAllBe(it => it.Rank == 1 && it.Value == null);
    }

    [Fact]
    public void every_reason_to_exclude_a_location_is_told()
    {
        Location[] locations = [Location("full", capacity: 1), Location("no"), Location("off", active: false), Location("empty"), Location("yes")];
        LocationLoads loads = new();
        loads.Count(locations[0], Noon);
        var decision = Router.Route(
            Request(("MUG", 1)) with { ExcludedLocations = ["no"] },
            Around(locations, Stock(("MUG", "full", 9), ("MUG", "no", 9), ("MUG", "off", 9), ("MUG", "yes", 9)), loads: loads));
        decision.Plan().ShouldBe("yes: 1 MUG");
        decision.Explained().Excluded.Select(it => $"{it.Why}:{it.Locations.Single()}").ShouldBe(ExclusionsInOrder);
    }

    [Fact]
    public void a_capacity_counts_the_locations_own_day()
    {
        var tokyo = Location("tyo", zone: "Asia/Tokyo", capacity: 1);
        LocationLoads loads = new();
        loads.Count(tokyo, Noon.AddHours(-3));      // 14:00 UTC: still Monday there; Noon is Tuesday
        Router.Route(Request(("MUG", 1)), Around([tokyo], Stock(("MUG", "tyo", 1)), loads: loads)).Plan().ShouldBe("tyo: 1 MUG");
    }

    [Fact]
    public void a_known_shortage_overrides_the_view() => Router.Route(
        Request(("MUG", 3)) with { Shortages = [new("MUG", "nyc", 2), new("MUG", "nyc", 1), new("MUG", "chi", 9)] },
        Around(Three, Stock(("MUG", "nyc", 5), ("MUG", "chi", 2)), destination: NewYork)).Plan().ShouldBe("chi: 2 MUG | nyc: 1 MUG");

    [Fact]
    public void what_cannot_be_placed_is_told()
    {
        var decision = Router.Route(Request(("MUG", 3), ("PLATE", 1)), Around(Three, Stock(("MUG", "nyc", 2)))).Routed();
        decision.Plan().ShouldBe("nyc: 2 MUG");
        decision.Unfillable.ShouldBe([new(1, "MUG", 1), new(2, "PLATE", 1)]);
    }

    [Fact]
    public void an_order_that_ships_complete_is_not_shipped_in_part()
    {
        var request = Request(("MUG", 3), ("PLATE", 1)) with { ShipComplete = true };
        var refused = Router.Route(request, Around(Three, Stock(("MUG", "nyc", 2), ("PLATE", "chi", 1)))).Unroutable();
        refused.Reason.ShouldBe(UnroutableReasons.ShipComplete);
        refused.Unfillable.ShouldBe([new(1, "MUG", 1)]);
        refused.Explanation.Rules.Length.ShouldBe(4);
        Router.Route(request, Around(Three, Stock(("MUG", "nyc", 3), ("PLATE", "chi", 1)))).Plan().ShouldBe("chi: 1 PLATE | nyc: 3 MUG");
    }

    [Fact]
    public void without_stock_and_without_locations_it_is_unroutable()
    {
        Router.Route(Request(("MUG", 1)), Around(Three, Stock())).Unroutable().Reason.ShouldBe(UnroutableReasons.NoStock);
        Router.Route(Request(("MUG", 1)), Around([], Stock())).Unroutable().Reason.ShouldBe(UnroutableReasons.NoLocation);
        var declined = Router.Route(Request(("MUG", 1)) with { ExcludedLocations = ["chi", "lax", "nyc"] }, Around(Three, Stock(("MUG", "nyc", 1)))).Unroutable();
        declined.Reason.ShouldBe(UnroutableReasons.NoLocation);
        declined.Unfillable.ShouldBe([new(1, "MUG", 1)]);
    }

    [Fact]
    public void every_rule_explains_how_it_ranked_every_candidate()
    {
        var strategy = Strategy([.. RuleTypes.All]);
        var decision = Router.Route(
            Request(("MUG", 2)), Around([.. Three, Location("tor", Toronto, country: "CA")], Stock(("MUG", "nyc", 1), ("MUG", "chi", 2), ("MUG", "lax", 2), ("MUG", "tor", 2)),
            strategy, [Market("us", ["US"])], NewYork));

        decision.Explained().StrategyVersion.ShouldBe(7);
        decision.Explained().Rules.Select(it => it.Type).ShouldBe(RuleTypes.All);
        decision.Ranking(RuleTypes.MinimizeSplits).ShouldBe(
        [
            new("chi", 1, 2, "has 2 of 2 pieces"), new("lax", 1, 2, "has 2 of 2 pieces"), new("tor", 1, 2, "has 2 of 2 pieces"), new("nyc", 4, 1, "has 1 of 2 pieces"),
        ]);
        decision.Ranking(RuleTypes.StayInMarket).ShouldBe(
        [
            new("chi", 1, 0, "inside market us"), new("lax", 1, 0, "inside market us"), new("nyc", 1, 0, "inside market us"), new("tor", 4, 1, "outside market us"),
        ]);
        decision.Ranking(RuleTypes.RankedLocations).ShouldBe(
        [
            new("lax", 1, 1, "priority 1"), new("chi", 2, 2, "priority 2"), new("nyc", 3, 3, "priority 3"), new("tor", 4, null, "neither listed nor given a priority"),
        ]);
        var closest = decision.Ranking(RuleTypes.Closest);
        closest.Select(it => (it.LocationId, it.Rank)).ShouldBe([("nyc", 1), ("tor", 2), ("chi", 3), ("lax", 4)]);
        closest[2].Why.ShouldBe($"{closest[2].Value:0.0} km from the destination");
        closest[2].Value!.Value.ShouldBe(1144, tolerance: 5);
        decision.Plan().ShouldBe("lax: 2 MUG");
    }

    [Fact]
    public void ship_by_is_the_locations_next_cut_off_in_its_own_zone()
    {
        Location[] locations = [Location("nyc", cutOff: "12:30"), Location("lax", zone: "America/Los_Angeles", cutOff: "09:00")];
        var decision = Router.Route(Request(("MUG", 1), ("PLATE", 1)), Around(locations, Stock(("MUG", "nyc", 1), ("PLATE", "lax", 1)))).Routed();
        decision.Assignments.Select(it => it.ShipBy).ShouldBe(
            [new(2026, 3, 3, 17, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 17, 30, 0, TimeSpan.Zero)]);      // lax: 09:00 is now, so tomorrow
    }

    [Fact]
    public void five_locations_ship_when_four_are_not_enough()
    {
        var ids = Enumerable.Range(1, 6).Select(it => $"l{it}").ToArray();
        Router.Route(Request(("MUG", 5)), Around([.. ids.Select(id => Location(id))], Stock([.. ids.Select(id => ("MUG", id, 1))]))).Routed().Assignments.Length.ShouldBe(5);
    }

    [Fact]
    public void pieces_that_lie_in_more_places_than_can_be_compared_are_all_placed()
    {
        var ids = Enumerable.Range(1, 60).Select(it => $"l{it:00}").ToArray();
        var decision = Router.Route(Request(("MUG", 50)), Around([.. ids.Select(id => Location(id))], Stock([.. ids.Select(id => ("MUG", id, 1))]))).Routed();
        decision.Assignments.Length.ShouldBe(50);
        decision.Unfillable.ShouldBeEmpty();
        decision.Explanation.Excluded.Single().Why.ShouldBe(ExclusionReasons.Outranked);
    }
}
