using CsCheck;

namespace Oms.Sample.Tests;

public sealed class StockPlanTests
{
    private static readonly string[] PostalCodes = ["10001", "90036", "60601", "30303", "99999"];
    private static readonly Gen<SampleOrder[]> Files = Gen.Select(
        Gen.Int[1, 9_999], Gen.Int[0, PostalCodes.Length - 1].Select(it => PostalCodes[it]),
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 14]).Array[1, 5]).Select((number, postalCode, lines) => OrderOf($"CA-{number}", postalCode, lines)).Array[1, 80];

    [Fact]
    public void in_the_end_there_is_enough_of_everything() => Files.Sample(orders =>
    {
        var plan = StockPlan.For(orders, Samples.Nearest);
        var supply = plan.Opening.Concat(plan.Replenishment).ToLookup(receipt => receipt.Sku, receipt => receipt.Quantity);

        foreach (var (sku, demand) in DemandOf(orders))
            supply[sku].Sum().ShouldBeGreaterThanOrEqualTo(demand);
    }, iter: 200);

    [Fact]
    public void what_is_short_at_the_opening_is_less_than_the_file_sells_and_nothing_else_is() => Files.Sample(orders =>
    {
        var plan = StockPlan.For(orders, Samples.Nearest);
        var opening = plan.Opening.ToLookup(receipt => receipt.Sku, receipt => receipt.Quantity);

        foreach (var (sku, demand) in DemandOf(orders))
            (opening[sku].Sum() < demand).ShouldBe(plan.ShortSkus.Contains(sku));
    }, iter: 200);

    [Fact]
    public void an_order_that_is_rejected_finds_everything_at_another_location() => Files.Sample(orders =>
    {
        var plan = StockPlan.For(orders, Samples.Nearest);
        var demand = DemandOf(orders);
        foreach (var sku in orders.Where(order => Fate.Of(order.Number).IsRejectedOnce).SelectMany(order => order.Lines).Select(line => line.Sku))
        {
            var supply = plan.Opening.Where(receipt => receipt.Sku == sku).ToList();
            foreach (var location in supply.Select(receipt => receipt.LocationId))
                supply.Where(receipt => receipt.LocationId != location).Sum(receipt => receipt.Quantity).ShouldBeGreaterThanOrEqualTo(demand[sku]);
        }
    }, iter: 200);

    [Fact]
    public void who_comes_after_the_opening_stock_is_gone_waits()
    {
        var plan = new StockPlan([new("newark-warehouse", "SKU-1", 3), new("nyc-store", "SKU-1", 2)], [new("nyc-store", "SKU-1", 9)], ["SKU-1"]);

        plan.WaitingAmong([OrderOf("CA-1", "10001", [(1, 4)]), OrderOf("CA-2", "10001", [(1, 2)]), OrderOf("CA-3", "10001", [(1, 1)])]).ShouldBe(2);
    }

    [Fact]
    public void it_is_the_same_every_time()
    {
        var file = SampleFile.Read(Samples.Orders);

        var (one, other) = (StockPlan.For(file.Orders, Samples.Nearest), StockPlan.For(file.Orders.Reverse().ToList(), Samples.Nearest));

        one.Opening.ShouldBe(other.Opening);
        one.Replenishment.ShouldBe(other.Replenishment);
    }

    [Fact]
    public void of_the_sample_data_some_orders_wait_some_split_and_every_region_ships()
    {
        var file = SampleFile.Read(Samples.Orders);
        var plan = StockPlan.For(file.Orders, Samples.Nearest);
        var places = plan.Opening.Concat(plan.Replenishment).ToLookup(receipt => receipt.Sku, receipt => receipt.LocationId);

        plan.ShortSkus.Count.ShouldBeInRange(30, 150);
        file.Orders.Count(order => order.Lines.Any(line => plan.ShortSkus.Contains(line.Sku))).ShouldBeInRange(100, 500);
        file.Orders.Count(order => order.Lines.Select(line => places[line.Sku]).Aggregate((left, right) => left.Intersect(right)).Any() is false).ShouldBeInRange(200, 900);
        plan.Opening.Select(receipt => receipt.LocationId).Distinct().Count().ShouldBe(SampleLocation.All.Length);
    }

    private static Dictionary<string, int> DemandOf(IEnumerable<SampleOrder> orders) =>
        orders.SelectMany(order => order.Lines).GroupBy(line => line.Sku).ToDictionary(it => it.Key, it => it.Sum(line => line.Quantity));

    private static SampleOrder OrderOf(string number, string postalCode, (int Sku, int Quantity)[] lines) => new(
        number, "online_store", "a@customers.example", "A", default, "standard", "City", "State", postalCode,
        [.. lines.Select((line, index) => new SampleLine(index + 2, $"SKU-{line.Sku}", "Thing", line.Quantity, LinePrice.From(10, line.Quantity, 0)))]);
}
