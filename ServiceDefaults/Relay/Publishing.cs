using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.Extensions.Logging;
using Oms.Contracts;

namespace Oms.ServiceDefaults;

internal static class Publishing
{
    private static readonly ActivitySource Source = new("Oms.Relay");
    private static readonly ConcurrentDictionary<Type, bool> Commands = new();

    /// <summary>Publishes all of them, in order on the wire, and waits for the broker's confirms.</summary>
    /// <returns>The commits that somebody will hear of; the others are for later.</returns>
    public static async Task<IReadOnlyList<RelayedCommit>> PublishConfirmed(
        this IBus bus, IReadOnlyList<RelayedCommit> commits, RelayOptions options, ILogger log, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.ConfirmTimeout);

        var confirms = commits.Select(commit => bus.PublishConfirmed(commit, log, limit.Token)).ToArray();
        // A publish that waits for a blocked connection does not always look at its token.
        var heard = await Task.WhenAll(confirms).WaitAsync(limit.Token);
        return [.. commits.Where((_, index) => heard[index])];
    }

    private static async Task<bool> PublishConfirmed(
        this IBus bus, RelayedCommit commit, ILogger log, CancellationToken token)
    {
        try
        {
            await Task.WhenAll(commit.Messages.Select(message => bus.PublishConfirmed(message, token)));
            return true;
        }
        catch (MessageReturnedException error)
        {
            RelayLog.NobodyListens(log, error, commit.Id);
            return false;
        }
    }

    private static async Task PublishConfirmed(this IBus bus, Outgoing message, CancellationToken token)
    {
        // The consumers' spans hang below the step that caused the fact, however much later this is.
        using var activity = Source.StartActivity("relay", ActivityKind.Producer, message.Happened.CorrelationId);
        await bus.Publish(message.Contract, message.Contract.GetType(), Pipe.Execute<PublishContext>(context =>
        {
            context.MessageId = message.Happened.Id;
            context.Headers.Set("stream", message.Happened.StreamKey ?? message.Happened.StreamId.ToString());
            context.Headers.Set("stream-version", message.Happened.Version);
            // Otherwise the broker confirms, and drops, what has no queue yet.
            if (IsCommand(message.Contract.GetType()) && context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                rabbit.Mandatory = true;
        }), token);
    }

    private static bool IsCommand(Type contract) => Commands.GetOrAdd(contract, type => type.IsDefined(typeof(CommandAttribute), inherit: false));
}

internal static class RelayMetrics
{
    private static readonly Meter Meter = new("Oms.Relay");

    public static readonly Counter<long> LeftToSweeper = Meter.CreateCounter<long>("oms.relay.left_to_sweeper");
    public static readonly Counter<long> Swept = Meter.CreateCounter<long>("oms.relay.swept");
}

internal static partial class RelayLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} ({EventType}) could not be translated; it is committed and will be tried again")]
    public static partial void NotTranslated(ILogger log, Exception error, Guid eventId, string eventType);

    [LoggerMessage(Level = LogLevel.Error, Message = "Commit {CommitId} could not be translated, attempt {Attempt}")]
    public static partial void Poisoned(ILogger log, Exception error, Guid commitId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody listens to commit {CommitId} yet; it will be published again")]
    public static partial void NobodyListens(ILogger log, Exception error, Guid commitId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not confirm; commits go on and the sweeper will publish them")]
    public static partial void Paused(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The backlog is published; commits are published directly again")]
    public static partial void Resumed(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Published pointers could not be deleted; they will be published once more")]
    public static partial void NotForgotten(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep failed and will be repeated")]
    public static partial void SweepFailed(ILogger log, Exception error);
}
