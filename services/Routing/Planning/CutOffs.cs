using NodaTime;

namespace Oms.Routing.Planning;

/// <summary>When parcels leave, by the clock on the location's wall.</summary>
public static class CutOffs
{
    public static bool IsTimeZone(string? id) => id is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is not null;

    /// <summary>
    /// The first cut-off after <paramref name="now"/>. A wall time that the change to summer time skips comes as much later as the
    /// clock jumps; one that the change back repeats counts the first time.
    /// </summary>
    public static DateTimeOffset Next(string timeZone, TimeOnly cutOff, DateTimeOffset now)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        var at = LocalTime.FromTimeOnly(cutOff);
        var instant = Instant.FromDateTimeOffset(now);
        var day = instant.InZone(zone).Date;
        var today = zone.AtLeniently(day + at).ToInstant();
        var next = today > instant ? today : zone.AtLeniently(day.PlusDays(1) + at).ToInstant();
        return next.ToDateTimeOffset();
    }

    public static DateOnly LocalDay(string timeZone, DateTimeOffset now) =>
        Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb[timeZone]).Date.ToDateOnly();
}
