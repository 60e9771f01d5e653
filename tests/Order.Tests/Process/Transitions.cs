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
    private readonly List<(string State, string On)> heard = [];
    private string state = "";
    private string on = "";

    public static IReadOnlyList<Transition> Of(FulfillmentProcess machine) => [.. Walk(machine).found.Distinct()];

    /// <summary>Every event that something is done about, whether or not the state changes; the ignored ones are not among them.</summary>
    public static IReadOnlySet<(string State, string On)> Heard(FulfillmentProcess machine) => Walk(machine).heard.ToHashSet();

    private static Transitions Walk(FulfillmentProcess machine)
    {
        var visitor = new Transitions();
        machine.Accept(visitor);
        return visitor;
    }

    public void Visit(State state, Action<State> next)
    {
        this.state = state.Name;
        next(state);
    }

    public void Visit(Event @event, Action<Event> next)
    {
        Hear(@event);
        next(@event);
    }

    public void Visit<TMessage>(Event<TMessage> @event, Action<Event<TMessage>> next) where TMessage : class
    {
        Hear(@event);
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

    private void Hear(Event @event)
    {
        on = @event.Name;
        heard.Add((state, on));
    }
}
