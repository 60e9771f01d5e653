namespace Oms.Routing.Domain;

/// <summary>Channels write "California", "CA" or "US-CA"; markets are defined by ISO 3166-2.</summary>
public static class RegionNames
{
    private const string UnitedStates =
        "AL=ALABAMA AK=ALASKA AZ=ARIZONA AR=ARKANSAS CA=CALIFORNIA CO=COLORADO CT=CONNECTICUT DE=DELAWARE DC=DISTRICT_OF_COLUMBIA FL=FLORIDA " +
        "GA=GEORGIA HI=HAWAII ID=IDAHO IL=ILLINOIS IN=INDIANA IA=IOWA KS=KANSAS KY=KENTUCKY LA=LOUISIANA ME=MAINE MD=MARYLAND MA=MASSACHUSETTS " +
        "MI=MICHIGAN MN=MINNESOTA MS=MISSISSIPPI MO=MISSOURI MT=MONTANA NE=NEBRASKA NV=NEVADA NH=NEW_HAMPSHIRE NJ=NEW_JERSEY NM=NEW_MEXICO " +
        "NY=NEW_YORK NC=NORTH_CAROLINA ND=NORTH_DAKOTA OH=OHIO OK=OKLAHOMA OR=OREGON PA=PENNSYLVANIA RI=RHODE_ISLAND SC=SOUTH_CAROLINA " +
        "SD=SOUTH_DAKOTA TN=TENNESSEE TX=TEXAS UT=UTAH VT=VERMONT VA=VIRGINIA WA=WASHINGTON WV=WEST_VIRGINIA WI=WISCONSIN WY=WYOMING " +
        "PR=PUERTO_RICO GU=GUAM VI=VIRGIN_ISLANDS AS=AMERICAN_SAMOA MP=NORTHERN_MARIANA_ISLANDS";
    private const string Canada =
        "AB=ALBERTA BC=BRITISH_COLUMBIA MB=MANITOBA NB=NEW_BRUNSWICK NL=NEWFOUNDLAND_AND_LABRADOR NS=NOVA_SCOTIA NT=NORTHWEST_TERRITORIES " +
        "NU=NUNAVUT ON=ONTARIO PE=PRINCE_EDWARD_ISLAND QC=QUEBEC SK=SASKATCHEWAN YT=YUKON";

    private static readonly Dictionary<string, string> CodesByName = new[] { (Country: "US", Regions: UnitedStates), (Country: "CA", Regions: Canada) }
        .SelectMany(it => it.Regions.Split(' ').Select(region => (it.Country, Names: region.Split('='))))
        .ToDictionary(it => $"{it.Country}-{it.Names[1].Replace('_', ' ')}", it => $"{it.Country}-{it.Names[0]}", StringComparer.Ordinal);

    /// <summary>The region's code as markets list it. A name that is not known stays as it is, behind its country.</summary>
    public static string Code(string country, string region)
    {
        var text = region.Trim().ToUpperInvariant();
        var qualified = text.StartsWith($"{country}-", StringComparison.Ordinal) ? text : $"{country}-{text}";
        return CodesByName.GetValueOrDefault(qualified, qualified);
    }

    /// <summary>Two letters of a country, a hyphen, one to three letters or digits.</summary>
    public static bool IsCode(string? text) => text is { Length: >= 4 and <= 6 } && text[2] == '-' &&
        text[..2].All(char.IsAsciiLetterUpper) && text[3..].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
