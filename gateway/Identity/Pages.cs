using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Oms.Gateway.Access;

namespace Oms.Gateway.Identity;

/// <summary>How the provider's pages look: forms that need no script.</summary>
internal sealed class Pages(IAntiforgery antiforgery, PeopleOptions options)
{
    public const string Root = "/account", FormField = "form";

    private const string ReturnField = "returnUrl";
    private const int FieldMax = 200;

    private const string Style =
        """
        *{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1.25rem;color:#1d2430;background:#fff}
        h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}p{margin:0 0 1rem}label{display:block;color:#5b6676;font-size:.85rem;margin-top:1rem}
        input{font:1rem/1.5 system-ui,sans-serif;color:#1d2430;background:transparent;display:block;width:100%;margin-top:.25rem;padding:.6rem .75rem;border:1px solid #8b95a5;border-radius:.4rem}
        input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid #0b5cad;outline-offset:2px}input.code{font-size:1.4rem;letter-spacing:.3em}
        button{font:inherit;font-weight:600;width:100%;margin-top:1.5rem;padding:.65rem;border:0;border-radius:.4rem;color:#fff;background:#0b5cad;cursor:pointer}
        button.quiet{color:inherit;background:transparent;border:1px solid #8b95a5;font-weight:400}a{color:#0b5cad}form+p{margin-top:1rem}code{font-size:.95em;overflow-wrap:anywhere}ul{padding-left:1.25rem}
        .alert{padding:.65rem .75rem;border-left:4px solid #b3261e;background:#fceeee}svg{display:block;width:12rem;max-width:100%;margin:0 auto 1rem;background:#fff}
        @media(max-width:30rem){body{margin:2rem auto}}
        @media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}a{color:#7db8ff}label{color:#9aa5b5}input{color:#e6e9ee}input,button.quiet{border-color:#5b6676}.alert{background:#3b1d1c;border-color:#ff8a80}
        button{background:#2f7fd6}button.quiet{background:transparent}}
        """;

    // A form that is sent may lead on to the application, in another place: browsers hold that against the form.
    private readonly string policy = string.Join("; ",
        "default-src 'none'", $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'", "base-uri 'none'", "frame-ancestors 'none'",
        string.Join(' ', options.Redirects.Select(it => it.Scheme is "http" or "https" ? it.GetLeftPart(UriPartial.Authority) : $"{it.Scheme}:").Prepend("form-action 'self'").Distinct()));

    /// <summary>A page that knows where the browser is going.</summary>
    public static string At(string path, string? returnUrl) => returnUrl is null ? path : $"{path}{QueryString.Create(ReturnField, returnUrl)}";

    /// <summary>Where the browser came from and goes to; never out of here.</summary>
    public static string? ReturnUrl(HttpContext http)
    {
        var wished = http.Request.HasFormContentType ? http.Request.Form[ReturnField].ToString() : http.Request.Query[ReturnField].ToString();
        return wished.StartsWith($"{BuiltInProvider.AuthorizePath}?", StringComparison.Ordinal) ? wished : null;
    }

    /// <summary>What somebody has typed; empty when that cannot be.</summary>
    public static string Field(HttpContext http, string name) =>
        http.Request.Form[name].ToString() is { Length: <= FieldMax } text && !text.Any(char.IsControl) ? text : "";

    /// <summary>A form that is sent was shown before, to the same browser.</summary>
    public static async ValueTask<object?> CheckForm(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && (!http.Request.HasFormContentType || !await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)))
            return http.RequestServices.GetRequiredService<Pages>().Show(
                http, "This page is too old", $"<p><a href=\"{SignInPages.Path}\">Begin again</a></p>", StatusCodes.Status400BadRequest);
        return await next(context);
    }

    /// <param name="body">HTML.</param>
    public IResult Show(HttpContext http, string title, string body, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.ContentSecurityPolicy = policy;
        return TypedResults.Text(
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Html(title)} - OMS</title>
            <style>{Style}</style></head><body><main><h1>{Html(title)}</h1>{body}</main></body></html>
            """, "text/html", Encoding.UTF8, status);
    }

    /// <param name="fields">HTML.</param>
    public string Form(HttpContext http, string path, string fields, string button, bool quiet = false) =>
        $"""
        <form method="post" action="{Html(path)}"><input type="hidden" name="{FormField}" value="{Html(antiforgery.GetAndStoreTokens(http).RequestToken!)}">
        {(ReturnUrl(http) is { } back ? $"<input type=\"hidden\" name=\"{ReturnField}\" value=\"{Html(back)}\">" : "")}{fields}<button{(quiet ? " class=\"quiet\"" : "")}>{Html(button)}</button></form>
        """;

    public static string Alert(string? text) => text is null ? "" : $"<p class=\"alert\" role=\"alert\">{Html(text)}</p>";

    public static string Html(string text) => WebUtility.HtmlEncode(text);
}
