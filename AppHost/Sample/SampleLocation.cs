using System.Collections.Immutable;

namespace Oms.Sample;

/// <summary>A place of the sample merchant that ships.</summary>
/// <param name="Type">warehouse, store or third_party.</param>
/// <param name="Priority">1 is asked first.</param>
internal sealed record SampleLocation(
    string Id, string Name, string Type, string Line1, string City, string State, string PostalCode, string TimeZone, string CutOff, int Priority)
{
    /// <summary>In each of the four regions one warehouse, and a store, a third party or both.</summary>
    public static ImmutableArray<SampleLocation> All { get; } =
    [
        new("newark-warehouse", "Newark warehouse", "warehouse", "100 Distribution Way", "Newark", "NJ", "07102", "America/New_York", "17:00", 1),
        new("atlanta-warehouse", "Atlanta warehouse", "warehouse", "200 Logistics Parkway", "Atlanta", "GA", "30303", "America/New_York", "16:00", 1),
        new("chicago-warehouse", "Chicago warehouse", "warehouse", "300 Dock Street", "Chicago", "IL", "60601", "America/Chicago", "17:00", 1),
        new("ontario-warehouse", "Ontario warehouse", "warehouse", "400 Freight Avenue", "Ontario", "CA", "91761", "America/Los_Angeles", "18:00", 1),
        new("nyc-store", "Store in New York", "store", "5 Market Square", "New York", "NY", "10001", "America/New_York", "14:00", 2),
        new("detroit-store", "Store in Detroit", "store", "6 Market Square", "Detroit", "MI", "48201", "America/Detroit", "14:00", 2),
        new("seattle-store", "Store in Seattle", "store", "7 Market Square", "Seattle", "WA", "98101", "America/Los_Angeles", "15:00", 2),
        new("nashville-3pl", "Third party in Nashville", "third_party", "80 Partner Road", "Nashville", "TN", "37201", "America/Chicago", "12:00", 3),
        new("dallas-3pl", "Third party in Dallas", "third_party", "90 Partner Road", "Dallas", "TX", "75201", "America/Chicago", "12:00", 3),
        new("phoenix-3pl", "Third party in Phoenix", "third_party", "95 Partner Road", "Phoenix", "AZ", "85001", "America/Phoenix", "13:00", 3),
    ];

    public bool IsWarehouse => Type == "warehouse";
}
