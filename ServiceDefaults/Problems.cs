using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>How a "no" looks over HTTP: RFC 9457, with a type that never changes.</summary>
public static class Problems
{
    public const string TypePrefix = "/problems/";

    public static ProblemHttpResult From(Refusal refusal)
    {
        var problem = Problem(Status(refusal.Kind), refusal.Code, refusal.Detail);
        if (!refusal.Errors.IsEmpty)
            problem.Extensions["errors"] = refusal.Errors;
        return TypedResults.Problem(problem);
    }

    /// <summary>The body of a problem; <paramref name="code"/> becomes its type and, in words, its title.</summary>
    public static ProblemDetails Problem(int status, string code, string detail) => new()
    {
        Type = TypePrefix + code,
        Title = char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ') + ".",
        Status = status,
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    internal static IServiceCollection AddProblems(this IServiceCollection services) => services
        .AddExceptionHandler<UnhandledExceptions>()
        .AddSingleton<IProblemDetailsWriter, Writer>()
        // By default an exception that is answered is not logged, and the trace id of a 500 would lead to nothing.
        .Configure<ExceptionHandlerOptions>(options => options.SuppressDiagnosticsCallback = context => UnhandledExceptions.IsExpected(context.Exception))
        .AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            // Answers that the framework gave by itself: no route, wrong method, not authenticated…
            if (problem.Type is null || !problem.Type.StartsWith(TypePrefix, StringComparison.Ordinal))
            {
                var status = problem.Status ?? context.HttpContext.Response.StatusCode;
                var code = Code(status);
                problem.Type = TypePrefix + code;
                problem.Title = ReasonPhrases.GetReasonPhrase(status) + ".";
                problem.Extensions["code"] = code;
            }
            problem.Instance ??= context.HttpContext.Request.Path;
            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        });

    private static int Status(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
        _ => throw new UnreachableException(),
    };

    private static string Code(int status) => status switch
    {
        400 => "malformed-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        411 => "length-required",
        413 => "body-too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase.ToLowerInvariant().Replace(' ', '-') : "error",
    };

    /// <summary>A refusal is told whatever the sender says it would like to read: the framework's own writer would answer it with nothing at all.</summary>
    private sealed class Writer(IOptions<ProblemDetailsOptions> options, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context)
        {
            var response = context.HttpContext.Response;
            context.ProblemDetails.Status ??= response.StatusCode;
            options.Value.CustomizeProblemDetails?.Invoke(context);
            return new(response.WriteAsJsonAsync(
                context.ProblemDetails, context.ProblemDetails.GetType(), json.Value.SerializerOptions, "application/problem+json", context.HttpContext.RequestAborted));
        }
    }

    /// <summary>Malformed input is the sender's (400); a store that is away is a 503; everything else is a bug, and a 500.</summary>
    private sealed class UnhandledExceptions(IProblemDetailsService problems) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            var problem = Expected(exception) ?? Problem(500, "internal-error", "Something went wrong here. The trace id leads to it.");
            httpContext.Response.StatusCode = problem.Status!.Value;
            if (problem.Status == 503)
                httpContext.Response.Headers.RetryAfter = "1";
            return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
        }

        public static bool IsExpected(Exception exception) => Expected(exception) is not null;

        private static ProblemDetails? Expected(Exception exception) => exception switch
        {
            BadHttpRequestException bad => Problem(bad.StatusCode, Code(bad.StatusCode), Explain(bad)),
            _ when LostRace.Is(exception) => Problem(503, "unavailable", "The store is busy or away for a moment. Nothing was changed: try again."),
            _ => null,
        };

        // The serializer's message names the path and says what was expected; the framework's only says that it failed.
        private static string Explain(BadHttpRequestException bad) => bad.InnerException is System.Text.Json.JsonException json
            ? json.Message
            : bad.Message;
    }
}
