using System.Collections.Immutable;
using Oms.Kernel;

namespace Oms.Routing.Domain;

/// <summary>
/// A part of the world that is sold to as one. A country is in it as a whole, unless some of its regions are listed: then only these.
/// </summary>
/// <param name="Regions">ISO 3166-2 codes such as US-CA.</param>
public sealed record MarketArea(string Name, ImmutableArray<string> Countries, ImmutableArray<string> Regions)
{
    public bool IsSame(MarketArea other) =>
        Name == other.Name && Countries.SequenceEqual(other.Countries) && Regions.SequenceEqual(other.Regions);

    public bool Covers(string country, string? region) =>
        Countries.Contains(country) && (!NarrowsTo(country) || (region is not null && Regions.Contains(RegionNames.Code(country, region))));

    /// <summary>Whether it names regions of this country, and so is meant more closely than a market with the whole country.</summary>
    public bool NarrowsTo(string country) => Regions.Any(region => region.StartsWith($"{country}-", StringComparison.Ordinal));
}

public sealed record Market : IFold<Market, IMarketEvent>
{
    public required string Id { get; init; }

    public int Version { get; init; }

    public required string MarketId { get; init; }

    public required MarketArea Area { get; init; }

    public static string Key(string marketId) => $"market/{marketId}";

    public static Market After(Market? state, IMarketEvent happened) => (state, happened) switch
    {
        (null, MarketDefined e) => new() { Id = Key(e.MarketId), MarketId = e.MarketId, Area = e.Area },
        ({ } market, MarketRedrawn e) => market with { Area = e.Area },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state?.Id ?? "nothing"}."),
    };
}
