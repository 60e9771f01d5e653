using JasperFx.Events;
using Marten;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Oms.ServiceDefaults;

/// <summary>Publishes what the publisher did not: after a crash, an outage or a full channel.</summary>
internal sealed class RelaySweeper(
    IDocumentStore store, IBus bus, PublishedLanguage language, RelayPointers pointers, RelayPublisher publisher,
    IOptions<RelayOptions> options, TimeProvider clock, ILogger<RelaySweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await SweepOnce(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                RelayLog.SweepFailed(log, error);
            }
            if (!more)
                await Task.Delay(options.Value.SweepInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there may be more to sweep at once.</returns>
    private async Task<bool> SweepOnce(CancellationToken stopping)
    {
        var paused = publisher.Paused;
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(stopping);
        await using var transaction = await connection.BeginTransactionAsync(stopping);

        var page = await pointers.Take(connection, paused ? TimeSpan.Zero : options.Value.SweepAge, stopping);
        if (page is null)
            return false;       // another process sweeps; two would lose the order

        if (page.Count > 0)
        {
            var (commits, poisoned) = await Translate(page, stopping);
            List<RelayedCommit> heard = [];
            foreach (var batch in Batches(commits))
                heard.AddRange(await bus.PublishConfirmed(batch, options.Value, log, stopping));
            await pointers.Settle(connection, Ids(heard), Ids(commits.Except(heard)), poisoned, stopping);
            RelayMetrics.Swept.Add(heard.Count);
        }
        await transaction.CommitAsync(stopping);

        var more = page.Count == options.Value.PointersPerSweepMax;
        if (paused && !more)
            publisher.Resume();
        return more;
    }

    /// <summary>One commit may say a hundred things; a batch is what the broker confirms in time.</summary>
    private IEnumerable<IReadOnlyList<RelayedCommit>> Batches(IReadOnlyList<RelayedCommit> commits)
    {
        List<RelayedCommit> batch = [];
        foreach (var commit in commits)
        {
            batch.Add(commit);
            if (batch.Sum(it => it.Messages.Count) < options.Value.MessagesPerBatchMax)
                continue;
            yield return batch;
            batch = [];
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private static Guid[] Ids(IEnumerable<RelayedCommit> commits) => [.. commits.Select(commit => commit.Id)];

    private async Task<(List<RelayedCommit> Commits, List<(Guid Id, string Error)> Poisoned)> Translate(
        IReadOnlyList<RelayPointer> page, CancellationToken stopping)
    {
        var ids = page.SelectMany(pointer => pointer.EventIds).ToArray();
        await using var session = store.QuerySession();
        var events = (await session.Events.QueryAllRawEvents().Where(e => ids.Contains(e.Id)).ToListAsync(stopping))
            .ToDictionary(e => e.Id);

        List<RelayedCommit> commits = [];
        List<(Guid, string)> poisoned = [];
        foreach (var pointer in page)
        {
            try
            {
                // An event that is gone (archived, or its stream erased) has nothing left to say.
                var messages = pointer.EventIds
                    .Select(id => events.GetValueOrDefault(id))
                    .OfType<IEvent>()
                    .Select(e => (Event: e, Contract: language(e)))
                    .Where(it => it.Contract is not null)
                    .Select(it => new Outgoing(it.Event, it.Contract!));
                commits.Add(new(pointer.Id, [.. messages]));
            }
            catch (Exception error)
            {
                RelayLog.Poisoned(log, error, pointer.Id, pointer.Attempts + 1);
                poisoned.Add((pointer.Id, error.ToString()));
            }
        }
        return (commits, poisoned);
    }
}
