using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Oms.Gateway.Access;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Oms.Gateway.Identity;

/// <summary>OpenID Connect, after OpenIddict has found nothing wrong with the request: who it is, and what their token says.</summary>
internal static class Connect
{
    /// <summary>In codes and refresh tokens only: changes with the password, and when a person is deactivated.</summary>
    private const string StampClaim = "stamp";

    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(BuiltInProvider.AuthorizePath, [HttpMethods.Get, HttpMethods.Post], Authorize);
        routes.MapPost(BuiltInProvider.TokenPath, Exchange);
        routes.MapMethods(BuiltInProvider.EndSessionPath, [HttpMethods.Get, HttpMethods.Post], EndSession);
    }

    private static async Task<IResult> Authorize(HttpContext http, SignedIn signedIn, PeopleOptions options)
    {
        var request = Request(http);
        var person = request.HasPromptValue(PromptValues.Login) ? null : await signedIn.Person(request.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        if (person is { MustChangePassword: false })
            return TypedResults.SignIn(Ticket(person, request.GetScopes(), options), properties: null, Scheme);
        if (request.HasPromptValue(PromptValues.None))
            return Refuse(Errors.LoginRequired, "Nobody has signed in.");
        // Once signed in, the browser comes back; whoever wanted a fresh sign-in has had it then.
        var again = request.GetParameters().Where(it => it.Key is not (Parameters.Prompt or Parameters.MaxAge)).Select(it => KeyValuePair.Create(it.Key, (string?)it.Value));
        return TypedResults.LocalRedirect(Pages.At(person is null ? SignInPages.Path : PasswordPage.Path, $"{BuiltInProvider.AuthorizePath}{QueryString.Create(again)}"));
    }

    private static async Task<IResult> Exchange(HttpContext http, UserManager<Person> people, PeopleOptions options)
    {
        // The code or the refresh token, which OpenIddict has found to be good.
        var known = (await http.AuthenticateAsync(Scheme)).Principal ?? throw new InvalidOperationException("There is no ticket.");
        var person = await people.FindByIdAsync(known.GetClaim(Claims.Subject)!);
        return person is { IsActive: true, MustChangePassword: false } && person.SecurityStamp == known.GetClaim(StampClaim)
            ? TypedResults.SignIn(Ticket(person, known.GetScopes(), options), properties: null, Scheme)
            : Refuse(Errors.InvalidGrant, "This person has to sign in again.");
    }

    private static async Task<IResult> EndSession(HttpContext http, SignInManager<Person> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.SignOut(new() { RedirectUri = SignInPages.SignedOutPath }, [Scheme]);
    }

    private static OpenIddictRequest Request(HttpContext http) => http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("This is not OpenIddict's request.");

    private static ClaimsPrincipal Ticket(Person person, ImmutableArray<string> scopes, PeopleOptions options)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.Name, options.RolesClaim);
        identity.SetClaim(Claims.Subject, person.Id.ToString()).SetClaim(StampClaim, person.SecurityStamp)
            .SetClaim(Claims.Name, person.Name).SetClaim(Claims.Email, person.Email)
            .SetClaims(options.RolesClaim, [.. person.Roles]).SetClaims(options.LocationsClaim, [.. person.Locations]);
        identity.SetScopes(scopes).SetResources(options.Audience);
        identity.SetDestinations(claim => claim.Type switch
        {
            StampClaim => [],
            Claims.Name => scopes.Contains(Scopes.Profile) ? [Destinations.IdentityToken] : [],
            Claims.Email => scopes.Contains(Scopes.Email) ? [Destinations.IdentityToken] : [],
            _ => [Destinations.AccessToken, Destinations.IdentityToken],
        });
        return new(identity);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ForbidHttpResult Refuse(string error, string why) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
        }), [Scheme]);
}

/// <summary>Who has signed in in this browser, and still may.</summary>
internal sealed class SignedIn(SignInManager<Person> signIn, IHttpContextAccessor http, TimeProvider clock)
{
    /// <param name="maxAge">How long ago it may have been.</param>
    /// <returns>Null when there is nobody.</returns>
    public async Task<Person?> Person(TimeSpan? maxAge = null)
    {
        var cookie = await http.HttpContext!.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (!cookie.Succeeded || cookie.Properties.IssuedUtc + maxAge < clock.GetUtcNow())
            return null;
        return await signIn.ValidateSecurityStampAsync(cookie.Principal) is { IsActive: true } person ? person : null;
    }
}
