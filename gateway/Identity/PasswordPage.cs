using Microsoft.AspNetCore.Identity;
using Oms.Gateway.Access;

namespace Oms.Gateway.Identity;

/// <summary>A new password; at once for whoever has come in with one that somebody else made.</summary>
internal static class PasswordPage
{
    public const string Path = $"{Pages.Root}/password";
    public const int LengthMin = 12;

    public static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/password", async (HttpContext http, Pages pages, SignedIn signedIn) =>
            await signedIn.Person() is { } person ? Ask(http, pages, person) : TypedResults.LocalRedirect(Pages.At(SignInPages.Path, Pages.ReturnUrl(http))));
        account.MapPost("/password", Change).RequireRateLimiting(RateLimits.SignIn);
    }

    private static IResult Ask(HttpContext http, Pages pages, Person person, string? alert = null) => pages.Show(http, "Choose a password",
        Pages.Alert(alert) + (person.MustChangePassword ? "<p>The one that you came in with was made by somebody else.</p>" : "") + pages.Form(http, Path,
            $"""
            <label>Password until now<input name="current" type="password" autocomplete="current-password" required autofocus></label>
            <label>New password, at least {LengthMin} characters<input name="password" type="password" autocomplete="new-password" minlength="{LengthMin}" required></label>
            """, "Change it"),
        alert is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);

    private static async Task<IResult> Change(HttpContext http, Pages pages, SignedIn signedIn, UserManager<Person> people, SignInManager<Person> signIn)
    {
        if (await signedIn.Person() is not { } person)
            return TypedResults.LocalRedirect(Pages.At(SignInPages.Path, Pages.ReturnUrl(http)));
        var (current, password) = (Pages.Field(http, "current"), Pages.Field(http, "password"));
        if (await people.IsLockedOutAsync(person))
            return Ask(http, pages, person, "There were too many failures. Try again in 15 minutes.");
        if (current == password)
            return Ask(http, pages, person, "This is the password until now.");
        var mustChange = person.MustChangePassword;
        person.MustChangePassword = false;
        var changed = await people.ChangePasswordAsync(person, current, password);
        if (!changed.Succeeded)
        {
            person.MustChangePassword = mustChange;
            if (changed.Errors.Any(it => it.Code == nameof(IdentityErrorDescriber.PasswordMismatch)))
                await people.AccessFailedAsync(person);
            return Ask(http, pages, person, string.Join(' ', changed.Errors.Select(it => it.Description)));
        }
        await signIn.RefreshSignInAsync(person);
        return TypedResults.LocalRedirect(Pages.ReturnUrl(http) ?? Pages.Root);
    }
}
