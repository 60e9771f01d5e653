using System.Text;

namespace Oms.Sample.Tests;

public sealed class SampleFileTests
{
    [Fact]
    public void rows_of_one_order_belong_together_however_far_apart()
    {
        var file = Parse(Row(order: "CA-1", sku: "A"), Row(order: "CA-2", sku: "B"), Row(order: "CA-3", sku: "C"), Row(order: "CA-1", sku: "D"));

        file.Orders.Select(order => order.Number).ShouldBe(["CA-1", "CA-2", "CA-3"]);
        file.Orders[0].Lines.Select(line => (line.Row, line.Sku)).ShouldBe([(2, "A"), (5, "D")]);
    }

    [Fact]
    public void the_same_product_twice_in_an_order_is_two_lines()
    {
        var file = Parse(Row(sku: "A", quantity: "2"), Row(sku: "A", quantity: "3"));

        file.Orders.ShouldHaveSingleItem().Lines.Select(line => (line.Sku, line.Quantity)).ShouldBe([("A", 2), ("A", 3)]);
    }

    [Theory]
    [InlineData("6824", "06824")]
    [InlineData("602", "00602")]
    [InlineData("90036", "90036")]
    public void leading_zeros_of_postal_codes_are_restored(string written, string restored) =>
        Parse(Row(postalCode: written)).Orders[0].PostalCode.ShouldBe(restored);

    [Theory]
    [InlineData("957.5775", "957.58")]
    [InlineData("2.345", "2.35")]
    [InlineData("0.005", "0.01")]
    [InlineData("2.344999", "2.34")]
    [InlineData("0", "0")]
    public void sales_are_rounded_to_cents_away_from_zero(string sales, string total) =>
        Parse(Row(sales: sales)).Orders[0].Lines[0].Price.Total.ToString("0.##").ShouldBe(total);

    [Theory]
    [InlineData("Standard Class", "standard")]
    [InlineData("Second Class", "expedited")]
    [InlineData("First Class", "express")]
    [InlineData("Same Day", "same_day")]
    public void the_ship_mode_is_the_service_level(string shipMode, string level) =>
        Parse(Row(shipMode: shipMode)).Orders[0].ServiceLevel.ShouldBe(level);

    [Theory]
    [InlineData("Consumer", "online_store")]
    [InlineData("Corporate", "b2b")]
    [InlineData("Home Office", "marketplace")]
    [InlineData("Something new", "online_store")]
    public void the_segment_says_where_it_was_bought(string segment, string channel) =>
        Parse(Row(segment: segment)).Orders[0].Channel.ShouldBe(channel);

    [Fact]
    public void quoted_fields_may_hold_commas_quotes_and_line_breaks()
    {
        var file = Parse(Row(product: "\"Chairs, 3\"\" wide,\nrounded\""), Row(order: "CA-2", sku: "B"));

        file.Malformed.ShouldBeEmpty();
        file.Orders[0].Lines[0].Name.ShouldBe("Chairs, 3\" wide, rounded");
        file.Orders[1].Lines[0].Row.ShouldBe(4, "the row before has two lines of the file");
    }

    [Fact]
    public void the_customer_is_known_by_an_address_made_of_the_id()
    {
        var order = Parse(Row(customer: "CG-12520")).Orders[0];

        order.CustomerEmail.ShouldBe("cg-12520@customers.example");
        order.CustomerName.ShouldBe("Claire Gute");
    }

    [Theory]
    [InlineData("2016-11-08")]
    [InlineData("11/8/2016")]
    public void dates_may_be_written_in_both_ways_that_this_data_goes_around_in(string date) =>
        Parse(Row(date: date)).Orders[0].PlacedAt.ShouldBe(new(2016, 11, 8, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void a_file_that_is_not_utf_8_is_read_as_spreadsheets_write_it()
    {
        var content = Encoding.Latin1.GetBytes(Text(Row(product: "Caf\u00e9 \u0094chair\u0094")));

        SampleFile.Parse(content).Orders[0].Lines[0].Name.ShouldBe("Café ”chair”");
    }

    [Theory]
    [InlineData("no date", "2016-13-08", "Order Date \"2016-13-08\" is no date")]
    [InlineData("unknown ship mode", "Drone", "Ship Mode \"Drone\" is not known")]
    [InlineData("postal code", "9003A", "Postal Code \"9003A\" is not up to five digits")]
    [InlineData("long postal code", "900361", "Postal Code \"900361\" is not up to five digits")]
    [InlineData("sku", "A B", "Product ID \"A B\" is no SKU")]
    [InlineData("sales", "a lot", "Sales \"a lot\" is no amount")]
    [InlineData("negative sales", "-1", "Sales \"-1\" is no amount")]
    [InlineData("quantity", "0", "Quantity \"0\" is no number of pieces")]
    [InlineData("half a piece", "1.5", "Quantity \"1.5\" is no number of pieces")]
    [InlineData("discount", "-0.1", "Discount \"-0.1\" is no share")]
    [InlineData("customer", "", "Customer ID \"\" does not identify a customer")]
    [InlineData("country", "Atlantis", "Country \"Atlantis\" is not the United States")]
    [InlineData("order", "", "has no Order ID")]
    public void a_malformed_row_is_named_with_its_line_and_its_reason(string what, string value, string why)
    {
        var wrong = what switch
        {
            "no date" => Row(date: value),
            "unknown ship mode" => Row(shipMode: value),
            "postal code" or "long postal code" => Row(postalCode: value),
            "sku" => Row(sku: value),
            "sales" or "negative sales" => Row(sales: value),
            "quantity" or "half a piece" => Row(quantity: value),
            "discount" => Row(discount: value),
            "customer" => Row(customer: value),
            "country" => Row(country: value),
            _ => Row(order: value),
        };
        var file = Parse(Row(order: "CA-0"), wrong);

        file.Malformed.ShouldHaveSingleItem().ShouldBe(new MalformedRow(3, why));
        file.Orders.ShouldHaveSingleItem().Number.ShouldBe("CA-0");
    }

    [Fact]
    public void an_order_with_a_malformed_row_is_left_out_as_a_whole()
    {
        var file = Parse(Row(order: "CA-1"), Row(order: "CA-1", sales: "?"), Row(order: "CA-2"), Row(order: "CA-1"));

        file.Orders.Select(order => order.Number).ShouldBe(["CA-2"]);
        (file.Rows, file.LeftOut, file.Malformed.Length).ShouldBe((4, 2, 1));
    }

    [Fact]
    public void rows_that_contradict_each_other_about_their_order_are_malformed() =>
        Parse(Row(customer: "CG-1"), Row(customer: "CG-2")).Malformed.ShouldHaveSingleItem()
            .ShouldBe(new MalformedRow(3, "Customer ID differs from line 2, which is of the same order"));

    [Fact]
    public void a_row_of_another_shape_is_malformed() =>
        Parse(Row(), "CA-2,too,short").Malformed.ShouldHaveSingleItem().Why.ShouldBe("has 3 fields where the header has 16");

    [Fact]
    public void a_quote_that_is_never_closed_is_malformed() =>
        Parse(Row(), Row(order: "CA-2", product: "\"Chair")).Malformed.ShouldHaveSingleItem().ShouldBe(new MalformedRow(3, "has quotes that do not match"));

    [Fact]
    public void a_missing_column_is_named() =>
        Should.Throw<SampleException>(() => SampleFile.Parse("Order ID,Sales\n1,2\n"u8.ToArray())).Message.ShouldContain("\"Order Date\", \"Ship Mode\"");

    [Fact]
    public void the_sample_data_of_the_repository_is_read_without_a_malformed_row()
    {
        var file = SampleFile.Read(Samples.Orders);

        (file.Rows, file.Orders.Length, file.Malformed.Length, file.LeftOut).ShouldBe((6_682, 3_322, 0, 0));
        file.Orders.Sum(order => order.Units).ShouldBe(25_397);
        file.Orders.ShouldAllBe(order => order.Total == order.Lines.Sum(line => line.Price.Total));
    }

    private static SampleFile Parse(params string[] rows) => SampleFile.Parse(Encoding.UTF8.GetBytes(Text(rows)));

    private static string Text(params string[] rows) => Samples.Header + "\n" + string.Join('\n', rows) + "\n";

    private static string Row(
        string order = "CA-1", string date = "2016-11-08", string shipMode = "Second Class", string customer = "CG-12520", string segment = "Consumer",
        string country = "United States", string postalCode = "42420", string sku = "FUR-1", string product = "Bookcase", string sales = "261.96",
        string quantity = "2", string discount = "0") =>
        $"{order},{date},{shipMode},{customer},Claire Gute,{segment},{country},Henderson,Kentucky,{postalCode},{sku},{product},{sales},{quantity},{discount},1";
}
