using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Oms.Kernel;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Gateway.Access;

/// <summary>Somebody was not let in (401, or 400 by the built-in provider's token endpoint), not allowed to (403) or too fast (429).</summary>
/// <param name="Subject">Null when nobody was recognized.</param>
/// <param name="From">The address of the caller.</param>
public sealed record RefusedRequest(
    Guid Id, DateTimeOffset At, int Status, string Method, string Path, string? Subject, string? From, string? TraceId)
{
    private const int PathMax = 300;

    public static RefusedRequest Of(HttpContext context, DateTimeOffset at) => new(
        Guid.CreateVersion7(at), at, context.Response.StatusCode, Short(context.Request.Method, 20)!, Short(context.Request.Path, PathMax)!,
        context.User.FindFirst("sub")?.Value, context.Connection.RemoteIpAddress?.ToString(), System.Diagnostics.Activity.Current?.TraceId.ToHexString());

    // PostgreSQL keeps no zero in a text.
    private static string? Short(string? text, int max) => text?.Replace('\0', '?')[..Math.Min(text.Length, max)];
}

/// <summary>
/// Remembers who was refused what. Written behind the answers, many at once; when more come than can be written, which is an attack, only a part is kept, and how
/// many are not is logged.
/// </summary>
public sealed partial class RefusedRequests(NpgsqlDataSource database, TimeProvider clock, ILogger<RefusedRequests> log) : BackgroundService
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private const string Name = $"{EventStore.Schema}.refused_request";
    private const int WaitingMax = 2_000, PageMax = 500;

    private readonly Channel<RefusedRequest> waiting = Channel.CreateBounded<RefusedRequest>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private long dropped;

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "refused_request", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<Guid>("id").AsPrimaryKey();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("status", "int").NotNull();
        table.AddColumn("method", "text").NotNull();
        table.AddColumn("path", "text").NotNull();
        table.AddColumn<string>("subject");
        table.AddColumn<string>("address");
        table.AddColumn<string>("trace_id");
        table.Indexes.Add(new IndexDefinition("refused_request_at") { Columns = ["at", "id"] });
        return table;
    }

    /// <summary>Looks at the answer of every request.</summary>
    public static async Task Watch(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if ((context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests
                || context.Response.StatusCode == StatusCodes.Status400BadRequest && context.Request.Path == Identity.BuiltInProvider.TokenPath)
            && context.RequestServices.GetService<RefusedRequests>() is { } refused)
            refused.Note(context);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/refused-requests", List)
        .WithName("ListRefusedRequests").Access(Scopes.AccessManage)
        .WithSummary("Who was not let in, not allowed to, or too fast: newest first. Kept for 90 days.")
        .Produces<Page<RefusedRequest>>().ProducesProblem(422);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<RefusedRequest> page = [];
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            page.Clear();
            while (page.Count < PageMax && waiting.Reader.TryRead(out var refused))
                page.Add(refused);
            try
            {
                await Write(page, stoppingToken);
            }
            catch (NpgsqlException error)
            {
                NotWritten(log, page.Count, error);
            }
            if (Interlocked.Exchange(ref dropped, 0) is > 0 and var lost)
                Dropped(log, lost);
        }
    }

    private void Note(HttpContext context)
    {
        if (!waiting.Writer.TryWrite(RefusedRequest.Of(context, clock.GetUtcNow())))
            Interlocked.Increment(ref dropped);
    }

    private async Task Write(List<RefusedRequest> page, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            $"""
            with forgotten as (delete from {Name} where at < $9)
            insert into {Name} (id, at, status, method, path, subject, address, trace_id) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            """);
        Add(page.Select(it => it.Id), NpgsqlDbType.Uuid);
        Add(page.Select(it => it.At), NpgsqlDbType.TimestampTz);
        Add(page.Select(it => it.Status), NpgsqlDbType.Integer);
        Add(page.Select(it => it.Method), NpgsqlDbType.Text);
        Add(page.Select(it => it.Path), NpgsqlDbType.Text);
        Add(page.Select(it => it.Subject), NpgsqlDbType.Text);
        Add(page.Select(it => it.From), NpgsqlDbType.Text);
        Add(page.Select(it => it.TraceId), NpgsqlDbType.Text);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() - KeptFor });
        await command.ExecuteNonQueryAsync(token);

        void Add<T>(IEnumerable<T> values, NpgsqlDbType type) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static async Task<IResult> List(int? limit, string? after, NpgsqlDataSource database, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        var (at, id) = (DateTimeOffset.MaxValue, Guid.Empty);
        if (after is not null && !Keyset.TryDecode(after, out at, out id))
            return Problems.From(Keyset.BadCursor);
        await using var command = database.CreateCommand(
            $"select id, at, status, method, path, subject, address, trace_id from {Name} where $1 or (at, id) < ($2, $3) order by at desc, id desc limit $4");
        foreach (var value in (object[])[after is null, after is null ? DateTimeOffset.UnixEpoch : at, id, size + 1])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(token);
        List<RefusedRequest> found = [];
        while (await reader.ReadAsync(token))
            found.Add(new(
                reader.GetGuid(0), await reader.GetFieldValueAsync<DateTimeOffset>(1, token), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
                Text(5), Text(6), Text(7)));
        return TypedResults.Ok(Keyset.Page(found, size, it => Keyset.Encode(it.At, it.Id)));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} refused requests could not be remembered")]
    private static partial void NotWritten(ILogger log, int count, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} refused requests came faster than they could be remembered")]
    private static partial void Dropped(ILogger log, long count);
}
