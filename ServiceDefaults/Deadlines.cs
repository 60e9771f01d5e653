using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Oms.ServiceDefaults;

/// <summary>Tells a saga that its time is up. The saga acts on it only if it still waits and is still due.</summary>
public sealed record DeadlinePassed(Guid ProcessId, DateTimeOffset DueAt);

public static class DeadlineExtensions
{
    public static IServiceCollection AddDeadlines<TSaga>(this IServiceCollection services) where TSaga : class, IMartenSaga =>
        services.AddHostedService<DeadlineSweeper<TSaga>>();

    /// <summary>The saga has moved its deadline since: then this reminder is old news.</summary>
    public static bool IsDue<TSaga>(this BehaviorContext<TSaga, DeadlinePassed> context) where TSaga : class, IMartenSaga =>
        context.Saga.DueAt is { } due && due <= context.Message.DueAt;
}

/// <summary>
/// The deadline is a column of the saga's own row: set, moved and canceled with the saga's state, in its transaction, at
/// no cost. The sweeper lends it out for half a minute at a time and reminds until the saga has moved on.
/// </summary>
internal sealed class DeadlineSweeper<TSaga>(IDocumentStore store, IBus bus, TimeProvider clock, ILogger<DeadlineSweeper<TSaga>> log)
    : BackgroundService
    where TSaga : class, IMartenSaga
{
    private const int PageSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly string table = store.Options.FindOrResolveDocumentType(typeof(TSaga)).TableName.QualifiedName;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var swept = 0;
            try
            {
                swept = await SweepOnce(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                DeadlineLog.SweepFailed(log, error);
            }
            if (swept < PageSize)
                await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> SweepOnce(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(stopping);

        // Only the column moves, not the document nor its version: the saga itself is not disturbed.
        await using var lend = new NpgsqlCommand(
            $"""
             update {table} set due_at = $2 where id in
                 (select id from {table} where due_at <= $1 order by due_at limit {PageSize} for update skip locked)
             returning id
             """, connection)
        {
            Parameters = { new() { Value = now }, new() { Value = now + Lease } },
        };
        List<Guid> due = [];
        await using (var reader = await lend.ExecuteReaderAsync(stopping))
            while (await reader.ReadAsync(stopping))
                due.Add(reader.GetGuid(0));

        await Task.WhenAll(due.Select(id => bus.Publish(new DeadlinePassed(id, now), stopping)));
        return due.Count;
    }
}

internal static partial class DeadlineLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep for deadlines failed and will be repeated")]
    public static partial void SweepFailed(ILogger log, Exception error);
}
