using System.Collections.Concurrent;
using System.Reflection;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Oms.Contracts.Orders.V1;
using Oms.Orders.Fulfillment;
using Oms.ServiceDefaults;
using Oms.Testing;

namespace Oms.Orders.Tests;

/// <summary>
/// What the service says to itself comes twice for chosen orders: the second time at once, beside the first, so that the two race. Remembers all of it, so that it can
/// be said once more when everything is over.
/// </summary>
internal sealed class Echoes : IPublishObserver
{
    private static readonly MethodInfo DeliverOne = typeof(Messages).GetMethod(nameof(Messages.Deliver))!;

    private static readonly HashSet<Type> Consumed =
    [
        typeof(AuthorizePayment), typeof(CapturePayment), typeof(VoidPayment), typeof(RefundPayment), typeof(RefundReturn),
        .. new FulfillmentProcess().Events.Where(it => it.GetType() is { IsGenericType: true } type && !type.GenericTypeArguments[0].IsAssignableTo(typeof(State)))
            .Select(it => it.GetType().GenericTypeArguments[0]),
    ];

    private readonly Messages messages;
    private readonly ConcurrentDictionary<Guid, bool> orders = [];
    private readonly ConcurrentDictionary<object, Guid> said = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<(Guid Order, Task Echo)> underway = [];

    public Echoes(IServiceProvider services, Messages messages)
    {
        this.messages = messages;
        services.GetRequiredService<IBusControl>().ConnectPublishObserver(this);
    }

    public static Guid OrderOf(object message) => message is DeadlinePassed deadline
        ? deadline.ProcessId
        : (Guid)(message.GetType().GetProperty("OrderId")?.GetValue(message) ?? Guid.Empty);

    public void For(Guid order) => orders[order] = true;

    public Task Deliver(object message)
    {
        said.TryAdd(message, OrderOf(message));
        return (Task)DeliverOne.MakeGenericMethod(message.GetType()).Invoke(messages, [message])!;
    }

    /// <summary>Until nothing is on its way for the order any more.</summary>
    public async Task Fade(Guid order)
    {
        while (underway.FirstOrDefault(it => it.Order == order && !it.Echo.IsCompletedSuccessfully).Echo is { } echo)
            await echo;
    }

    /// <summary>Everything that was ever said about the order, once more and all at once.</summary>
    public async Task SayAllAgain(Guid order)
    {
        await Task.WhenAll(said.Where(it => it.Value == order).Select(it => Deliver(it.Key)).ToList());
        await Fade(order);
    }

    Task IPublishObserver.PostPublish<T>(PublishContext<T> context)
    {
        var order = OrderOf(context.Message);
        if (Consumed.Contains(context.Message.GetType()) && orders.ContainsKey(order) && said.TryAdd(context.Message, order))
            underway.Enqueue((order, Deliver(context.Message)));
        return Task.CompletedTask;
    }

    Task IPublishObserver.PrePublish<T>(PublishContext<T> context) => Task.CompletedTask;

    Task IPublishObserver.PublishFault<T>(PublishContext<T> context, Exception exception) => Task.CompletedTask;
}
