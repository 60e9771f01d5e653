using System.Globalization;
using CsCheck;
using Oms.Kernel;

namespace Oms.Kernel.Tests;

public sealed class MoneyTests
{
    private static readonly Gen<Money> Amounts =
        from currency in Gen.Int[0, 2].Select(it => new[] { "JPY", "USD", "KWD" }[it])
        from minor in Gen.OneOf(Gen.Long[-20, 20], Gen.Long[-1_000_000_000_000, 1_000_000_000_000])
        select new Money(minor * Unit(currency), currency);

    private static readonly Gen<decimal[]> Weights =
        Gen.OneOf(Gen.Int[0, 5].Select(it => (decimal)it), Gen.Int[0, 10_000_000].Select(it => it / 100m)).Array[1, 12];

    [Theory]
    [InlineData("JPY", "5", "5")]
    [InlineData("USD", "5", "5.00")]
    [InlineData("USD", "5.1", "5.10")]
    [InlineData("USD", "-0.10", "-0.10")]
    [InlineData("KWD", "5.12", "5.120")]
    [InlineData("USD", "5.000000", "5.00")]
    public void has_as_many_decimals_as_its_currency(string currency, string amount, string shown) =>
        new Money(Parse(amount), currency).Amount.ToString(CultureInfo.InvariantCulture).ShouldBe(shown);

    [Theory]
    [InlineData("JPY", "0.5")]
    [InlineData("USD", "0.001")]
    [InlineData("KWD", "0.0001")]
    public void is_never_a_fraction_of_a_minor_unit(string currency, string amount)
    {
        Should.Throw<ArgumentException>(() => new Money(Parse(amount), currency));
        Currencies.Fits(Parse(amount), currency).ShouldBeFalse();
    }

    [Theory]
    [InlineData("usd")]
    [InlineData("XXX")]
    [InlineData("")]
    [InlineData(null)]
    public void is_always_in_a_currency_of_iso_4217(string? currency)
    {
        Should.Throw<ArgumentException>(() => new Money(1, currency!));
        Currencies.IsKnown(currency).ShouldBeFalse();
    }

    [Theory]
    [InlineData("JPY", "0.5", "1")]
    [InlineData("JPY", "-0.5", "-1")]
    [InlineData("USD", "0.005", "0.01")]
    [InlineData("USD", "0.00499", "0.00")]
    [InlineData("USD", "-1.015", "-1.02")]
    [InlineData("KWD", "1.0005", "1.001")]
    public void is_rounded_at_the_midpoint_away_from_zero(string currency, string amount, string rounded) =>
        Money.Round(Parse(amount), currency).Amount.ToString(CultureInfo.InvariantCulture).ShouldBe(rounded);

    [Fact]
    public void of_two_currencies_is_never_added_or_compared()
    {
        var (dollar, yen) = (new Money(1, "USD"), new Money(1, "JPY"));
        Should.Throw<InvalidOperationException>(() => dollar + yen);
        Should.Throw<InvalidOperationException>(() => dollar - yen);
        Should.Throw<InvalidOperationException>(() => dollar < yen);
        dollar.ShouldNotBe(yen);
    }

    [Fact]
    public void adds_subtracts_and_compares_like_its_minor_units() =>
        Gen.Select(Gen.Int, Gen.Int).Sample((a, b) =>
        {
            var (left, right) = (new Money(a / 100m, "USD"), new Money(b / 100m, "USD"));
            (left + right).Amount.ShouldBe(((long)a + b) / 100m);
            (left - right).ShouldBe(left + -right);
            (left < right).ShouldBe(a < b);
            (left >= right).ShouldBe(a >= b);
        });

    [Fact]
    public void equal_amounts_are_equal_however_they_were_written()
    {
        new Money(5m, "USD").ShouldBe(new Money(5.0000m, "USD"));
        new Money(5m, "USD").GetHashCode().ShouldBe(new Money(5.00m, "USD").GetHashCode());
        (-Money.Zero("USD")).ToString().ShouldBe("0.00 USD");
    }

    [Fact]
    public void allocated_sums_exactly() =>
        Gen.Select(Amounts, Weights).Sample(
            (money, weights) => money.AllocateAcross(weights).Aggregate((sum, part) => sum + part).ShouldBe(money), iter: 10_000);

    [Fact]
    public void allocated_is_within_one_minor_unit_of_the_exact_share() =>
        Gen.Select(Amounts, Weights).Where((_, weights) => weights.Sum() > 0).Sample((money, weights) =>
        {
            var parts = money.AllocateAcross(weights);
            for (var index = 0; index < weights.Length; index++)
                Math.Abs(parts[index].Amount - money.Amount * weights[index] / weights.Sum()).ShouldBeLessThan(Unit(money.Currency));
        }, iter: 10_000);

    [Fact]
    public void nothing_is_allocated_where_there_is_no_weight() =>
        Gen.Select(Amounts, Weights).Where((_, weights) => weights.Sum() > 0).Sample((money, weights) =>
            money.AllocateAcross(weights).Zip(weights).Where(it => it.Second == 0).ShouldAllBe(it => it.First.IsZero));

    [Fact]
    public void allocated_is_always_the_same() =>
        Gen.Select(Amounts, Weights).Sample((money, weights) => money.AllocateAcross(weights).ShouldBe(money.AllocateAcross([.. weights])));

    [Fact]
    public void a_negative_amount_is_the_mirror_of_the_positive_one() =>
        Gen.Select(Amounts, Weights).Sample((money, weights) => (-money).AllocateAcross(weights).ShouldBe(money.AllocateAcross(weights).Select(it => -it)));

    // What refunds rest on: pieces can be taken back in any groups and in any order.
    [Fact]
    public void any_partition_of_the_pieces_sums_to_the_original() =>
        Gen.Select(Amounts, Gen.Int[1, 30], Gen.Int[1, 5], Gen.Int).Sample((money, pieces, groups, seed) =>
        {
            var random = new Random(seed);
            var parts = money.AllocateAcross([.. Enumerable.Repeat(1m, pieces)]);
            var grouped = parts.GroupBy(_ => random.Next(groups)).Select(group => group.Aggregate((sum, part) => sum + part));
            grouped.Aggregate((sum, part) => sum + part).ShouldBe(money);
        }, iter: 10_000);

    [Theory]
    [InlineData("100", "1 1 1", "33.34 33.33 33.33")]
    [InlineData("0.01", "1 1 1", "0.01 0.00 0.00")]
    [InlineData("-0.05", "1 1", "-0.03 -0.02")]
    [InlineData("10", "0 0 0", "10.00 0.00 0.00")]
    [InlineData("1", "1 2 3", "0.17 0.33 0.50")]
    [InlineData("0.10", "4 1 1", "0.07 0.02 0.01")]
    public void goes_to_the_largest_remainder_and_then_to_the_earlier_part(string amount, string weights, string parts) =>
        string.Join(' ', new Money(Parse(amount), "USD").AllocateAcross([.. weights.Split(' ').Select(Parse)]).Select(it => it.Amount)).ShouldBe(parts);

    // 13⅓ and 3⅓: as rounded quotients their remainders differ in the 28th digit.
    [Fact]
    public void equal_remainders_are_equal_however_large_the_share() =>
        new Money(0.17m, "USD").AllocateAcross([40, 10, 1]).Select(it => it.Amount).ShouldBe([0.14m, 0.03m, 0.00m]);

    [Fact]
    public void cannot_be_allocated_across_nothing_or_less()
    {
        Should.Throw<ArgumentException>(() => new Money(1, "USD").AllocateAcross([]));
        Should.Throw<ArgumentException>(() => new Money(1, "USD").AllocateAcross([1, -1]));
    }

    private static decimal Unit(string currency) => new(1, 0, 0, false, (byte)Currencies.Exponent(currency)!.Value);

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
