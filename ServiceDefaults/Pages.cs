using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Oms.ServiceDefaults;

public static class Pages
{
    /// <summary>The pace of pages that a caller waits for.</summary>
    public static readonly TimeSpan ForCallers = TimeSpan.FromMilliseconds(3);

    /// <summary>The pace of pages between services: one more step on an order's way.</summary>
    public static readonly TimeSpan BetweenServices = TimeSpan.FromMilliseconds(15);

    /// <summary>The pace of pages that only follow what has happened elsewhere.</summary>
    public static readonly TimeSpan OfNews = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddPages<TItem>(
        this IServiceCollection services, int itemsMax, TimeSpan pace, Func<IServiceProvider, Func<IReadOnlyList<TItem>, CancellationToken, Task>> decide)
        where TItem : notnull
    {
        services.AddSingleton(provider => new Pages<TItem>(itemsMax, pace, decide(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<Pages<TItem>>());
        return services;
    }

    /// <summary>Decides the items together; if that fails, each alone.</summary>
    /// <returns>The items that fail even alone, and why.</returns>
    public static async Task<IReadOnlyList<(TItem Item, Exception Error)>> Decide<TItem>(
        IReadOnlyList<TItem> items, Func<IReadOnlyList<TItem>, CancellationToken, Task> decide, CancellationToken token)
    {
        try
        {
            await AgainAfterLostRace(() => decide(items, token), token);
            return [];
        }
        catch (Exception error) when (items.Count == 1 && !token.IsCancellationRequested)
        {
            return [(items[0], error)];
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            List<(TItem, Exception)> failed = [];
            foreach (var item in items)
                failed.AddRange(await Decide([item], decide, token));
            return failed;
        }
    }

    // Another process wrote the same stream first. That it did is progress, so a short wait and fresh state are enough.
    private static async Task AgainAfterLostRace(Func<Task> decide, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await decide();
                return;
            }
            catch (Exception error) when (attempt < 8 && LostRace.Is(error))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * attempt)), TimeProvider.System, token);
            }
        }
    }
}

/// <summary>
/// Gathers single items into pages: whatever has arrived while the last page was being decided is the next page. One page at a time, and no sooner after the
/// last one began than its pace: after a rest an item is decided at once, under load more items share a commit.
/// </summary>
public sealed class Pages<TItem>(int itemsMax, TimeSpan pace, Func<IReadOnlyList<TItem>, CancellationToken, Task> decide) : BackgroundService, IHostedLifecycleService
    where TItem : notnull
{
    private sealed record Waiting(TItem Item, TaskCompletionSource Done);

    // Bounded by the consumer's concurrency: every writer waits for its item.
    private readonly Channel<Waiting> arriving = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });

    /// <summary>Completes when the item's page is committed; fails when the item fails even alone.</summary>
    public Task Add(TItem item, CancellationToken token)
    {
        var waiting = new Waiting(item, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return arriving.Writer.TryWrite(waiting)
            ? waiting.Done.Task.WaitAsync(token)
            : Task.FromException(new OperationCanceledException("The service is stopping; the broker will deliver this again."));
    }

    /// <summary>Not yet: routes and consumers that are being stopped still wait for their items.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var began = 0L; await arriving.Reader.WaitToReadAsync(stoppingToken);)
            {
                if (pace - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                    await Task.Delay(early, TimeProvider.System, stoppingToken);
                began = Stopwatch.GetTimestamp();
                List<Waiting> page = [];
                while (page.Count < itemsMax && arriving.Reader.TryRead(out var waiting))
                    page.Add(waiting);
                await DecidePage(page, stoppingToken);
            }
        }
        finally
        {
            arriving.Writer.TryComplete();
            while (arriving.Reader.TryRead(out var waiting))
                waiting.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task DecidePage(IReadOnlyList<Waiting> page, CancellationToken stopping)
    {
        try
        {
            var failed = await Pages.Decide(page, (part, token) => decide([.. part.Select(it => it.Item)], token), stopping);
            foreach (var (waiting, error) in failed)
                waiting.Done.TrySetException(error);
            foreach (var waiting in page)
                waiting.Done.TrySetResult();
        }
        catch (Exception error)
        {
            foreach (var waiting in page)
                waiting.Done.TrySetException(error);
            if (stopping.IsCancellationRequested)
                throw;
        }
    }
}
