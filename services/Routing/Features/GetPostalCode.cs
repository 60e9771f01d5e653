using Marten;
using Oms.Kernel;
using Oms.Routing.Domain;
using Oms.Routing.Tables;
using Oms.ServiceDefaults;

namespace Oms.Routing.Features;

public static class GetPostalCode
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/postal-codes/{country}/{postalCode}", Handle)
        .WithName("GetPostalCode")
        .Access(Scopes.LocationsRead, Restrictions.All)
        .WithTags("Postal codes").WithSummary("Where a postal code is.").Produces<View>().ProducesProblem(404);

    private static async Task<IResult> Handle(string country, string postalCode, IDocumentStore store, CancellationToken token) =>
        Countries.IsKnown(country) && PostalCode.Normalize(country, postalCode) is { } code &&
        await PostalCodeTable.Find(store, country, code, token) is { } point
            ? TypedResults.Ok(new View(country, code, point.Latitude, point.Longitude))
            : Problems.From(RoutingRefusals.PostalCodeNotFound(country, postalCode));

    public sealed record View(string Country, string PostalCode, double Latitude, double Longitude);
}
