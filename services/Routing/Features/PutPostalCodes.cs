using System.Text.Json;
using Microsoft.Extensions.Options;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Tables;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class PutPostalCodes
{
    public const int ItemsMax = 5_000;
    private const string Lines = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v1/postal-codes", Handle)
        .WithName("PutPostalCodes").Access(Scopes.RoutingWrite).WithTags("Postal codes")
        .WithSummary($"Tells where postal codes are, up to {ItemsMax} at a time, all or nothing: as one JSON document or one code per line.")
        .WithExample(new Body([new("US", "10001", 40.7506, -73.9972)]))
        .Accepts<Body>("application/json", Lines)
        .Produces<Stored>().ProducesProblem(400).ProducesProblem(415).ProducesProblem(422);

    private static async Task<IResult> Handle(
        HttpRequest request, Writes writes, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, CancellationToken token)
    {
        var items = await Read(request, json.Value.SerializerOptions, token);
        if (Check(items) is { } refusal)
            return Problems.From(refusal);
        return await writes.Commit(session =>
        {
            PostalCodeTable.Put(session, items.Select(it =>
                (it!.Country!, PostalCode.Normalize(it.Country!, it.PostalCode)!, new GeoPoint(it.Latitude!.Value, it.Longitude!.Value))));
            return Task.FromResult<IResult>(TypedResults.Ok(new Stored(items.Count)));
        }, token);
    }

    private static async Task<IReadOnlyList<Item?>> Read(HttpRequest request, JsonSerializerOptions json, CancellationToken token)
    {
        try
        {
            if (request.ContentType?.StartsWith(Lines, StringComparison.OrdinalIgnoreCase) != true)
                return (await JsonSerializer.DeserializeAsync<Body>(request.Body, json, token))?.Items ?? [];

            List<Item?> items = [];
            using var reader = new StreamReader(request.Body, leaveOpen: true);
            while (items.Count <= ItemsMax && await reader.ReadLineAsync(token) is { } line)
                if (!string.IsNullOrWhiteSpace(line))
                    items.Add(JsonSerializer.Deserialize<Item>(line, json));
            return items;
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException("The body is not the JSON that was expected.", error);
        }
    }

    private static Refusal? Check(IReadOnlyList<Item?> items)
    {
        var complaints = new Complaints().If(items.Count is 0 or > ItemsMax, "items", $"has 1 to {ItemsMax} entries");
        for (var index = 0; index < Math.Min(items.Count, ItemsMax); index++)
        {
            var item = items[index];
            complaints
                .If(!Countries.IsKnown(item?.Country), $"items[{index}].country", "must be an ISO 3166-1 alpha-2 code such as US")
                .If(PostalCode.Normalize(item?.Country ?? "", item?.PostalCode) is null, $"items[{index}].postalCode",
                    $"has 1 to {PostalCode.LengthMax} letters, digits, blanks and hyphens; in the US 5 digits")
                .If(item?.Latitude is not (>= -90 and <= 90), $"items[{index}].latitude", "is between -90 and 90 degrees")
                .If(item?.Longitude is not (>= -180 and <= 180), $"items[{index}].longitude", "is between -180 and 180 degrees");
        }
        return complaints.ToRefusal(RoutingRefusals.InvalidPostalCodes, "Some postal codes are wrong, so none was stored.");
    }

    public sealed record Body(IReadOnlyList<Item?>? Items = null);

    public sealed record Item(string? Country = null, string? PostalCode = null, double? Latitude = null, double? Longitude = null);

    /// <param name="Received">How many codes the request held; equal ones count each.</param>
    public sealed record Stored(int Received);
}
