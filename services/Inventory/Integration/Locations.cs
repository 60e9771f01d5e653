using System.Net;
using System.Net.Http.Headers;
using Marten;
using Microsoft.IdentityModel.Tokens;
using Oms.Inventory.Domain;
using Oms.ServiceDefaults;
using Polly;

namespace Oms.Inventory.Integration;

/// <summary>Knows which locations exist: from what routing has published, and on a miss from routing itself.</summary>
public sealed class Locations(RoutingClient routing)
{
    /// <summary>Null when the location exists; otherwise the answer to give.</summary>
    public async Task<IResult?> Miss(IDocumentSession session, string locationId, CancellationToken token)
    {
        if (await session.LoadAsync<KnownLocation>(locationId, token) is not null)
            return null;
        return await routing.Find(locationId, token) switch
        {
            // Only remembered with the first stock there; the message with its particulars is on its way.
            RoutingAnswer.Exists => null,
            RoutingAnswer.DoesNotExist => Problems.From(InventoryRefusals.UnknownLocation(locationId)),
            _ => TypedResults.Problem(Problems.Problem(
                StatusCodes.Status503ServiceUnavailable, "locations-unavailable",
                $"Nothing is known of location {locationId}, and the routing service cannot be asked right now. Nothing was changed: try again.")),
        };
    }
}

public enum RoutingAnswer { Exists, DoesNotExist, CannotBeAsked }

/// <summary>Asks the routing service, which owns the locations.</summary>
public sealed class RoutingClient(HttpClient http, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>Somebody waits at a counter.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SecurityKey key = ServiceTokens.Key(configuration);

    public async Task<RoutingAnswer> Find(string locationId, CancellationToken token)
    {
        // Without an endpoint the name would go to the resolver of the machine.
        if (!configuration.GetSection("services:routing").GetChildren().Any())
            return RoutingAnswer.CannotBeAsked;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/locations/{Uri.EscapeDataString(locationId)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServiceTokens.Create(key, Caller.Service("inventory", Scopes.LocationsRead), clock.GetUtcNow()));
        try
        {
            using var answer = await http.SendAsync(request, token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => RoutingAnswer.Exists,
                HttpStatusCode.NotFound => RoutingAnswer.DoesNotExist,
                _ => RoutingAnswer.CannotBeAsked,
            };
        }
        catch (Exception error) when (error is HttpRequestException or ExecutionRejectedException || (error is OperationCanceledException && !token.IsCancellationRequested))
        {
            return RoutingAnswer.CannotBeAsked;
        }
    }
}
