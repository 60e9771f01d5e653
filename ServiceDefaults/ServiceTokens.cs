using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Oms.ServiceDefaults;

/// <summary>
/// The short-lived signed token by which the gateway tells a service who is calling. Every service checks it, so one reached directly is as closed as the
/// gateway. HMAC-SHA256 over <c>Oms:ServiceTokenKey</c> (base64, at least 32 bytes).
/// </summary>
public static class ServiceTokens
{
    public const string Issuer = "oms-gateway";
    public const string Audience = "oms-services";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for this subject, valid from <paramref name="now"/> for <see cref="Lifetime"/>.</summary>
    public static string Create(SymmetricSecurityKey key, string subject, DateTimeOffset now) => Handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Audience,
        Subject = new ClaimsIdentity([new Claim("sub", subject)]),
        IssuedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
    });

    public static SymmetricSecurityKey Key(IConfiguration configuration)
    {
        var text = configuration["Oms:ServiceTokenKey"] ?? throw new InvalidOperationException("Oms__ServiceTokenKey is not set.");
        var bytes = Convert.FromBase64String(text);
        return bytes.Length >= 32 ? new(bytes) : throw new InvalidOperationException("Oms__ServiceTokenKey has fewer than 32 bytes.");
    }

    internal static void AddServiceTokens(this WebApplicationBuilder builder)
    {
        var key = Key(builder.Configuration);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = Audience,
                IssuerSigningKey = key,
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                ClockSkew = TimeSpan.FromSeconds(30),
            };
        });
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
