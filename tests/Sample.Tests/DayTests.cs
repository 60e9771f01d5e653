namespace Oms.Sample.Tests;

public sealed class DayTests
{
    private readonly Played day = new();

    [Fact]
    public async Task everything_arrives_and_adds_up_and_a_second_day_finds_it_done()
    {
        var first = (await day.Play()).Report;

        first.IsClean.ShouldBeTrue(day.Shown);
        (first.Orders, first.Lines, first.Stuck).ShouldBe((day.File.Orders.Length, day.File.Rows, 0));
        first.ByState.Values.Sum().ShouldBe(first.Orders);
        first.ByState["canceled"].ShouldBe(day.File.Orders.Count(order => Fate.Of(order.Number).IsCanceled));
        first.Returns.ShouldBe(day.File.Orders.Count(order => Fate.Of(order.Number).IsReturned));
        first.Splits.ShouldBeGreaterThan(0);
        first.BackorderedThenFulfilled.ShouldBeGreaterThan(0);
        first.Parcels.ShouldBeGreaterThan(first.Orders);

        var second = await day.Play();

        second.Report.ByState.ShouldBe(first.ByState);
        (second.Report with { ByState = first.ByState, Seconds = first.Seconds, OrdersPerSecond = first.OrdersPerSecond }).ShouldBe(first);
        second.Book.Duplicates.ShouldBe(first.Orders);
    }
}

public sealed class DayOnBothRoadsTests
{
    private readonly Played day = new();

    [Fact]
    public async Task the_warehouse_works_in_bulk_and_step_by_step()
    {
        await day.Play();

        day.Platform.Calls.ShouldContainKey("POST fulfillment-orders/batch");
        day.Platform.Calls.ShouldContainKey("POST fulfillment-orders/ship");
        day.Platform.Calls.ShouldContainKey("POST fulfillment-orders/reject");
        day.Platform.Calls["POST tracking-events"].ShouldBeLessThan(day.File.Orders.Length, "events are told in batches");
    }
}

public sealed class DayWithALeakTests
{
    private readonly Played day = new();

    [Fact]
    public async Task a_piece_that_vanishes_is_found()
    {
        day.Platform.Leak = 1;

        var outcome = await day.Play();

        outcome.Report.IsClean.ShouldBeFalse();
        // When everything else on that shelf has shipped too, less than nothing is on hand.
        outcome.Differences.Select(difference => difference.What).Except(["nothing is negative"])
            .ShouldBe(["on hand is the sum of its states", "received − shipped + restocked"], ignoreOrder: true);
    }
}
