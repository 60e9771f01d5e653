using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Oms.Testing;

/// <summary>Brings messages to a service under test as the broker would, and hears what its relay publishes. No waiting by the clock.</summary>
public sealed class Messages : IConsumeObserver, IPublishObserver
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly List<object> published = [];
    private readonly List<(Func<object, bool> Matches, TaskCompletionSource<object> Heard)> waiting = [];
    private readonly Dictionary<Guid, TaskCompletionSource> delivering = [];
    private readonly IBusControl bus;

    private Messages(IBusControl bus) => this.bus = bus;

    /// <summary>Once the service's queues are declared: what is published earlier reaches nobody.</summary>
    public static async Task<Messages> Of(IServiceProvider services)
    {
        var messages = new Messages(services.GetRequiredService<IBusControl>());
        await messages.bus.WaitForHealthStatus(BusHealthStatus.Healthy, Limit);
        messages.bus.ConnectConsumeObserver(messages);
        messages.bus.ConnectPublishObserver(messages);
        return messages;
    }

    /// <summary>Completes when the message has been consumed, so that its effects can be asserted.</summary>
    public async Task Deliver<T>(T message) where T : class
    {
        var (id, done) = (Guid.CreateVersion7(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
            delivering[id] = done;
        await bus.Publish(message, context => context.MessageId = id);
        await done.Task.WaitAsync(Limit);
    }

    /// <summary>Everything of this type that the service has published so far.</summary>
    public IReadOnlyList<T> Published<T>()
    {
        lock (gate)
            return [.. published.OfType<T>()];
    }

    /// <summary>The first published message of this type that matches: from the past, or as soon as it comes.</summary>
    public async Task<T> Hear<T>(Func<T, bool> matches) where T : class
    {
        TaskCompletionSource<object> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (published.OfType<T>().FirstOrDefault(matches) is { } known)
                return known;
            waiting.Add((message => message is T wanted && matches(wanted), heard));
        }
        return (T)await heard.Task.WaitAsync(Limit);
    }

    Task IConsumeObserver.PreConsume<T>(ConsumeContext<T> context) => Task.CompletedTask;

    Task IConsumeObserver.PostConsume<T>(ConsumeContext<T> context)
    {
        lock (gate)
            if (context.MessageId is { } id && delivering.Remove(id, out var done))
                done.TrySetResult();
        return Task.CompletedTask;
    }

    Task IConsumeObserver.ConsumeFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;

    Task IPublishObserver.PrePublish<T>(PublishContext<T> context) => Task.CompletedTask;

    Task IPublishObserver.PostPublish<T>(PublishContext<T> context)
    {
        lock (gate)
        {
            published.Add(context.Message);
            foreach (var (_, heard) in waiting.Where(it => it.Matches(context.Message)))
                heard.TrySetResult(context.Message);
        }
        return Task.CompletedTask;
    }

    Task IPublishObserver.PublishFault<T>(PublishContext<T> context, Exception exception) => Task.CompletedTask;
}
