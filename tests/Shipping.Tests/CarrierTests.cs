using Oms.Kernel;
using Oms.Shipping.Carriers;
using Oms.Shipping.Domain;
using Oms.Shipping.Features;
using static Oms.Shipping.Tests.Given;

namespace Oms.Shipping.Tests;

public sealed class SandboxCarrierTests
{
    private static readonly SandboxCarrier Carrier = new(SandboxCarrier.Up);

    private static Parcel ParcelOf(Guid id, string level = "standard", string postalCode = "10001") =>
        new(id, "nyc", Ann with { PostalCode = postalCode }, level, null);

    [Fact]
    public async Task the_same_parcel_gets_the_same_label_from_every_process()
    {
        var label = await Carrier.Buy(ParcelOf(ShipmentId(0)), default);
        (await new SandboxCarrier(SandboxCarrier.Up).Buy(ParcelOf(ShipmentId(0)), default)).ShouldBe(label);
    }

    [Fact]
    public async Task different_parcels_get_different_numbers_that_pass_the_check()
    {
        var labels = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(n => Carrier.Buy(ParcelOf(ShipmentId(n)), default)));
        labels.Select(it => it.TrackingNumber).Distinct().Count().ShouldBe(2_000);
        labels.Select(it => it.LabelNumber).Distinct().Count().ShouldBe(2_000);
        foreach (var number in labels.Select(it => it.TrackingNumber))
            (number.Length, number[^1] - '0').ShouldBe((22, SandboxCarrier.CheckDigit(number.AsSpan(0, 21))));
    }

    [Theory]
    [InlineData("629104150021", 3)]      // the example of GS1's own page
    [InlineData("03600029145", 2)]       // the UPC-A of every textbook
    public void the_check_digit_is_that_of_gs1(string digits, int check) => SandboxCarrier.CheckDigit(digits).ShouldBe(check);

    [Theory]
    [InlineData("standard", "Sandbox Ground")]
    [InlineData("expedited", "Sandbox Two Day")]
    [InlineData("express", "Sandbox Overnight")]
    [InlineData("same_day", "Sandbox Same Day")]
    public async Task the_service_keeps_the_promise(string level, string service) =>
        (await Carrier.Buy(ParcelOf(ShipmentId(0), level), default)).Service.ShouldBe(service);

    [Fact]
    public async Task a_parcel_to_00000_needs_two_attempts()
    {
        var carrier = new SandboxCarrier(SandboxCarrier.Up);
        await Should.ThrowAsync<CarrierUnavailableException>(() => carrier.Buy(ParcelOf(ShipmentId(0), postalCode: "00000"), default));
        (await carrier.Buy(ParcelOf(ShipmentId(0), postalCode: "00000"), default)).ShouldBe(await Carrier.Buy(ParcelOf(ShipmentId(0)), default));
    }

    [Fact]
    public async Task the_one_that_is_down_stays_down() =>
        await Should.ThrowAsync<CarrierUnavailableException>(() => new SandboxCarrier(SandboxCarrier.Down, isDown: true).Buy(ParcelOf(ShipmentId(0)), default));

    [Theory]
    [InlineData("PU", TrackingStatus.CarrierPickedUp)]
    [InlineData("IT", TrackingStatus.InTransit)]
    [InlineData("OD", TrackingStatus.OutForDelivery)]
    [InlineData("AD", TrackingStatus.AttemptedDelivery)]
    [InlineData("DL", TrackingStatus.Delayed)]
    [InlineData("DV", TrackingStatus.Delivered)]
    [InlineData("EX", TrackingStatus.Failure)]
    [InlineData("RS", TrackingStatus.ReturningToSender)]
    [InlineData("pu", null)]
    public void its_codes_have_one_meaning(string code, TrackingStatus? status) => Carrier.Read(code).ShouldBe(status);
}

public sealed class ZplLabelTests
{
    [Fact]
    public void shows_address_barcode_and_numbers()
    {
        var label = ZplLabel.Render(Shipment.After(null, Dispatched));
        label.ShouldStartWith("^XA");
        label.ShouldEndWith("^XZ\n");
        foreach (var text in new[] { "Ann Example", "1 Main St", "New York NY 10001", "^FDUS^FS", "FROM nyc", "#1001   5 pcs   700 g",
            "^FD9400000000000000000000^FS", "SBX-1" })
            label.ShouldContain(text);
    }

    [Fact]
    public void an_address_cannot_command_the_printer()
    {
        var label = ZplLabel.Render(Shipment.After(null, Dispatched with { ShipTo = new Address("US", "Bob ^XZ~JR_", "^FS^XA") }));
        label.ShouldContain("^FDBob _5EXZ_7EJR_5F^FS");
        label.Split("^XA").Length.ShouldBe(2);
        label.Split("^XZ").Length.ShouldBe(2);
    }
}
