using System.Runtime.CompilerServices;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Microsoft.Extensions.Logging;

namespace Oms.ServiceDefaults;

/// <summary>One fact in the words of the contract; its message id is the event's, so a repeat is recognizable.</summary>
internal sealed record Outgoing(IEvent Happened, object Contract);

/// <summary>The facts of one commit that leave the service.</summary>
internal sealed record RelayedCommit(Guid Id, IReadOnlyList<Outgoing> Messages);

/// <summary>Writes the pointer before the commit and hands the contracts over after it.</summary>
internal sealed class RelayListener(
    PublishedLanguage language, RelayPointers pointers, RelayPublisher publisher, ILogger<RelayListener> log)
    : DocumentSessionListenerBase
{
    // Between the two calls the commit belongs to its session, and dies with it.
    private readonly ConditionalWeakTable<IDocumentSession, RelayedCommit> pending = [];

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        List<Guid>? eventIds = null;
        List<Outgoing>? messages = null;
        var complete = true;

        foreach (var stream in session.PendingChanges.Streams())
        foreach (var happened in stream.Events)
        {
            object? contract;
            try
            {
                contract = language(happened);
            }
            catch (Exception error)
            {
                // The fact is true whether or not we can say it: it is committed, and the sweeper goes on trying.
                RelayLog.NotTranslated(log, error, happened.Id, happened.EventTypeName);
                complete = false;
                (eventIds ??= []).Add(happened.Id);
                continue;
            }
            if (contract is null)
                continue;
            (eventIds ??= []).Add(happened.Id);
            (messages ??= []).Add(new(happened, contract));
        }

        pending.Remove(session);
        if (eventIds is null)
            return Task.CompletedTask;

        var commit = new RelayedCommit(Guid.CreateVersion7(), messages ?? []);
        pointers.Remember(session, commit.Id, [.. eventIds]);
        if (complete)
            pending.Add(session, commit);
        return Task.CompletedTask;
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet changes, CancellationToken token)
    {
        if (pending.TryGetValue(session, out var commit))
        {
            pending.Remove(session);
            publisher.HandOver(commit);
        }
        return Task.CompletedTask;
    }
}
