using Marten;
using Npgsql;
using Oms.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Oms.Gateway.Access;

/// <summary>A key as the API shows it: everything but its secret.</summary>
/// <param name="Channels">Empty for all.</param>
/// <param name="Locations">Empty for all.</param>
/// <param name="LastUsedAt">To the minute. It is no change of the key: its version, and so its ETag, stay.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Channels, IReadOnlyList<string> Locations, IReadOnlyList<string> IpRanges,
    int? RequestsPerSecond, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RotatedAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt,
    long Version)
{
    public static ApiKeyView Of(ApiKey key, long version, DateTimeOffset? lastUsedAt) => new(
        key.Id, key.Name, key.Scopes, key.Channels, key.Locations, key.IpRanges, key.RequestsPerSecond, key.CreatedAt, key.ExpiresAt, key.RotatedAt, key.RevokedAt,
        lastUsedAt, version);
}

public static class ReadApiKeysSlice
{
    public static void Map(IEndpointRouteBuilder keys)
    {
        keys.MapGet("", List).WithName("ListApiKeys").Access(Scopes.AccessManage).WithSummary("All keys, by id: oldest first.")
            .Produces<Page<ApiKeyView>>().ProducesProblem(422);
        keys.MapGet("/{keyId:guid}", One).WithName("GetApiKey").Access(Scopes.AccessManage).Versioned().WithSummary("One key, without its secret.")
            .Produces<ApiKeyView>().ProducesProblem(404);
    }

    private static async Task<IResult> One(Guid keyId, HttpContext http, IQuerySession session, KeyUse use, CancellationToken token)
    {
        if (await session.LoadAsync<ApiKey>(keyId, token) is not { } key)
            return Problems.From(AccessRefusals.NotFound(keyId));
        http.SetETag(key.Version);
        return TypedResults.Ok(ApiKeyView.Of(key, key.Version, (await use.Last([keyId], token)).Get(keyId)));
    }

    private static async Task<IResult> List(int? limit, string? after, IQuerySession session, KeyUse use, CancellationToken token)
    {
        if (Keyset.Limit(limit) is not { } size)
            return Problems.From(Keyset.BadLimit);
        var last = Guid.Empty;
        if (after is not null && !(Keyset.Decode(after, 1) is [var text] && Guid.TryParseExact(text, "N", out last)))
            return Problems.From(Keyset.BadCursor);
        var found = await session.Query<ApiKey>().Where(key => key.Id > last).OrderBy(key => key.Id).Take(size + 1).ToListAsync(token);
        var page = Keyset.Page(found, size, key => Keyset.Encode(key.Id.ToString("N")));
        var used = await use.Last([.. page.Items.Select(key => key.Id)], token);
        return TypedResults.Ok(new Page<ApiKeyView>([.. page.Items.Select(key => ApiKeyView.Of(key, key.Version, used.Get(key.Id)))], page.Next));
    }

    private static DateTimeOffset? Get(this Dictionary<Guid, DateTimeOffset> used, Guid key) => used.TryGetValue(key, out var at) ? at : null;
}

/// <summary>When keys were last used: noted in memory, written once a minute, because a request must not cost a commit for it.</summary>
public sealed partial class KeyUse(NpgsqlDataSource database, TimeProvider clock, ILogger<KeyUse> log) : BackgroundService
{
    private const string Name = $"{EventStore.Schema}.api_key_use";
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, DateTimeOffset> noted = new();

    public static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(EventStore.Schema, "api_key_use", SchemaUtils.IdentifierUsage.General));
        table.AddColumn<Guid>("key_id").AsPrimaryKey();
        table.AddColumn("last_used_at", "timestamptz").NotNull();
        return table;
    }

    public void Note(Guid key) => noted[key] = clock.GetUtcNow();

    public async Task<Dictionary<Guid, DateTimeOffset>> Last(Guid[] keys, CancellationToken token)
    {
        var used = new Dictionary<Guid, DateTimeOffset>();
        await using var command = database.CreateCommand($"select key_id, last_used_at from {Name} where key_id = any($1)");
        command.Parameters.Add(new() { Value = keys });
        await using (var reader = await command.ExecuteReaderAsync(token))
            while (await reader.ReadAsync(token))
                used[reader.GetGuid(0)] = await reader.GetFieldValueAsync<DateTimeOffset>(1, token);
        foreach (var key in keys)
            if (noted.TryGetValue(key, out var at))
                used[key] = at;
        return used;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Pace, clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken))
                await Write(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await Write(CancellationToken.None);
        }
    }

    private async Task Write(CancellationToken token)
    {
        var uses = noted.ToArray();
        if (uses.Length == 0)
            return;
        try
        {
            await using var command = database.CreateCommand(
                $"""
                insert into {Name} (key_id, last_used_at) select * from unnest($1, $2)
                on conflict (key_id) do update set last_used_at = greatest({Name}.last_used_at, excluded.last_used_at)
                """);
            command.Parameters.Add(new() { Value = uses.Select(it => it.Key).ToArray() });
            command.Parameters.Add(new() { Value = uses.Select(it => it.Value.ToUniversalTime()).ToArray() });
            await command.ExecuteNonQueryAsync(token);
            foreach (var use in uses)
                noted.TryRemove(use);
        }
        catch (NpgsqlException error)
        {
            NotWritten(log, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When keys were last used could not be written; it is tried again in a minute")]
    private static partial void NotWritten(ILogger log, Exception error);
}
