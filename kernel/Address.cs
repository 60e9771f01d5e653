using System.Text.Json.Serialization;

namespace Oms.Kernel;

/// <summary>Where goods go or stand.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Name">The recipient's name.</param>
/// <param name="Line1">Street and number.</param>
/// <param name="City">City.</param>
/// <param name="Region">State or province as the country writes it; for the US its two letters or its name.</param>
/// <param name="PostalCode">As text: leading zeros matter.</param>
public sealed record Address(
    string Country, string? Name = null, string? Line1 = null, string? City = null, string? Region = null, string? PostalCode = null,
    string? Company = null, string? Line2 = null, string? Phone = null)
{
    public const int TextMax = 200;

    /// <summary>Checks an address that came from outside; paths start with <paramref name="path"/>.</summary>
    public static void Check(Address? address, string path, Complaints complaints)
    {
        if (address is null)
        {
            complaints.If(true, path, "is required");
            return;
        }
        complaints.If(!Countries.IsKnown(address.Country), $"{path}.country", "must be an ISO 3166-1 alpha-2 code such as US");
        (string Name, string? Value)[] texts =
        [
            ("name", address.Name), ("line1", address.Line1), ("city", address.City), ("region", address.Region),
            ("postalCode", address.PostalCode), ("company", address.Company), ("line2", address.Line2), ("phone", address.Phone),
        ];
        foreach (var (name, value) in texts)
        {
            complaints.If(value?.Length > TextMax, $"{path}.{name}", $"has at most {TextMax} characters");
            complaints.If(value is not null && value.Any(char.IsControl), $"{path}.{name}", "must not contain control characters");
        }
    }
}

/// <summary>A point on the earth, in degrees (WGS 84).</summary>
public sealed record GeoPoint(double Latitude, double Longitude)
{
    private const double EarthRadiusKm = 6_371.0088;    // IUGG mean radius

    [JsonIgnore]
    public bool IsValid => double.IsFinite(Latitude) && double.IsFinite(Longitude) && Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;

    /// <summary>Great-circle distance in kilometers (haversine).</summary>
    public double DistanceKmTo(GeoPoint other)
    {
        var (phi1, phi2) = (Radians(Latitude), Radians(other.Latitude));
        var (dPhi, dLambda) = (phi2 - phi1, Radians(other.Longitude - Longitude));
        var a = Math.Pow(Math.Sin(dPhi / 2), 2) + Math.Cos(phi1) * Math.Cos(phi2) * Math.Pow(Math.Sin(dLambda / 2), 2);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}

/// <summary>ISO 3166-1 alpha-2 codes.</summary>
public static class Countries
{
    private static readonly HashSet<string> Codes = [.. (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN " +
        "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM " +
        "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK " +
        "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
        "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI " +
        "VN VU WF WS YE YT ZA ZM ZW").Split(' ')];

    public static bool IsKnown(string? code) => code is not null && Codes.Contains(code);
}
