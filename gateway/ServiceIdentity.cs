using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using Oms.ServiceDefaults;

namespace Oms.Gateway;

/// <summary>Tells a service who is calling: a short-lived signed token, made once per caller and renewed at half its life.</summary>
public sealed class ServiceIdentity(SymmetricSecurityKey key, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Header, DateTimeOffset RenewAt)> tokens = new();

    public void Vouch(ClaimsPrincipal caller, HttpRequestMessage request) =>
        request.Headers.Authorization = caller.FindFirst("sub")?.Value is { } subject ? Token(subject) : null;

    private AuthenticationHeaderValue Token(string subject)
    {
        var now = clock.GetUtcNow();
        if (tokens.TryGetValue(subject, out var known) && now < known.RenewAt)
            return known.Header;

        var header = new AuthenticationHeaderValue("Bearer", ServiceTokens.Create(key, subject, now));
        tokens[subject] = (header, now + ServiceTokens.Lifetime / 2);
        return header;
    }
}
