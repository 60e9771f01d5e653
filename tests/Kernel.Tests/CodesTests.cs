using CsCheck;

namespace Oms.Kernel.Tests;

public sealed class GtinTests
{
    [Theory]
    [InlineData("96385074", "00000096385074")]              // GTIN-8
    [InlineData("036000291452", "00036000291452")]          // GTIN-12
    [InlineData("4006381333931", "04006381333931")]         // GTIN-13
    [InlineData("10614141000415", "10614141000415")]        // GTIN-14
    public void is_kept_in_its_14_digit_form(string gtin, string normalized) => Gtin.Normalize(gtin).ShouldBe(normalized);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("4006381333932")]       // wrong check digit
    [InlineData("4006381333913")]       // two digits swapped
    [InlineData("400638133393")]        // one digit missing
    [InlineData("40063813339311")]
    [InlineData("4006381-33931")]
    [InlineData("٤٠٠٦٣٨١٣٣٣٩٣١")]       // digits, but not ASCII's
    public void that_is_wrong_is_none(string? gtin) => Gtin.Normalize(gtin).ShouldBeNull();

    [Fact]
    public void any_single_wrong_digit_is_noticed() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 9]).Sample((position, by) =>
        {
            var digits = "4006381333931".ToCharArray();
            digits[position] = (char)('0' + (digits[position] - '0' + by) % 10);
            Gtin.Normalize(new string(digits)).ShouldBeNull();
        });
}

public sealed class EmailTests
{
    [Theory]
    [InlineData("  Ada@Example.COM ", "ada@example.com")]
    [InlineData("o'brien+tag@sub.example.co.uk", "o'brien+tag@sub.example.co.uk")]
    public void is_matched_trimmed_and_in_lower_case(string email, string normalized) => Email.Normalize(email).ShouldBe(normalized);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@home@example.com")]
    [InlineData("ada lovelace@example.com")]
    [InlineData("ada@example.com\u0000")]
    [InlineData("ada@exam\nple.com")]
    public void that_cannot_be_one_is_none(string? email) => Email.Normalize(email).ShouldBeNull();

    [Fact]
    public void has_a_longest_length()
    {
        var longest = new string('a', Email.LengthMax - "@example.com".Length) + "@example.com";
        Email.Normalize(longest).ShouldBe(longest);
        Email.Normalize("a" + longest).ShouldBeNull();
    }

    [Fact]
    public void normalized_twice_is_the_same() => Gen.String.Select(it => $"{it}@x.y").Sample(email =>
        Email.Normalize(email) is not { } once || Email.Normalize(once) == once);
}

public sealed class SkuTests
{
    [Theory]
    [InlineData("A")]
    [InlineData("OFF-PA-10002365")]
    [InlineData("shirt_blue.XL/2:a#1")]
    public void may_hold_letters_digits_and_some_signs(string sku) => Sku.IsValid(sku).ShouldBeTrue();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" A")]
    [InlineData("A B")]
    [InlineData("Ä")]
    [InlineData("A%B")]
    [InlineData("A?B")]
    [InlineData("A\n")]
    public void holds_nothing_else(string? sku) => Sku.IsValid(sku).ShouldBeFalse();

    [Fact]
    public void has_a_longest_length()
    {
        Sku.IsValid(new string('a', Sku.LengthMax)).ShouldBeTrue();
        Sku.IsValid(new string('a', Sku.LengthMax + 1)).ShouldBeFalse();
    }
}

public sealed class LocationIdTests
{
    [Theory]
    [InlineData("nyc", true)]
    [InlineData("nyc-warehouse_2", true)]
    [InlineData("3pl", true)]
    [InlineData("NYC", false)]
    [InlineData("-nyc", false)]
    [InlineData("nyc/1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void is_short_and_readable(string? id, bool valid) => LocationId.IsValid(id).ShouldBe(valid);

    [Fact]
    public void has_a_longest_length()
    {
        LocationId.IsValid(new string('a', LocationId.LengthMax)).ShouldBeTrue();
        LocationId.IsValid(new string('a', LocationId.LengthMax + 1)).ShouldBeFalse();
    }
}

public sealed class QuantityTests
{
    [Theory]
    [InlineData(int.MinValue, false)]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(Quantity.Max, true)]
    [InlineData(Quantity.Max + 1, false)]
    public void is_at_least_one_and_bounded(int quantity, bool valid) => Quantity.IsValid(quantity).ShouldBe(valid);
}
