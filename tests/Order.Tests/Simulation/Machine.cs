using System.Reflection;
using MassTransit;
using Oms.Kernel;
using Oms.Orders.Domain;
using Oms.Orders.Fulfillment;
using Oms.ServiceDefaults;

namespace Oms.Orders.Tests.Simulation;

/// <summary>The real state machine, without a bus and without a database: one message at a time, in microseconds.</summary>
public static class Machine
{
    private static readonly StateMachine<FulfillmentState> Process = new FulfillmentProcess();
    private static readonly MethodInfo RaiseOne = typeof(Machine).GetMethod(nameof(Raise), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly Dictionary<Type, Action<FulfillmentState, Story<Order, IOrderEvent>, object>> Heard = Process.Events
        .Where(it => it.GetType() is { IsGenericType: true } type && !type.GenericTypeArguments[0].IsAssignableTo(typeof(State)))
        .ToDictionary(it => it.GetType().GenericTypeArguments[0], it => RaiseOne.MakeGenericMethod(it.GetType().GenericTypeArguments[0])
            .CreateDelegate<Action<Event, FulfillmentState, Story<Order, IOrderEvent>, object>>() is var raise
                ? new Action<FulfillmentState, Story<Order, IOrderEvent>, object>((saga, story, message) => raise(it, saga, story, message))
                : throw new InvalidOperationException());

    public static bool Hears(object message) => Heard.ContainsKey(message.GetType());

    /// <returns>The facts that the message adds to the order's story.</returns>
    /// <exception cref="UnhandledEventException">The pair of state and event is neither handled nor ignored: a message in the _error queue.</exception>
    public static Story<Order, IOrderEvent> Consume(FulfillmentState saga, Order order, DateTimeOffset now, object message)
    {
        var story = new Story<Order, IOrderEvent>(order, now);
        Heard[message.GetType()](saga, story, message);
        return story;
    }

    private static void Raise<T>(Event on, FulfillmentState saga, Story<Order, IOrderEvent> story, object message) where T : class
    {
        var context = DispatchProxy.Create<BehaviorContext<FulfillmentState, T>, Context>();
        ((Context)(object)context).Of(saga, story, on, message);
        var raised = Process.RaiseEvent(context);
        raised.IsCompleted.ShouldBeTrue();                 // nothing in the machine waits
        raised.GetAwaiter().GetResult();
    }

    /// <summary>As much of a consume context as activities ask for.</summary>
    public class Context : DispatchProxy
    {
        private FulfillmentState saga = null!;
        private Story<Order, IOrderEvent> story = null!;
        private Event on = null!;
        private object message = null!;

        internal void Of(FulfillmentState saga, Story<Order, IOrderEvent> story, Event on, object message) =>
            (this.saga, this.story, this.on, this.message) = (saga, story, on, message);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_Saga" or "get_Instance" => saga,
            "get_Message" or "get_Data" => message,
            "get_Event" => on,
            "get_StateMachine" => Process,
            "get_CancellationToken" => CancellationToken.None,
            "CreateProxy" when args is [Event other] => Other(other),
            "TryGetPayload" when targetMethod.GetGenericArguments()[0] == typeof(Story<Order, IOrderEvent>) => (args![0] = story) is not null,
            "get_ReceiveContext" => Create<ReceiveContext, Nothing>(),      // both are looked at when something throws
            "get_SerializerContext" => null,
            "CreateProxy" => OtherOf(targetMethod.GetGenericArguments()[0], (Event)args![0]!, args[1]!),
            _ => throw new NotSupportedException(targetMethod.ToString()),
        };

        private BehaviorContext<FulfillmentState> Other(Event other)
        {
            var context = Create<BehaviorContext<FulfillmentState>, Context>();
            ((Context)(object)context).Of(saga, story, other, message);
            return context;
        }

        private object OtherOf(Type type, Event other, object data)
        {
            var context = Create(typeof(BehaviorContext<,>).MakeGenericType(typeof(FulfillmentState), type), typeof(Context));
            ((Context)context).Of(saga, story, other, data);
            return context;
        }
    }

    public class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
