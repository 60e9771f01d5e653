using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Oms.Gateway.Proxying;

/// <summary>
/// Turns <c>https+http://order</c> into one destination per replica, by the same service discovery as every HTTP client here:
/// <c>services__order__http__0</c>, <c>…__1</c>; without any, the name itself is the host.
/// </summary>
internal sealed class DiscoveredDestinations(ServiceEndpointResolver discovery) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        Dictionary<string, DestinationConfig> resolved = [];
        List<IChangeToken> changes = [];
        foreach (var (name, destination) in destinations)
        {
            var found = await discovery.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(found.ChangeToken);
            foreach (var address in found.Endpoints.Select(it => Address(it.ToString()!)))
                resolved[$"{name}[{address}]"] = destination with { Address = address };
        }
        return new(resolved, new CompositeChangeToken(changes));
    }

    // A name that only DNS knows comes without a scheme; inside, services speak plain HTTP.
    private static string Address(string endpoint) => endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}";
}
