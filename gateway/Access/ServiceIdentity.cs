using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using Oms.ServiceDefaults;

namespace Oms.Gateway.Access;

/// <summary>Tells a service who is calling: a short-lived signed token, made once per caller and renewed at half its life.</summary>
public sealed class ServiceIdentity(SecurityKey key, TimeProvider clock)
{
    private const int KeptMax = 10_000;

    private readonly ConcurrentDictionary<Caller, (AuthenticationHeaderValue Header, DateTimeOffset RenewAt)> tokens = new(ReferenceEqualityComparer.Instance);

    public void Vouch(ClaimsPrincipal caller, HttpRequestMessage request) =>
        request.Headers.Authorization = caller.Identity is CallerIdentity known ? Token(known.Caller) : null;

    private AuthenticationHeaderValue Token(Caller caller)
    {
        var now = clock.GetUtcNow();
        if (tokens.TryGetValue(caller, out var known) && now < known.RenewAt)
            return known.Header;

        // Callers come and go; those that stay have a new token soon.
        if (tokens.Count >= KeptMax)
            tokens.Clear();
        var header = new AuthenticationHeaderValue("Bearer", ServiceTokens.Create(key, caller, now));
        tokens[caller] = (header, now + ServiceTokens.Lifetime / 2);
        return header;
    }
}
