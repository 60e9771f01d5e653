using System.Collections.Immutable;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

/// <summary>Market ids are chosen by the merchant, by the rules of location ids.</summary>
public static class MarketIds
{
    public static bool IsValid(string? id) => LocationId.IsValid(id);
}

public sealed record DefineMarket(string MarketId, DefineMarket.Body Area, DateTimeOffset At)
{
    public const int NameLengthMax = 200;
    public const int CountriesMax = 250;
    public const int RegionsMax = 1_000;

    public static Decision<IMarketEvent> Decide(DefineMarket command, Market? market)
    {
        if (Check(command) is { } refusal)
            return refusal;
        var area = command.Area.ToArea();
        return market is null ? [new MarketDefined(command.MarketId, area, command.At)]
            : market.Area.IsSame(area) ? []
            : [new MarketRedrawn(command.MarketId, area, command.At)];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v1/markets/{marketId}", Handle)
        .WithName("DefineMarket").Access(Scopes.RoutingWrite).Versioned().WithTags("Markets")
        .WithSummary("Defines a market, or draws it anew: whole countries, or of a country only the regions that are listed.")
        .WithExample(new Body("United States", ["US"]))
        .Produces<MarketView>(StatusCodes.Status201Created).Produces<MarketView>().ProducesProblem(412).ProducesProblem(422);

    private static Task<IResult> Handle(string marketId, Body body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var command = new DefineMarket(marketId, body, clock.GetUtcNow());
            if (!MarketIds.IsValid(marketId))
                return Problems.From(Check(command)!);
            var decided = await session.Decide<Market, IMarketEvent>(Market.Key(marketId), market => Decide(command, market), token, http.Precondition());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            var view = MarketView.Of(decided.State!, decided.Version);
            return decided.Happened is [MarketDefined] ? TypedResults.Created($"/v1/markets/{marketId}", view) : TypedResults.Ok(view);
        }, token);

    private static Refusal? Check(DefineMarket command)
    {
        var (complaints, body) = (new Complaints(), command.Area);
        complaints
            .If(!MarketIds.IsValid(command.MarketId), "marketId",
                $"has 1 to {LocationId.LengthMax} lower-case letters, digits, hyphens and underscores, a letter or digit first")
            .If(string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > NameLengthMax || body.Name.Any(char.IsControl),
                "name", $"has 1 to {NameLengthMax} characters")
            .If(body.Countries is not { Count: >= 1 and <= CountriesMax }, "countries", $"has 1 to {CountriesMax} entries")
            .If(body.Regions?.Count > RegionsMax, "regions", $"has at most {RegionsMax} entries");
        var index = 0;
        foreach (var country in (body.Countries ?? []).Take(CountriesMax))
            complaints.If(!Countries.IsKnown(country), $"countries[{index++}]", "must be an ISO 3166-1 alpha-2 code such as US");
        index = 0;
        foreach (var region in (body.Regions ?? []).Take(RegionsMax))
        {
            complaints
                .If(!RegionNames.IsCode(region), $"regions[{index}]", "must be an ISO 3166-2 code such as US-CA")
                .If(RegionNames.IsCode(region) && body.Countries?.Contains(region![..2]) != true, $"regions[{index}]", "is not in one of the countries");
            index++;
        }
        return complaints.ToRefusal(RoutingRefusals.InvalidMarket, "The market cannot be defined as it is described.");
    }

    public sealed record Body(string? Name = null, IReadOnlyList<string?>? Countries = null, IReadOnlyList<string?>? Regions = null)
    {
        internal MarketArea ToArea() => new(Name!.Trim(), Sorted(Countries), Sorted(Regions));

        private static ImmutableArray<string> Sorted(IReadOnlyList<string?>? codes) =>
            [.. (codes ?? []).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}

public sealed record MarketView(string MarketId, string Name, ImmutableArray<string> Countries, ImmutableArray<string> Regions, long Version)
{
    public static MarketView Of(Market market, long version) => new(market.MarketId, market.Area.Name, market.Area.Countries, market.Area.Regions, version);
}
