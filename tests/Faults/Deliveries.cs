using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Oms.Faults;

/// <summary>Says everything that is published once more, under the same message id, while <c>messages</c> says <c>twice</c>.</summary>
internal sealed class EverythingTwice(FaultFolder faults, IServiceProvider provider) : IPublishObserver
{
    private const string Repeat = "fault-repeat";

    public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

    public async Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        if (context.Headers.TryGetHeader(Repeat, out _) || faults.Told("messages") != "twice")
            return;
        await provider.GetRequiredService<IBus>().Publish(context.Message, again =>
        {
            again.MessageId = context.MessageId;
            again.Headers.Set(Repeat, "1");
        });
        faults.Struck("repeat");
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}

/// <summary>
/// Keeps each message back for a random time of its own while <c>messages</c> says <c>late</c>, the longest time in milliseconds and a seed: what came first is
/// consumed last.
/// </summary>
internal sealed class LateDeliveries(FaultFolder faults) : IReceiveObserver
{
    private readonly Lock gate = new();
    private Random? random;

    public async Task PreReceive(ReceiveContext context)
    {
        if (faults.Told("messages")?.Split(' ') is not ["late", var longest, var seed])
            return;
        faults.Struck("delay");
        await Task.Delay(TimeSpan.FromMilliseconds(Next(int.Parse(longest), int.Parse(seed))), TimeProvider.System);
    }

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    private int Next(int longest, int seed)
    {
        lock (gate)
            return (random ??= new(seed)).Next(longest);
    }
}

/// <summary>A defect that strikes one message only: <c>poison</c> holds its type and a text in it.</summary>
internal sealed class PoisonMessages(FaultFolder faults) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context) where T : class =>
        faults.Told("poison")?.Split(' ') is [var type, var text] && typeof(T).Name == type
        && JsonSerializer.Serialize(context.Message).Contains(text, StringComparison.Ordinal)
            ? throw new InvalidOperationException($"Nobody can read this {type}.")
            : Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
