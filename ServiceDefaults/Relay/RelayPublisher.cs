using System.Diagnostics;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Oms.ServiceDefaults;

/// <summary>Publishes what has just been committed.</summary>
internal sealed class RelayPublisher(
    IBus bus, RelayPointers pointers, IOptions<RelayOptions> options, ILogger<RelayPublisher> log) : BackgroundService
{
    private readonly Channel<RelayedCommit> committed =
        Channel.CreateBounded<RelayedCommit>(new BoundedChannelOptions(options.Value.CommitsInMemoryMax) { SingleReader = true });
    private readonly List<Guid> published = [];
    private long forgotAt = Stopwatch.GetTimestamp();
    private volatile bool paused;

    /// <summary>Set when the broker does not confirm: from then on the sweeper publishes, in order, until nothing is left.</summary>
    public bool Paused => paused;

    /// <summary>Never waits. What finds no room stays for the sweeper.</summary>
    public void HandOver(RelayedCommit commit)
    {
        if (paused || !committed.Writer.TryWrite(commit))
            RelayMetrics.LeftToSweeper.Add(1);
    }

    public void Resume()
    {
        if (!paused)
            return;
        paused = false;
        RelayLog.Resumed(log);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await SomethingToDo(stoppingToken))
                    await PublishWhatIsThere(stoppingToken);
                await ForgetWhatWasPublished(atOnce: false, stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // What could not be published any more stays for the sweeper, here or elsewhere.
            await ForgetWhatWasPublished(atOnce: true, CancellationToken.None);
        }
    }

    private async Task<bool> SomethingToDo(CancellationToken stopping)
    {
        if (published.Count == 0)
            return await committed.Reader.WaitToReadAsync(stopping);

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        soon.CancelAfter(options.Value.ForgetInterval);
        try
        {
            return await committed.Reader.WaitToReadAsync(soon.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task PublishWhatIsThere(CancellationToken stopping)
    {
        List<RelayedCommit> commits = [];
        for (var messages = 0; messages < options.Value.MessagesPerBatchMax && committed.Reader.TryRead(out var commit);)
        {
            commits.Add(commit);
            messages += commit.Messages.Count;
        }

        try
        {
            var heard = await bus.PublishConfirmed(commits, options.Value, log, stopping);
            published.AddRange(heard.Select(commit => commit.Id));
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            paused = true;
            while (committed.Reader.TryRead(out _))
                RelayMetrics.LeftToSweeper.Add(1);
            RelayLog.Paused(log, error);
        }
    }

    private async Task ForgetWhatWasPublished(bool atOnce, CancellationToken token)
    {
        if (published.Count == 0)
            return;
        if (!atOnce && published.Count < 1_000 && Stopwatch.GetElapsedTime(forgotAt) < options.Value.ForgetInterval)
            return;
        forgotAt = Stopwatch.GetTimestamp();
        try
        {
            await pointers.Forget(published, token);
            published.Clear();
        }
        catch (NpgsqlException error)
        {
            // Without its database a service commits nothing either. What stays is published once more: harmless.
            RelayLog.NotForgotten(log, error);
            if (published.Count > 10_000)
                published.Clear();
            if (!atOnce)
                await Task.Delay(options.Value.ForgetInterval, TimeProvider.System, token);
        }
    }
}
