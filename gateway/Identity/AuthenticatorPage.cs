using System.Text;
using Microsoft.AspNetCore.Identity;
using Oms.Gateway.Access;
using QRCoder;

namespace Oms.Gateway.Identity;

/// <summary>An authenticator app (TOTP, RFC 6238) as the second step of signing in. Who has lost it asks an admin to reset the account.</summary>
internal static class AuthenticatorPage
{
    public const string Path = $"{Pages.Root}/authenticator";

    public static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/authenticator", Show);
        account.MapPost("/authenticator", Enroll).RequireRateLimiting(RateLimits.SignIn);
    }

    private static async Task<IResult> Show(HttpContext http, Pages pages, SignedIn signedIn, UserManager<Person> people, SignInManager<Person> signIn)
    {
        if (await signedIn.Person() is not { } person)
            return TypedResults.LocalRedirect(SignInPages.Path);
        if (person.TwoFactorEnabled)
            return pages.Show(http, "Authenticator app", $"<p>It is on: signing in asks for a code. If you lose it, an admin can reset your account.</p><p><a href=\"{Pages.Root}\">Back</a></p>");
        if (await people.GetAuthenticatorKeyAsync(person) is null)
        {
            await people.ResetAuthenticatorKeyAsync(person);
            await signIn.RefreshSignInAsync(person);
            return TypedResults.LocalRedirect(Path);
        }
        return await Ask(http, pages, people, person);
    }

    private static async Task<IResult> Ask(HttpContext http, Pages pages, UserManager<Person> people, Person person, string? alert = null)
    {
        var secret = await people.GetAuthenticatorKeyAsync(person) ?? throw new InvalidOperationException("There is no secret.");
        var address = Authenticator.Address(people.Options.Tokens.AuthenticatorIssuer, person.Email!, secret);
        return pages.Show(http, "Authenticator app",
            $"""
            {Pages.Alert(alert)}<p>Scan this with an authenticator app, or type the secret into it. From then on signing in asks for the code that it shows.</p>
            {Authenticator.Picture(address)}
            <p>Secret: <code>{string.Join(' ', secret.Chunk(4).Select(it => new string(it)))}</code></p><p><a href="{Pages.Html(address)}">Open in an app on this device</a></p>
            {pages.Form(http, Path, "<label>Code<input class=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" maxlength=\"7\" required></label>", "Turn it on")}
            """, alert is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> Enroll(HttpContext http, Pages pages, SignedIn signedIn, UserManager<Person> people, SignInManager<Person> signIn)
    {
        if (await signedIn.Person() is not { TwoFactorEnabled: false } person || await people.GetAuthenticatorKeyAsync(person) is null)
            return TypedResults.LocalRedirect(Path);
        var code = Authenticator.Digits(Pages.Field(http, "code"));
        if (!await people.VerifyTwoFactorTokenAsync(person, TokenOptions.DefaultAuthenticatorProvider, code))
            return await Ask(http, pages, people, person, "This code is wrong. Is the clock of the device right?");
        person.LastCode = code;
        await people.SetTwoFactorEnabledAsync(person, enabled: true);
        await signIn.RefreshSignInAsync(person);
        return TypedResults.LocalRedirect(Path);
    }
}

internal static class Authenticator
{
    public static string Digits(string typed) => typed.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>As authenticator apps read it (Key Uri Format).</summary>
    public static string Address(string issuer, string email, string secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(email)}?secret={secret}&issuer={Uri.EscapeDataString(issuer)}&digits=6&period=30";

    /// <summary>A QR code as inline SVG: a square for each dark module.</summary>
    public static string Picture(string text)
    {
        var rows = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M).ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        for (var x = 0; x < rows[y].Count; x++)
            if (rows[y][x])
                path.Append($"M{x} {y}h1v1h-1z");
        return $"<svg viewBox=\"0 0 {rows.Count} {rows.Count}\" role=\"img\" aria-label=\"QR code\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>";
    }
}
