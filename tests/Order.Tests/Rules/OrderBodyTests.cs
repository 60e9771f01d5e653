using Oms.Kernel;
using Oms.Orders.Features;

namespace Oms.Orders.Tests.Rules;

public sealed class OrderBodyTests
{
    private static readonly OrderBody.LineBody Line = new("MUG", 1, 10m);

    private static readonly OrderBody Fine = new("web", "W-1", Given.Home, "USD", [Line]);

    /// <summary>The paths that are complained about.</summary>
    private static string[] Wrong(OrderBody body)
    {
        var refusal = body.Check();
        if (refusal is null)
            return [];
        (refusal.Kind, refusal.Code).ShouldBe((RefusalKind.Invalid, "invalid-order"));
        return [.. refusal.Errors.Keys];
    }

    private static string[] WrongLine(OrderBody.LineBody line, string currency = "USD") => Wrong(Fine with { Lines = [line], Currency = currency });

    private static string Text(int length) => new('x', length);

    [Fact]
    public void a_small_order_is_fine() => Fine.Check().ShouldBeNull();

    [Fact]
    public void an_order_at_every_limit_is_fine() => Wrong(new(
        Text(40), Text(100), Given.Home with { Name = Text(200) }, "KWD", [.. Enumerable.Repeat(new OrderBody.LineBody(Text(64), 1_000_000, 99.999m, Text(200), 0, 100_000_000), 500)],
        new("a@b", Text(200)), new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero), "same_day", true, 100_000_000, new(Text(200)))).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("Web")]
    [InlineData("we b")]
    [InlineData("wéb")]
    [InlineData("12345678901234567890123456789012345678901")]
    public void a_channel_is_a_short_code(string channel) => Wrong(Fine with { Channel = channel }).ShouldBe(["channel"]);

    [Fact]
    public void a_channel_order_number_is_a_short_text()
    {
        foreach (var number in (string[])["", "   ", "a\nb", "\0", Text(101)])
            Wrong(Fine with { ChannelOrderNumber = number }).ShouldBe(["channelOrderNumber"]);
    }

    [Theory]
    [InlineData("XXX")]
    [InlineData("usd")]
    [InlineData("")]
    public void an_unknown_currency_is_the_only_complaint_about_money(string currency) =>
        Wrong(Fine with { Currency = currency, Shipping = 0.001m, Lines = [Line with { UnitPrice = 0.001m }] }).ShouldBe(["currency"]);

    [Fact]
    public void amounts_have_no_more_decimals_than_the_currency()
    {
        WrongLine(Line with { UnitPrice = 10.005m, Discount = 0.001m, Tax = 0.001m }).ShouldBe(["lines[0].discount", "lines[0].tax", "lines[0].unitPrice"]);
        WrongLine(Line with { UnitPrice = 10.50m }, "JPY").ShouldBe(["lines[0].unitPrice"]);
        WrongLine(Line with { UnitPrice = 10.00m }, "JPY").ShouldBeEmpty();
        WrongLine(Line with { UnitPrice = 10.005m }, "KWD").ShouldBeEmpty();
        Wrong(Fine with { Shipping = 4.999m }).ShouldBe(["shipping"]);
    }

    [Fact]
    public void amounts_are_neither_negative_nor_beyond_bounds()
    {
        WrongLine(Line with { UnitPrice = -1, Discount = -1, Tax = -1 }).ShouldBe(["lines[0].discount", "lines[0].tax", "lines[0].unitPrice"]);
        WrongLine(Line with { UnitPrice = 100_000_001 }).ShouldBe(["lines[0].unitPrice"]);
        WrongLine(Line with { UnitPrice = decimal.MaxValue, Tax = decimal.MaxValue }).ShouldBe(["lines[0].tax", "lines[0].unitPrice"]);
        WrongLine(Line with { Quantity = 1_000_000, UnitPrice = 100.01m }).ShouldBe(["lines[0].unitPrice"]);
        Wrong(Fine with { Shipping = -0.01m }).ShouldBe(["shipping"]);
        Wrong(Fine with { Shipping = 100_000_000.01m }).ShouldBe(["shipping"]);
    }

    [Fact]
    public void a_discount_is_at_most_what_the_line_costs()
    {
        WrongLine(Line with { Quantity = 3, Discount = 30m }).ShouldBeEmpty();
        WrongLine(Line with { Quantity = 3, Discount = 30.01m }).ShouldBe(["lines[0].discount"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(1_000_001)]
    [InlineData(int.MaxValue)]
    public void a_quantity_is_between_one_and_a_million(int quantity) => WrongLine(Line with { Quantity = quantity, UnitPrice = 0.01m }).ShouldBe(["lines[0].quantity"]);

    [Theory]
    [InlineData("")]
    [InlineData("MU G")]
    [InlineData("MUG\0")]
    [InlineData("MÜG")]
    public void a_sku_is_a_code(string sku) => WrongLine(Line with { Sku = sku }).ShouldBe(["lines[0].sku"]);

    [Fact]
    public void there_are_between_one_and_500_lines()
    {
        Wrong(Fine with { Lines = [] }).ShouldBe(["lines"]);
        Wrong(Fine with { Lines = [.. Enumerable.Repeat(Line, 500)] }).ShouldBeEmpty();
        Wrong(Fine with { Lines = [.. Enumerable.Repeat(Line, 501)] }).ShouldBe(["lines"]);
        (Fine with { Lines = [.. Enumerable.Repeat(Line, 10_000)] }).Check()!.Errors["lines"].ShouldBe(["at most 500, not 10000"]);
        // The complaints are bounded too.
        (Fine with { Lines = [.. Enumerable.Repeat(Line with { Quantity = -1 }, 10_000)] }).Check()!.Errors.Count.ShouldBe(501);
    }

    [Fact]
    public void a_line_is_there() => Wrong(Fine with { Lines = [null!] }).ShouldBe(["lines[0]"]);

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.com")]
    [InlineData("a@b@c")]
    [InlineData("a b@example.com")]
    public void an_email_is_an_email(string email) => Wrong(Fine with { Customer = new(email) }).ShouldBe(["customer.email"]);

    [Fact]
    public void the_address_is_where_somebody_can_go()
    {
        Wrong(Fine with { ShipTo = new("US") }).ShouldBe(["shipTo.city", "shipTo.line1", "shipTo.name"]);
        Wrong(Fine with { ShipTo = Given.Home with { Name = null, Company = "Analytical Engines" } }).ShouldBeEmpty();
        Wrong(Fine with { ShipTo = Given.Home with { Country = "XX" } }).ShouldBe(["shipTo.country"]);
        Wrong(Fine with { ShipTo = Given.Home with { Line2 = Text(201), Phone = "1\t2" } }).ShouldBe(["shipTo.line2", "shipTo.phone"]);
    }

    [Fact]
    public void the_rest_is_within_bounds()
    {
        Wrong(Fine with { ServiceLevel = "tomorrow" }).ShouldBe(["serviceLevel"]);
        Wrong(Fine with { PlacedAt = new(1989, 12, 31, 0, 0, 0, TimeSpan.Zero) }).ShouldBe(["placedAt"]);
        Wrong(Fine with { PlacedAt = DateTimeOffset.MaxValue }).ShouldBe(["placedAt"]);
        Wrong(Fine with { Payment = new("") }).ShouldBe(["payment.token"]);
        Wrong(Fine with { Payment = new(Text(201)) }).ShouldBe(["payment.token"]);
        Wrong(Fine with { Customer = new(null, Text(201)) }).ShouldBe(["customer.name"]);
        WrongLine(Line with { Name = Text(201) }).ShouldBe(["lines[0].name"]);
    }

    /// <summary>PostgreSQL cannot store a zero character in JSON, so it has to be found here.</summary>
    [Fact]
    public void texts_have_no_control_characters()
    {
        Wrong(Fine with { Customer = new(null, "Ada\0") }).ShouldBe(["customer.name"]);
        WrongLine(Line with { Name = "Mug\0" }).ShouldBe(["lines[0].name"]);
        Wrong(Fine with { Payment = new("tok\0") }).ShouldBe(["payment.token"]);
        Wrong(Fine with { ShipTo = Given.Home with { Name = "Ada\0", Line1 = "\0", City = "\0" } }).ShouldBe(["shipTo.city", "shipTo.line1", "shipTo.name"]);
    }

    [Fact]
    public void everything_wrong_is_told_at_once() => Wrong(new(
        "", "", new("XX"), "XXX", [Line with { Quantity = 0 }, Line with { Sku = "" }], new("?"), DateTimeOffset.MinValue, "", false, 0, new(""))).ShouldBe(
        ["channel", "channelOrderNumber", "currency", "customer.email", "lines[0].quantity", "lines[1].sku", "payment.token", "placedAt", "serviceLevel", "shipTo.city",
            "shipTo.country", "shipTo.line1", "shipTo.name"]);
}
