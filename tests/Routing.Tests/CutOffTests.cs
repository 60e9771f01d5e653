using Oms.Routing.Planning;

namespace Oms.Routing.Tests;

public sealed class CutOff
{
    private const string NewYork = "America/New_York";

    private static DateTimeOffset Utc(int month, int day, int hour, int minute = 0) => new(2026, month, day, hour, minute, 0, TimeSpan.Zero);

    private static DateTimeOffset Next(DateTimeOffset now, string at = "15:00", string zone = NewYork) => CutOffs.Next(zone, TimeOnly.Parse(at), now);

    [Fact]
    public void is_today_until_it_has_come_and_tomorrow_from_then_on()
    {
        Next(Utc(1, 15, 19, 59)).ShouldBe(Utc(1, 15, 20));
        Next(Utc(1, 15, 20)).ShouldBe(Utc(1, 16, 20));
        Next(Utc(1, 15, 3)).ShouldBe(Utc(1, 15, 20));          // 22:00 of the 14th there
        Next(Utc(1, 15, 20), zone: "Asia/Tokyo").ShouldBe(Utc(1, 16, 6));
    }

    [Fact]
    public void follows_the_wall_clock_into_summer_time()
    {
        Next(Utc(3, 7, 21)).ShouldBe(Utc(3, 8, 19));            // Sunday, March 8: 15:00 is an hour earlier in UTC
        Next(Utc(3, 7, 19)).ShouldBe(Utc(3, 7, 20));
    }

    [Fact]
    public void follows_the_wall_clock_out_of_summer_time()
    {
        Next(Utc(10, 31, 20)).ShouldBe(Utc(11, 1, 20));
        Next(Utc(10, 31, 18)).ShouldBe(Utc(10, 31, 19));
    }

    [Fact]
    public void that_the_change_to_summer_time_skips_comes_when_the_clock_has_jumped() => Next(Utc(3, 8, 6), "02:30").ShouldBe(Utc(3, 8, 7, 30));     // 03:30 EDT

    [Fact]
    public void that_the_change_back_repeats_counts_the_first_time()
    {
        Next(Utc(11, 1, 5), "01:30").ShouldBe(Utc(11, 1, 5, 30));       // 01:30 EDT
        Next(Utc(11, 1, 5, 45), "01:30").ShouldBe(Utc(11, 2, 6, 30));   // 01:30 EST of the next day, not of this one
    }

    [Fact]
    public void knows_zones_by_their_names_only()
    {
        CutOffs.IsTimeZone("Europe/Berlin").ShouldBeTrue();
        CutOffs.IsTimeZone("Mars/Olympus").ShouldBeFalse();
        CutOffs.IsTimeZone(null).ShouldBeFalse();
    }
}
