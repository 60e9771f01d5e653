using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Oms.ServiceDefaults;

/// <summary>
/// The short-lived signed token by which the gateway tells a service who is calling and what is allowed. Every service checks it, so one reached directly is as
/// closed as the gateway. HMAC-SHA256.
/// </summary>
public static class ServiceTokens
{
    public const string Issuer = "oms-gateway";
    public const string Audience = "oms-services";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for this caller, valid from <paramref name="now"/> for <see cref="Lifetime"/>.</summary>
    public static string Create(SecurityKey key, Caller caller, DateTimeOffset now) => Handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Audience,
        Subject = new ClaimsIdentity(caller.Claims()),
        IssuedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>What signs here: the first of <see cref="Keys"/>.</summary>
    public static SecurityKey Key(IConfiguration configuration) => Keys(configuration)[0];

    /// <summary>
    /// <c>Oms:ServiceTokenKey</c>: keys in base64, each of at least 32 bytes, with commas between them. All of them are accepted, the first one signs; so a new key is
    /// first added behind, everywhere, then moved to the front, everywhere, and then the old one is left out.
    /// </summary>
    public static IReadOnlyList<SecurityKey> Keys(IConfiguration configuration)
    {
        var text = configuration["Oms:ServiceTokenKey"] ?? throw new InvalidOperationException("Oms__ServiceTokenKey is not set.");
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Read)];
    }

    internal static void AddServiceTokens(this WebApplicationBuilder builder)
    {
        var keys = Keys(builder.Configuration);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = Audience,
                IssuerSigningKeys = keys,
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                ClockSkew = TimeSpan.FromSeconds(30),
            };
        });
    }

    private static SymmetricSecurityKey Read(string text)
    {
        var bytes = Convert.FromBase64String(text);
        // Named by what it is, so that a receiver with several keys need not try them.
        return bytes.Length >= 32 ? new(bytes) { KeyId = Convert.ToHexStringLower(SHA256.HashData(bytes)[..8]) }
            : throw new InvalidOperationException("Oms__ServiceTokenKey has fewer than 32 bytes.");
    }
}
