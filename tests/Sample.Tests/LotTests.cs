namespace Oms.Sample.Tests;

public sealed class LotTests
{
    [Fact]
    public void it_is_fnv_1a() => Lot.Hash("foobar"u8).ShouldBe(0x85944171f73967e8);

    [Fact]
    public void the_same_text_draws_the_same_lot_in_every_process() =>
        new[] { "CA-2016-152156", "CA-2016-138688", "US-2015-108966" }.Select(number => Lot.Draw("fate", number, 200)).ShouldBe(Expected);

    [Fact]
    public void every_fate_meets_some_orders_of_the_sample_data_and_none_meets_many()
    {
        var fates = SampleFile.Read(Samples.Orders).Orders.Select(order => Fate.Of(order.Number)).ToList();
        foreach (var fate in new Func<Fate, bool>[] { it => it.IsCanceled, it => it.IsHeld, it => it.IsRejectedOnce, it => it.ShipsInTwoParcels, it => it.GoesStepByStep, it => it.IsReturned })
            fates.Count(fate).ShouldBeInRange(15, 130);
    }

    [Fact]
    public void carriers_tell_every_step_in_every_way_of_telling()
    {
        foreach (var telling in Enum.GetValues<Telling>())
            CarrierFeed.Plan(telling).Select(it => it.Step).Distinct().Order().ShouldBe([0, 1, 2, 3]);
        CarrierFeed.Plan(Telling.Late).ShouldContain(it => it.Step == 1 && it.Beat > CarrierFeed.Plan(Telling.Late).Single(last => last.Step == 3).Beat);
    }

    [Fact]
    public void what_is_returned_is_received_piece_by_piece()
    {
        foreach (var order in SampleFile.Read(Samples.Orders).Orders)
        {
            var plan = ReturnPlan.Of(order);
            plan.Received.Sum(it => it.Quantity).ShouldBe(plan.Quantity);
            plan.Quantity.ShouldBeInRange(1, order.Lines[plan.Line - 1].Quantity);
            plan.Received.ShouldAllBe(it => it.Line == plan.Line && it.Quantity > 0);
        }
    }

    private static readonly int[] Expected = [137, 152, 81];
}
