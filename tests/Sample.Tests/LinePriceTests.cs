using CsCheck;

namespace Oms.Sample.Tests;

public sealed class LinePriceTests
{
    private static readonly decimal[] Odd = [0m, 0.32m, 0.999999999999m, 1m, 1.5m, 20m];
    private static readonly Gen<decimal> Sales = Gen.Long[0, 400_000_000].Select(tenThousandths => tenThousandths / 10_000m);
    private static readonly Gen<decimal> Discounts = Gen.OneOf(
        Gen.Int[0, 99].Select(percent => percent / 100m), Gen.Int[0, Odd.Length - 1].Select(it => Odd[it]));

    [Fact]
    public void quantity_times_price_less_discount_is_the_total_to_the_cent() =>
        Gen.Select(Sales, Gen.Int[1, 1_000], Discounts).Sample((sales, quantity, discount) =>
        {
            var price = LinePrice.From(sales, quantity, discount);

            (quantity * price.UnitPrice - price.Discount).ShouldBe(price.Total);
            price.Total.ShouldBe(decimal.Round(sales, 2, MidpointRounding.AwayFromZero));
            price.Discount.ShouldBeGreaterThanOrEqualTo(0);
            price.UnitPrice.ShouldBe(decimal.Round(price.UnitPrice, 2));
        });

    [Fact]
    public void the_unit_price_is_the_list_price_where_cents_allow_it() =>
        LinePrice.From(957.5775m, 5, 0.45m).ShouldBe(new LinePrice(348.21m, 783.47m, 957.58m));

    [Fact]
    public void without_a_discount_a_lost_cent_makes_the_price_a_cent_higher_and_gives_the_rest_back() =>
        LinePrice.From(10m, 3, 0).ShouldBe(new LinePrice(3.34m, 0.02m, 10m));

    [Fact]
    public void a_discount_of_everything_has_no_list_price_to_go_back_to() =>
        LinePrice.From(5m, 2, 1).ShouldBe(new LinePrice(2.50m, 0m, 5m));

    [Fact]
    public void what_is_free_costs_nothing() => LinePrice.From(0, 3, 0.2m).ShouldBe(new LinePrice(0, 0, 0));
}
