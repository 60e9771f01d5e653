using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Oms.Gateway.Access;

namespace Oms.Gateway.Identity;

/// <summary>E-mail address and password, then the code of the authenticator, if the person has one.</summary>
internal static class SignInPages
{
    public const string Path = $"{Pages.Root}/sign-in", CodePath = $"{Path}/code", SignOutPath = $"{Pages.Root}/sign-out", SignedOutPath = $"{Pages.Root}/signed-out";

    // Whoever does not exist, is locked out or deactivated looks like a wrong password. So nobody learns from here who has an account.
    private const string Wrong = "The e-mail address or the password is wrong. After five failures an account is closed for 15 minutes.";
    private const string WrongCode = "This code is wrong, or was used before.";

    // Longer than anything before the answer takes, so that the time of a refusal tells nothing either.
    private static readonly TimeSpan RefusalTime = TimeSpan.FromMilliseconds(400);

    private static readonly Lazy<string> SomeHash = new(() => new PasswordHasher<Person>().HashPassword(null!, "nobody's"));

    public static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("", Home);
        account.MapGet("/sign-in", (HttpContext http, Pages pages) => Ask(http, pages));
        account.MapPost("/sign-in", SignIn).RequireRateLimiting(RateLimits.SignIn);
        account.MapGet("/sign-in/code", (HttpContext http, Pages pages) => AskCode(http, pages));
        account.MapPost("/sign-in/code", SignInWithCode).RequireRateLimiting(RateLimits.SignIn);
        account.MapPost("/sign-out", SignOut);
        account.MapGet("/signed-out", (HttpContext http, Pages pages) => pages.Show(http, "You are signed out", $"<p><a href=\"{Path}\">Sign in</a></p>"));
    }

    private static async Task<IResult> Home(HttpContext http, Pages pages, SignedIn signedIn)
    {
        if (await signedIn.Person() is not { } person)
            return TypedResults.LocalRedirect(Path);
        var roles = string.Join(", ", person.Roles.Select(it => it.Replace('_', ' ')));
        return pages.Show(http, person.Name,
            $"""
            <p>{Pages.Html(person.Email!)}<br>{Pages.Html(roles)}{(person.Locations.Length == 0 ? "" : $", at {Pages.Html(string.Join(", ", person.Locations))}")}</p>
            <ul><li><a href="{PasswordPage.Path}">Change the password</a></li>
            <li><a href="{AuthenticatorPage.Path}">Authenticator app</a>: {(person.TwoFactorEnabled ? "on" : "off")}</li></ul>
            {pages.Form(http, SignOutPath, "", "Sign out", quiet: true)}
            """);
    }

    private static IResult Ask(HttpContext http, Pages pages, string? alert = null, string email = "") => pages.Show(http, "Sign in",
        Pages.Alert(alert) + pages.Form(http, Path,
            $"""
            <label>E-mail address<input name="email" type="email" autocomplete="username" required autofocus value="{Pages.Html(email)}"></label>
            <label>Password<input name="password" type="password" autocomplete="current-password" required></label>
            """, "Sign in"),
        alert is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);

    private static IResult AskCode(HttpContext http, Pages pages, string? alert = null) => pages.Show(http, "Enter the code",
        $"""
        {Pages.Alert(alert)}<p>Your authenticator app shows six digits.</p>
        {pages.Form(http, CodePath, "<label>Code<input class=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" maxlength=\"7\" required autofocus></label>", "Go on")}
        <p><a href="{Path}">Begin again</a></p>
        """, alert is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);

    private static async Task<IResult> SignIn(HttpContext http, Pages pages, UserManager<Person> people, SignInManager<Person> signIn, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        var (email, password) = (Pages.Field(http, "email").Trim(), Pages.Field(http, "password"));
        var person = email.Length == 0 ? null : await people.FindByEmailAsync(email);
        SignInResult? result = null;
        if (person is { IsActive: true } && !await people.IsLockedOutAsync(person))
            result = await signIn.PasswordSignInAsync(person, password, isPersistent: false, lockoutOnFailure: true);
        else
            people.PasswordHasher.VerifyHashedPassword(null!, SomeHash.Value, password);
        if (result?.Succeeded is true)
            return TypedResults.LocalRedirect(Next(http, person!));
        if (result?.RequiresTwoFactor is true)
            return TypedResults.LocalRedirect(Pages.At(CodePath, Pages.ReturnUrl(http)));
        await Wait(began, clock, http.RequestAborted);
        return Ask(http, pages, Wrong, email);
    }

    private static async Task<IResult> SignInWithCode(HttpContext http, Pages pages, UserManager<Person> people, SignInManager<Person> signIn, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { IsActive: true } person)
            return TypedResults.LocalRedirect(Pages.At(Path, Pages.ReturnUrl(http)));
        var code = Authenticator.Digits(Pages.Field(http, "code"));
        if (code != person.LastCode && await signIn.TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false) is { Succeeded: true })
        {
            person.LastCode = code;
            await people.UpdateAsync(person);
            return TypedResults.LocalRedirect(Next(http, person));
        }
        await Wait(began, clock, http.RequestAborted);
        if (!await people.IsLockedOutAsync(person))
            return AskCode(http, pages, WrongCode);
        await signIn.SignOutAsync();
        return Ask(http, pages, Wrong);
    }

    private static async Task<IResult> SignOut(SignInManager<Person> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect(SignedOutPath);
    }

    private static string Next(HttpContext http, Person person) =>
        person.MustChangePassword ? Pages.At(PasswordPage.Path, Pages.ReturnUrl(http)) : Pages.ReturnUrl(http) ?? Pages.Root;

    private static async Task Wait(long began, TimeProvider clock, CancellationToken token)
    {
        if (RefusalTime - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, clock, token);
    }
}
