namespace Oms.Gateway;

internal static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    // The reference page brings its own scripts and styles, some of them inline.
    private const string ReferencePage =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    private const string ProblemPage = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            // A page that knows better what it needs has said so.
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = Is("/scalar") ? ReferencePage : Is("/problems") ? ProblemPage : Nothing;
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);

        bool Is(string path) => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);
    }
}
