using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>
/// The one way in which a request changes anything: decide, then commit once. A lost race is decided again from fresh state. With an
/// <c>Idempotency-Key</c> the answer is stored in the same transaction: the same request again gets the same answer, another request under the same key 422.
/// </summary>
public sealed class Writes(IDocumentStore store, IHttpContextAccessor http, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private const int AttemptsMax = 8;
    private const int KeyLengthMax = 255;

    /// <summary>Runs <paramref name="decide"/> in a session of its own and commits what it left there, unless the answer is a refusal.</summary>
    /// <param name="asksOutside">
    /// Set when deciding costs something outside, such as a carrier's label: then a repeated request is recognized before it decides, not at its commit.
    /// </param>
    /// <param name="keepsAnswer">Not for an answer that holds a secret: then whoever decides has to recognize a repeated request.</param>
    public async Task<IResult> Commit(Func<IDocumentSession, Task<IResult>> decide, CancellationToken token, bool asksOutside = false, bool keepsAnswer = true)
    {
        var context = Context;
        return await Answer(async request =>
        {
            await using var session = store.LightweightSession();
            session.CorrelationId = Tracing.Current;
            session.LastModifiedBy = request.Subject;
            var answer = await decide(session);
            if (IsRefusal(answer))
                return answer;
            request.Remember(session, answer, context.Response.Headers.ETag);
            await session.SaveChangesAsync(token);
            return answer;
        }, token, asksOutside, keepsAnswer);
    }

    /// <summary>The same for what is committed together with others' requests: <paramref name="once"/> answers when it is committed, or refuses.</summary>
    public async Task<IResult> Answer(Func<PendingAnswer, Task<IResult>> once, CancellationToken token, bool asksOutside = false, bool keepsAnswer = true)
    {
        var context = Context;
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > KeyLengthMax)
            return Problems.From(Refusal.Invalid("idempotency-key-too-long", $"An Idempotency-Key has at most {KeyLengthMax} characters."));

        var subject = context.User.FindFirstValue("sub") ?? "unknown";
        var stored = key.Length == 0 || !keepsAnswer ? null : $"{subject}/{key}";
        var request = new PendingAnswer(subject, stored, stored is null ? "" : RequestHash(context), json.Value.SerializerOptions);
        for (var attempt = 1; ; attempt++)
        {
            if (asksOutside && stored is not null && await Replay(request, token) is { } known)
                return known;
            try
            {
                var answer = await once(request);
                return IsRefusal(answer) && stored is not null && await Replay(request, token) is { } before ? before : answer;
            }
            catch (Exception error) when (stored is not null && StoredAnswers.IsTaken(error))
            {
                return await Replay(request, token) ?? throw new InvalidOperationException("A taken Idempotency-Key has no answer.", error);
            }
            catch (Exception error) when (attempt < AttemptsMax && LostRace.Is(error))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 8 * attempt)), TimeProvider.System, token);
            }
        }
    }

    internal static IResult KeyReused => Problems.From(Refusal.Invalid("idempotency-key-reused", "This Idempotency-Key was used for another request."));

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("There is no request.");

    private static bool IsRefusal(IResult answer) => answer is IStatusCodeHttpResult { StatusCode: >= 400 };

    private async Task<IResult?> Replay(PendingAnswer request, CancellationToken token)
    {
        if (await StoredAnswers.Find(store, request.Key!, token) is not { } answer)
            return null;
        if (answer.RequestHash != request.Hash)
            return KeyReused;
        return new Replayed(answer);
    }

    private static string RequestHash(HttpContext context)
    {
        var body = context.Features.Get<RequestBody>()?.Bytes ?? [];
        var target = Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. target, .. body]));
    }

    private sealed class Replayed(StoredAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            response.Headers["Idempotent-Replayed"] = "true";
            if (answer.Location is not null)
                response.Headers.Location = answer.Location;
            if (answer.ETag is not null)
                response.Headers.ETag = answer.ETag;
            if (answer.Body is null)
                return;
            response.ContentType = "application/json; charset=utf-8";
            await response.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}

/// <summary>A request that waits for its answer: who asks, and how the answer is known again.</summary>
/// <param name="Key">The subject and its <c>Idempotency-Key</c>; null without one.</param>
public sealed record PendingAnswer(string Subject, string? Key, string Hash, JsonSerializerOptions Json)
{
    /// <summary>Stores the answer with what it answers for, if the request can be repeated under a key.</summary>
    public void Remember(IDocumentSession session, IResult answer, string? eTag)
    {
        if (Key is not null)
            StoredAnswers.Remember(session, Key, Describe(answer, eTag));
    }

    private StoredAnswer Describe(IResult answer, string? eTag)
    {
        var body = (answer as IValueHttpResult)?.Value;
        return new(
            Hash,
            (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK,
            body is null ? null : JsonSerializer.Serialize(body, body.GetType(), Json),
            answer.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Created<>)
                ? (string?)type.GetProperty(nameof(Created.Location))!.GetValue(answer)
                : (answer as Created)?.Location,
            eTag);
    }
}

/// <summary>Which requests an <c>Idempotency-Key</c> makes safe to repeat: every change, but those that know a repeat by what it says.</summary>
public static class Repeats
{
    public const string Extension = "x-knows-repeats";

    /// <summary>This route knows a repeat by what it says, of each row of a body, however large: it needs no key, and takes none.</summary>
    public static TBuilder KnowsRepeats<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Known());

    internal static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Known>().Any())
            (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[Extension] = new JsonNodeExtension(true);
        return Task.CompletedTask;
    }

    internal sealed record Known;
}

/// <summary>The bytes of a request that carries an <c>Idempotency-Key</c>, read ahead so that they can be compared.</summary>
internal sealed record RequestBody(byte[] Bytes)
{
    public static async Task ReadAhead(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey("Idempotency-Key") && !HttpMethods.IsGet(context.Request.Method)
            && context.GetEndpoint()?.Metadata.GetMetadata<Repeats.Known>() is null)
        {
            context.Request.EnableBuffering();
            using var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
            context.Request.Body.Position = 0;
            context.Features.Set(new RequestBody(copy.ToArray()));
        }
        await next(context);
    }
}

/// <summary>What came of a decision.</summary>
/// <param name="State">After it, or as it was when nothing happened; null when there is nothing.</param>
/// <param name="Version">The stream's version once committed: the ETag.</param>
/// <param name="Refusal">Why nothing was appended, if somebody has to be told.</param>
/// <param name="Happened">The facts that were appended.</param>
public sealed record Decided<TState, TEvent>(TState? State, long Version, Refusal? Refusal, IReadOnlyList<TEvent> Happened);

public static class DeciderSession
{
    /// <summary>
    /// Fetches the state for writing, decides, and appends what follows; the caller commits. <paramref name="precondition"/>, what the sender has
    /// seen, is compared first; to a <paramref name="caller"/> to whom it does not belong it does not exist.
    /// </summary>
    public static async Task<Decided<TState, TEvent>> Decide<TState, TEvent>(
        this IDocumentSession session, Guid id, Func<TState?, Decision<TEvent>> decide, CancellationToken token, Precondition? precondition = null, Caller? caller = null)
        where TState : class, IFold<TState, TEvent> where TEvent : class =>
        // Anybody can write the empty id into a path or a body; nothing has it, and Marten does not even look.
        id == Guid.Empty && decide(null).Refusal is { } refusal
            ? new(null, 0, refusal, [])
            : session.Decide(await session.Events.FetchForWriting<TState>(id, token), decide, precondition, caller);

    /// <inheritdoc cref="Decide{TState,TEvent}(IDocumentSession,Guid,Func{TState,Decision{TEvent}},CancellationToken,Precondition,Caller)"/>
    public static async Task<Decided<TState, TEvent>> Decide<TState, TEvent>(
        this IDocumentSession session, string key, Func<TState?, Decision<TEvent>> decide, CancellationToken token, Precondition? precondition = null)
        where TState : class, IFold<TState, TEvent> where TEvent : class =>
        session.Decide(await session.Events.FetchForWriting<TState>(key, token), decide, precondition, caller: null);

    private static Decided<TState, TEvent> Decide<TState, TEvent>(
        this IDocumentSession session, IEventStream<TState> stream, Func<TState?, Decision<TEvent>> decide, Precondition? precondition, Caller? caller)
        where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        var (before, version) = (stream.Aggregate, stream.CurrentVersion ?? 0);
        if (before is not null && caller is not null && caller.Visible(before) is null)
            return new(null, 0, decide(null).Refusal ?? throw new InvalidOperationException($"{typeof(TState).Name} must be refused to whom it does not belong."), []);
        if (before is not null && precondition?.Objection(exists: true, version) is { } stale)
            return new(before, version, stale, []);

        var decision = decide(before);
        if (decision.Refusal is not null || decision.Events.IsEmpty)
            return new(before, version, decision.Refusal, []);
        if (before is null && precondition?.Objection(exists: false, version) is { } missing)
            return new(null, version, missing, []);

        session.JoinTrace((before as ITraced)?.TraceParent);
        stream.AppendMany(decision.Events.Cast<object>());
        return new(Fold.All(decision.Events, before), version + decision.Events.Length, null, decision.Events);
    }

    /// <summary>A fact that belongs to a story of its own, in a commit that serves several: it keeps that story's trace and who added it.</summary>
    public static IEvent Fact(this IDocumentSession session, object fact, string? traceParent, string? by = null)
    {
        var wrapped = session.Events.BuildEvent(fact);
        wrapped.CorrelationId = traceParent;
        wrapped.UserName = by;                      // null: whoever the session says
        return wrapped;
    }
}
