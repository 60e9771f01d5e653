using System.Collections.Concurrent;
using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Marten.Services;
using MassTransit;

namespace Oms.Faults;

/// <summary>Dies right before or right after a commit that appends something, or that begins new streams.</summary>
internal sealed class CrashingCommits(FaultFolder faults) : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        if (session.PendingChanges.Streams() is { Count: > 0 } streams)
        {
            faults.CrashAt("before-commit", streams.Count);
            faults.CrashAt("before-commit-of-new", Started(streams));
        }
        return Task.CompletedTask;
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (commit.GetStreams().ToArray() is { Length: > 0 } streams)
        {
            faults.CrashAt("after-commit", streams.Length);
            faults.CrashAt("after-commit-of-new", Started(streams));
        }
        return Task.CompletedTask;
    }

    private static int Started(IEnumerable<StreamAction> streams) => streams.Count(stream => stream.ActionType == StreamActionType.Start);
}

/// <summary>How many messages have been published so far under each trace: an order's trace is its own.</summary>
internal sealed class Publications
{
    private readonly ConcurrentDictionary<ActivityTraceId, int> counts = new();

    public static ActivityTraceId Trace => Activity.Current?.TraceId ?? default;

    public int Count(ActivityTraceId trace) => counts.GetValueOrDefault(trace);

    public void Add() => counts.AddOrUpdate(Trace, 1, (_, before) => before + 1);
}

/// <summary>Dies when the broker has confirmed a message whose pointer is still there.</summary>
internal sealed class CrashingPublications(FaultFolder faults, Publications publications) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        publications.Add();
        faults.CrashAt("after-publish");
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}

/// <summary>Dies when a message has been consumed, what follows from it is published, and it is not acknowledged yet.</summary>
internal sealed class CrashingConsumers(FaultFolder faults, Publications publications) : IConsumeObserver
{
    private const string Point = "before-acknowledge";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task PreConsume<T>(ConsumeContext<T> context) where T : class
    {
        if (faults.IsArmed(Point))
            context.GetOrAddPayload(() => new PublishedBefore(publications.Count(Publications.Trace)));
        return Task.CompletedTask;
    }

    public async Task PostConsume<T>(ConsumeContext<T> context) where T : class
    {
        if (!faults.IsArmed(Point) || !context.TryGetPayload<PublishedBefore>(out var before))
            return;
        // Not everything that is consumed leads to a message; then there is nothing to wait for.
        var (trace, since) = (Publications.Trace, Stopwatch.GetTimestamp());
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (publications.Count(trace) == before.Count && Stopwatch.GetElapsedTime(since) < Patience)
            await ticks.WaitForNextTickAsync();
        faults.CrashAt(Point);
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;

    private sealed record PublishedBefore(int Count);
}
