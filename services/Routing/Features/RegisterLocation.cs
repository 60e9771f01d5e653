using System.Collections.Immutable;
using System.Globalization;
using Marten;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Planning;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

/// <param name="KnownMarkets">Of the markets that the details name, those that exist.</param>
public sealed record RegisterLocation(string LocationId, RegisterLocation.Body Details, IReadOnlySet<string> KnownMarkets, DateTimeOffset At)
{
    public const int NameLengthMax = 200;
    public const int CapacityMax = 1_000_000;
    public const int PriorityMax = 1_000;
    public const int MarketsMax = 50;

    public static Decision<ILocationEvent> Decide(RegisterLocation command, Location? location)
    {
        if (Check(command) is { } refusal)
            return refusal;
        var details = command.Details.ToDetails();
        return location is null ? [new LocationRegistered(command.LocationId, details, command.At)]
            : location.Details.IsSame(details) ? []
            : [new LocationRevised(command.LocationId, details, command.At)];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v1/locations/{locationId}", Handle)
        .WithName("RegisterLocation").Access(Scopes.RoutingWrite).Versioned().WithTags("Locations")
        .WithSummary("Registers a location, or replaces what is known about it.")
        .WithExample(new Body(
            "New York", "warehouse", new("1 Dock St", "New York", "NY", "10001", "US"), new(40.75, -74.0), "America/New_York", "15:00", CapacityPerDay: 500))
        .Produces<LocationView>(StatusCodes.Status201Created).Produces<LocationView>().ProducesProblem(412).ProducesProblem(422);

    private static Task<IResult> Handle(string locationId, Body body, HttpContext http, Writes writes, TimeProvider clock, CancellationToken token) =>
        writes.Commit(async session =>
        {
            var listed = (body.Markets ?? []).Take(MarketsMax).Where(MarketIds.IsValid).Select(id => Market.Key(id!)).ToArray();
            var known = (await session.LoadManyAsync<Market>(token, listed)).Select(it => it.MarketId).ToHashSet(StringComparer.Ordinal);
            var command = new RegisterLocation(locationId, body, known, clock.GetUtcNow());
            // What cannot be an id cannot be the key of a stream either.
            if (!Kernel.LocationId.IsValid(locationId))
                return Problems.From(Check(command)!);

            var decided = await session.Decide<Location, ILocationEvent>(
                Location.Key(locationId), location => Decide(command, location), token, http.Precondition());
            if (decided.Refusal is { } refusal)
                return Problems.From(refusal);
            http.SetETag(decided.Version);
            var view = LocationView.Of(decided.State!, decided.Version);
            return decided.Happened is [LocationRegistered] ? TypedResults.Created($"/v1/locations/{locationId}", view) : TypedResults.Ok(view);
        }, token);

    private static Refusal? Check(RegisterLocation command)
    {
        var (complaints, body) = (new Complaints(), command.Details);
        complaints
            .If(!Kernel.LocationId.IsValid(command.LocationId), "locationId",
                $"has 1 to {Kernel.LocationId.LengthMax} lower-case letters, digits, hyphens and underscores, a letter or digit first")
            .If(string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > NameLengthMax || body.Name.Any(char.IsControl),
                "name", $"has 1 to {NameLengthMax} characters")
            .If(!LocationTypes.All.Contains(body.Type ?? ""), "type", $"is one of {string.Join(", ", LocationTypes.All)}")
            .If(body.Coordinates is not { IsValid: true }, "coordinates", "has a latitude of -90 to 90 and a longitude of -180 to 180 degrees")
            .If(!CutOffs.IsTimeZone(body.TimeZone), "timeZone", "is the name of an IANA time zone such as America/New_York")
            .If(Body.Time(body.CutOff) is null, "cutOff", "is a time of day such as 15:00")
            .If(body.CapacityPerDay is < 0 or > CapacityMax, "capacityPerDay", $"is between 0 and {CapacityMax}")
            .If(body.Priority is < 1 or > PriorityMax, "priority", $"is between 1, the first, and {PriorityMax}")
            .If(body.Markets?.Count > MarketsMax, "markets", $"has at most {MarketsMax} entries");
        Address.Check(body.Address?.ToAddress(), "address", complaints);
        var index = 0;
        foreach (var market in (body.Markets ?? []).Take(MarketsMax))
            complaints.If(!command.KnownMarkets.Contains(market ?? ""), $"markets[{index++}]", "is not a market; define it first");
        return complaints.ToRefusal(RoutingRefusals.InvalidLocation, "The location cannot be registered as it is described.");
    }

    public sealed record Body(
        string? Name = null, string? Type = null, AddressBody? Address = null, GeoPoint? Coordinates = null, string? TimeZone = null, string? CutOff = null,
        int? CapacityPerDay = null, IReadOnlyList<string?>? Markets = null, int? Priority = null, bool Active = true)
    {
        internal static TimeOnly? Time(string? text) =>
            TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

        internal LocationDetails ToDetails() => new(
            Name!.Trim(), Type!, Address!.ToAddress(), Coordinates!, TimeZone!, Time(CutOff)!.Value, CapacityPerDay,
            [.. (Markets ?? []).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Priority, Active);
    }
}

public sealed record AddressBody(string? Line1 = null, string? City = null, string? Region = null, string? PostalCode = null, string? Country = null)
{
    public Address ToAddress() => new(Country ?? "", Line1: Line1, City: City, Region: Region, PostalCode: PostalCode);

    public static AddressBody Of(Address address) => new(address.Line1, address.City, address.Region, address.PostalCode, address.Country);
}

public sealed record LocationView(
    string LocationId, string Name, string Type, AddressBody Address, GeoPoint Coordinates, string TimeZone, string CutOff,
    int? CapacityPerDay, ImmutableArray<string> Markets, int? Priority, bool Active, long Version)
{
    public static LocationView Of(Location location, long version)
    {
        var it = location.Details;
        return new(
            location.LocationId, it.Name, it.Type, AddressBody.Of(it.Address), it.Coordinates, it.TimeZone,
            it.CutOff.ToString(it.CutOff.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture),
            it.CapacityPerDay, it.Markets, it.Priority, it.Active, version);
    }
}
