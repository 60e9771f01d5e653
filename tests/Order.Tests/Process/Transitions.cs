using MassTransit;
using MassTransit.SagaStateMachine;
using Oms.Orders.Fulfillment;

namespace Oms.Orders.Tests.Process;

/// <summary>A step of the machine: in this state, on this event, possibly to that state.</summary>
public sealed record Transition(string From, string On, string To);

/// <summary>
/// Walks through every branch of the machine, those inside of IfElse too. MassTransit's own graph has one vertex for each event, shared by all states, and
/// so draws paths that do not exist.
/// </summary>
public sealed class Transitions : StateMachineVisitor
{
    private readonly List<Transition> found = [];
    private string state = "";
    private string on = "";

    public static IReadOnlyList<Transition> Of(StateMachine<FulfillmentState> machine)
    {
        var visitor = new Transitions();
        ((IVisitable)machine).Accept(visitor);
        return [.. visitor.found.Distinct()];
    }

    public void Visit(State state, Action<State> next)
    {
        this.state = state.Name;
        next(state);
    }

    public void Visit(Event @event, Action<Event> next)
    {
        on = @event.Name;
        next(@event);
    }

    public void Visit<TMessage>(Event<TMessage> @event, Action<Event<TMessage>> next) where TMessage : class
    {
        on = @event.Name;
        next(@event);
    }

    public void Visit(IStateMachineActivity activity) => Visit(activity, _ => { });

    public void Visit(IStateMachineActivity activity, Action<IStateMachineActivity> next)
    {
        if (activity is TransitionActivity<FulfillmentState> transition)
            found.Add(new(state, on, transition.ToState.Name));
        next(activity);
    }

    public void Visit<T>(IBehavior<T> behavior) where T : class, SagaStateMachineInstance
    {
    }

    public void Visit<T>(IBehavior<T> behavior, Action<IBehavior<T>> next) where T : class, SagaStateMachineInstance => next(behavior);

    public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior) where T : class, SagaStateMachineInstance where TMessage : class
    {
    }

    public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior, Action<IBehavior<T, TMessage>> next)
        where T : class, SagaStateMachineInstance where TMessage : class => next(behavior);
}
