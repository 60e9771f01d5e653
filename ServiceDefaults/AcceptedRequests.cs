using System.Data;
using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Oms.Kernel;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.ServiceDefaults;

/// <summary>
/// <c>Prefer: respond-async</c> (RFC 7240, 4.1), the same for every change: the request is kept in the service's database and answered 202; then some process of the
/// service does it, and its answer is at <c>Location</c> for as long as an <c>Idempotency-Key</c> is kept. It is done under such a key, so that it is done once whoever dies
/// in between.
/// </summary>
public sealed partial class AcceptedRequests(
    string service, IDocumentStore store, IServiceScopeFactory scopes, IHttpContextFactory contexts, IConfiguration configuration, TimeProvider clock,
    ILogger<AcceptedRequests> log) : BackgroundService
{
    private const string Name = $"{EventStore.Schema}.accepted_request";
    private const string Preference = "respond-async";
    private const int AtATime = 2;
    private const int AttemptsMax = 10;

    // Of what a process has left behind that died.
    private static readonly TimeSpan LookedForEvery = TimeSpan.FromSeconds(3);
    private static readonly string[] KeptHeaders = ["Content-Type", "If-Match", "If-None-Match", IdempotencyKey];
    private const string IdempotencyKey = "Idempotency-Key";

    private readonly SemaphoreSlim arrived = new(0);
    private readonly TaskCompletionSource<RequestDelegate> pipeline = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request as it was accepted.</summary>
    /// <param name="Body">In a file: an import is large.</param>
    private sealed record Kept(Guid Id, string Caller, string Method, string Path, string Query, string Headers, string? TraceParent, int Attempts, Stream Body);

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "accepted_request", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<Guid>("id").AsPrimaryKey();
        table.AddColumn("subject", "text").NotNull();
        table.AddColumn("caller", "text").NotNull();
        table.AddColumn("method", "text").NotNull();
        table.AddColumn("path", "text").NotNull();
        table.AddColumn("query", "text").NotNull();
        table.AddColumn("headers", "text").NotNull();
        table.AddColumn("body", "bytea").NotNull();
        table.AddColumn("request_hash", "bytea").NotNull();
        table.AddColumn<string>("trace_parent");
        table.AddColumn("attempts", "int").NotNull().DefaultValue(0);
        table.AddColumn("due", "timestamptz").NotNull();
        table.AddColumn("answered", "timestamptz");
        table.AddColumn("status", "int");
        table.AddColumn<string>("content_type");
        table.AddColumn<string>("location");
        table.AddColumn("answer", "bytea");
        table.Indexes.Add(new IndexDefinition("accepted_request_waiting") { Columns = ["due"], Predicate = "answered is null" });
        table.Indexes.Add(new IndexDefinition("accepted_request_answered") { Columns = ["answered"], Predicate = "answered is not null" });
        return table;
    }

    internal static async Task ForgetOld(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"delete from {Name} where answered < now() - $1", connection) { Parameters = { new() { Value = StoredAnswers.Retention } } };
        await command.ExecuteNonQueryAsync(token);
    }

    public override void Dispose()
    {
        arrived.Dispose();
        base.Dispose();
    }

    /// <summary>Stands before everything else: what is accepted goes the whole way once more when it is done.</summary>
    internal RequestDelegate Through(RequestDelegate next)
    {
        pipeline.TrySetResult(next);
        return next;
    }

    /// <summary>Behind the check of who may do what. A request that is not allowed is refused at once.</summary>
    internal async Task Take(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method) || !Prefers(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>() is null)
        {
            await next(context);
            return;
        }
        var subject = Caller.Of(context.User).Subject;
        var id = context.Request.Headers[IdempotencyKey].ToString() is { Length: > 0 } key ? Ids.Derive("accepted-request", subject, key) : Guid.CreateVersion7();
        if (!await Keep(id, subject, context))
        {
            await Writes.KeyReused.ExecuteAsync(context);
            return;
        }
        arrived.Release();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers["Preference-Applied"] = Preference;
        context.Response.Headers.Location = $"{Path}/{id}";
        context.Response.Headers.RetryAfter = "1";
    }

    /// <summary>Where the answer will be.</summary>
    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet($"{Path}/{{requestId:guid}}", Answer)
        .WithName($"GetAccepted{char.ToUpperInvariant(service[0])}{service[1..]}Request").Access(Scopes.RequestsRead, Restrictions.All)
        .WithSummary("The answer of a request that you have sent with Prefer: respond-async, its status in AsyncResult; 202 until there is one. Kept for 48 hours.")
        .Produces<JsonElement>().Produces(StatusCodes.Status202Accepted).ProducesProblem(404);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // It is made when the server starts, which may be later.
        var through = await pipeline.Task.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Work(through, stoppingToken)));
    }

    private string Path => $"/v1/accepted-requests/{service}";

    private static bool Prefers(HttpRequest request) => request.Headers["Prefer"].Count > 0
        && request.Headers.GetCommaSeparatedValues("Prefer").Any(preference => preference.Split(';')[0].Trim().Equals(Preference, StringComparison.OrdinalIgnoreCase));

    /// <returns>False when the same key came with another request before.</returns>
    private async Task<bool> Keep(Guid id, string subject, HttpContext context)
    {
        var (request, token) = (context.Request, context.RequestAborted);
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, token));
        request.Body.Position = 0;
        var requestHash = hash.GetCurrentHash();
        var headers = KeptHeaders.Where(request.Headers.ContainsKey).ToDictionary(name => name, name => request.Headers[name].ToString());
        headers.TryAdd(IdempotencyKey, $"accepted/{id}");
        var caller = Caller.Of(context.User).Claims().Select(claim => new[] { claim.Type, claim.Value });
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var insert = new NpgsqlCommand(
            $"""
             insert into {Name} (id, subject, caller, method, path, query, headers, request_hash, due, body, trace_parent)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing
             """,
            connection);
        foreach (var value in (object[])
            [id, subject, JsonSerializer.Serialize(caller), request.Method, request.Path.Value!, request.QueryString.ToString(), JsonSerializer.Serialize(headers), requestHash, clock.GetUtcNow()])
            insert.Parameters.Add(new() { Value = value });
        insert.Parameters.Add(new() { Value = request.Body, NpgsqlDbType = NpgsqlDbType.Bytea });
        insert.Parameters.Add(new() { Value = (object?)Tracing.Current ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        if (await insert.ExecuteNonQueryAsync(token) == 1)
            return true;

        await using var before = new NpgsqlCommand($"select 1 from {Name} where id = $1 and request_hash = $2", connection) { Parameters = { new() { Value = id }, new() { Value = requestHash } } };
        return await before.ExecuteScalarAsync(token) is not null;
    }

    private async Task<IResult> Answer(Guid requestId, Caller caller, HttpContext context, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand($"select status, content_type, location, answer from {Name} where id = $1 and subject = $2", connection)
        {
            Parameters = { new() { Value = requestId }, new() { Value = caller.Subject } },
        };
        await using var reader = await command.ExecuteReaderAsync(token);
        if (!await reader.ReadAsync(token))
            return Problems.From(Refusal.NotFound("request-not-found", $"You have sent no request {requestId}, or its answer is not kept any more."));
        if (await reader.IsDBNullAsync(0, token))
        {
            context.Response.Headers.RetryAfter = "1";
            return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        }
        // As OData 4.01 does it: the answer, and what its status was in a header.
        context.Response.Headers["AsyncResult"] = reader.GetInt32(0).ToString(CultureInfo.InvariantCulture);
        if (!await reader.IsDBNullAsync(2, token))
            context.Response.Headers.Location = reader.GetString(2);
        return TypedResults.Bytes(await reader.GetFieldValueAsync<byte[]>(3, token), await reader.IsDBNullAsync(1, token) ? null : reader.GetString(1));
    }

    private async Task Work(RequestDelegate through, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await DoNext(through, stopping))
                    continue;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested && (error is NpgsqlException or IOException || LostRace.Is(error)))
            {
                NotDone(log, error);
            }
            await arrived.WaitAsync(LookedForEvery, stopping);
        }
    }

    /// <summary>Does what has waited longest, and holds it while it does: if this process dies, the database gives it to another.</summary>
    private async Task<bool> DoNext(RequestDelegate through, CancellationToken token)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await Next(connection, token) is not { } kept)
            return false;

        await using var body = kept.Body;
        using var answer = new MemoryStream();
        var response = await Do(through, kept, answer, token);
        var again = response.StatusCode == StatusCodes.Status503ServiceUnavailable && kept.Attempts + 1 < AttemptsMax;
        await using var command = again
            ? new NpgsqlCommand($"update {Name} set attempts = attempts + 1, due = $2 where id = $1", connection)
            {
                Parameters = { new() { Value = kept.Id }, new() { Value = clock.GetUtcNow() + TimeSpan.FromSeconds(1 << kept.Attempts) } },
            }
            : new NpgsqlCommand($"update {Name} set answered = now(), status = $2, content_type = $3, location = $4, answer = $5, body = '' where id = $1", connection)
            {
                Parameters =
                {
                    new() { Value = kept.Id }, new() { Value = response.StatusCode }, Text(response.Headers.ContentType), Text(response.Headers.Location), new() { Value = answer.ToArray() },
                },
            };
        await command.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
        return true;

        static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
    }

    private async Task<Kept?> Next(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select id, caller, method, path, query, headers, trace_parent, attempts, body from {Name} where answered is null and due <= $1
             order by due limit 1 for update skip locked
             """,
            connection)
        {
            Parameters = { new() { Value = clock.GetUtcNow() } },
        };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, token);
        if (!await reader.ReadAsync(token))
            return null;
        var kept = new Kept(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
            await reader.IsDBNullAsync(6, token) ? null : reader.GetString(6), reader.GetInt32(7),
            File.Create(System.IO.Path.GetTempFileName(), 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous));
        await using (var stream = await reader.GetStreamAsync(8, token))
            await stream.CopyToAsync(kept.Body, token);
        kept.Body.Position = 0;
        return kept;
    }

    /// <summary>Sends it through the whole pipeline, as the one who sent it.</summary>
    private async Task<IHttpResponseFeature> Do(RequestDelegate through, Kept kept, MemoryStream answer, CancellationToken token)
    {
        using var activity = new Activity("accepted request");
        if (kept.TraceParent is not null)
            activity.SetParentId(kept.TraceParent);
        activity.Start();

        var claims = JsonSerializer.Deserialize<string[][]>(kept.Caller)!.Select(claim => new Claim(claim[0], claim[1]));
        var caller = Caller.Of(new(new ClaimsIdentity(claims)));
        IHeaderDictionary headers = new HeaderDictionary { ContentLength = kept.Body.Length };
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(kept.Headers)!)
            headers[name] = value;
        headers.Authorization = $"Bearer {ServiceTokens.Create(ServiceTokens.Key(configuration), caller, clock.GetUtcNow())}";

        var (response, answering) = (new HttpResponseFeature(), new StreamResponseBodyFeature(answer));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = kept.Method, Scheme = "http", Protocol = "HTTP/1.1", Path = kept.Path, QueryString = kept.Query, Headers = headers, Body = kept.Body,
        });
        var told = new BodyFeatures { CanHaveBody = kept.Body.Length > 0 };
        features.Set<IHttpRequestBodyDetectionFeature>(told);
        features.Set<IHttpMaxRequestBodySizeFeature>(told);
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = token });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(answering);
        await using var scope = scopes.CreateAsyncScope();
        var context = contexts.Create(features);
        try
        {
            context.RequestServices = scope.ServiceProvider;
            await through(context);
            await answering.CompleteAsync();
        }
        finally
        {
            contexts.Dispose(context);
        }
        token.ThrowIfCancellationRequested();
        return response;
    }

    // Its size was looked at when it was accepted.
    private sealed class BodyFeatures : IHttpRequestBodyDetectionFeature, IHttpMaxRequestBodySizeFeature
    {
        public required bool CanHaveBody { get; init; }

        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An accepted request could not be done now; it is tried again")]
    private static partial void NotDone(ILogger log, Exception error);
}
