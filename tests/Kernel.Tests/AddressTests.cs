using CsCheck;

namespace Oms.Kernel.Tests;

public sealed class GeoPointTests
{
    private static readonly Gen<GeoPoint> Points = Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180], (latitude, longitude) => new GeoPoint(latitude, longitude));

    [Theory]
    [InlineData(40.7128, -74.0060, 34.0522, -118.2437, 3935.75)]            // New York – Los Angeles
    [InlineData(51.4775, -0.461389, 40.639722, -73.778889, 5539.46)]        // LHR – JFK
    [InlineData(0, 0, 0, 1, 111.195)]
    [InlineData(0, 179.5, 0, -179.5, 111.195)]                              // across the date line
    [InlineData(0, 0, 0, 180, 20_015.11)]                                   // half around
    [InlineData(90, 0, 90, 120, 0)]                                         // a pole has no longitude
    public void distances_are_great_circles(double latitude, double longitude, double otherLatitude, double otherLongitude, double km) =>
        new GeoPoint(latitude, longitude).DistanceKmTo(new(otherLatitude, otherLongitude)).ShouldBe(km, 0.01);

    [Fact]
    public void distance_is_symmetric_and_never_more_than_half_around() => Gen.Select(Points, Points).Sample((here, there) =>
    {
        var distance = here.DistanceKmTo(there);
        distance.ShouldBe(there.DistanceKmTo(here), 1e-6);
        distance.ShouldBeInRange(0, 20_015.2);
        here.DistanceKmTo(here).ShouldBe(0);
    });

    [Fact]
    public void no_way_around_is_shorter() => Gen.Select(Points, Points, Points).Sample((a, b, c) =>
        a.DistanceKmTo(c).ShouldBeLessThanOrEqualTo(a.DistanceKmTo(b) + b.DistanceKmTo(c) + 1e-3));

    [Theory]
    [InlineData(90, 180, true)]
    [InlineData(-90, -180, true)]
    [InlineData(90.1, 0, false)]
    [InlineData(0, 180.1, false)]
    [InlineData(double.NaN, 0, false)]
    [InlineData(0, double.PositiveInfinity, false)]
    public void lies_on_the_earth(double latitude, double longitude, bool valid) => new GeoPoint(latitude, longitude).IsValid.ShouldBe(valid);
}

public sealed class AddressTests
{
    private static readonly Address Good = new("GB", Name: "Ada Lovelace", Line1: "12 St James's Square", City: "London", PostalCode: "SW1Y 4JH");

    [Fact]
    public void a_good_one_is_not_complained_about() => Complaints(Good)?.Errors.Keys.ShouldBeNull();

    [Fact]
    public void is_required() => Complaints(null)!.Errors.Keys.ShouldBe(["shipTo"]);

    [Theory]
    [InlineData("UK")]
    [InlineData("us")]
    [InlineData("")]
    [InlineData("USA")]
    public void lies_in_a_country_of_iso_3166(string country) => Complaints(Good with { Country = country })!.Errors.Keys.ShouldBe(["shipTo.country"]);

    [Fact]
    public void all_complaints_come_at_once() =>
        Complaints(Good with { Country = "XX", Name = new string('a', Address.TextMax + 1), City = "Lon\tdon" })!.Errors.Keys
            .ShouldBe(["shipTo.city", "shipTo.country", "shipTo.name"]);

    private static Refusal? Complaints(Address? address)
    {
        var complaints = new Complaints();
        Address.Check(address, "shipTo", complaints);
        return complaints.ToRefusal("address-invalid", "The address is wrong.");
    }
}
