using JasperFx.Events;
using Oms.Contracts;
using Oms.Routing.Domain;
using Oms.Routing.Integration;
using Oms.ServiceDefaults;
using V1 = Oms.Contracts.Routing.V1;

namespace Oms.Routing.Tests;

public sealed class StoredNames
{
    /// <summary>What has been stored under a name is read under it for ever: this list only grows.</summary>
    [Fact]
    public void never_change() => new[] { Facts.Of<ILocationEvent>(), Facts.Of<IMarketEvent>(), Facts.Of<IStrategyEvent>(), Facts.Of<IDecisionEvent>() }
        .SelectMany(it => it).Select(Facts.StoredName).ShouldBe(
        [
            "location_registered", "location_revised", "market_defined", "market_redrawn", "routing_strategy_chosen", "order_routed", "order_unroutable",
        ]);
}

public sealed class PublishedLanguage
{
    private static readonly Explanation Why = new(1, "standard", false, new("US", null, null, null, null), [], []);

    private static object? Translate(object fact) => RoutingPublishedLanguage.Translate(new Event<object>(fact));

    [Fact]
    public void tells_of_locations_when_they_are_registered_and_when_they_change()
    {
        var details = Given.Location("nyc").Details;
        Translate(new LocationRegistered("nyc", details, Given.Noon)).ShouldBe(new V1.LocationRegistered("nyc", "nyc", "warehouse", true, Given.Noon));
        Translate(new LocationRevised("nyc", details with { Name = "New York", Active = false }, Given.Noon))
            .ShouldBe(new V1.LocationRegistered("nyc", "New York", "warehouse", false, Given.Noon));
    }

    [Fact]
    public void tells_the_plan()
    {
        var (id, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var told = Translate(new OrderRouted(
            id, order, 1, [new("nyc", [new(1, "MUG", 2)], Given.Noon.AddHours(3), 12.5)], [new(2, "PLATE", 1)], Why, Given.Noon)).ShouldBeOfType<V1.OrderRouted>();
        (told.RoutingId, told.OrderId, told.RoutedAt).ShouldBe((id, order, Given.Noon));
        told.Assignments.Single().ShouldSatisfyAllConditions(
            it => it.LocationId.ShouldBe("nyc"), it => it.ShipBy.ShouldBe(Given.Noon.AddHours(3)), it => it.Lines.ShouldBe([new LineQuantity(1, "MUG", 2)]));
        told.Unfillable.ShouldBe([new LineQuantity(2, "PLATE", 1)]);
    }

    [Fact]
    public void tells_why_not()
    {
        var (id, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var told = Translate(new OrderUnroutable(id, order, 2, UnroutableReasons.NoStock, [new(1, "MUG", 1)], Why, Given.Noon)).ShouldBeOfType<V1.OrderUnroutable>();
        (told.RoutingId, told.OrderId, told.Reason, told.DecidedAt).ShouldBe((id, order, "no_stock", Given.Noon));
        told.Unfillable.ShouldBe([new LineQuantity(1, "MUG", 1)]);
    }

    [Fact]
    public void keeps_the_merchants_settings_private()
    {
        Translate(new MarketDefined("us", new("US", ["US"], []), Given.Noon)).ShouldBeNull();
        Translate(new RoutingStrategyChosen([], Given.Noon)).ShouldBeNull();
    }
}
