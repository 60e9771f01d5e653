using Oms.Kernel;
using Shouldly;

namespace Oms.Testing;

/// <summary>Given these facts, when this is asked, then that happens: a rule without a host.</summary>
public sealed class Scenario<TState, TEvent> where TState : class, IFold<TState, TEvent> where TEvent : class
{
    private readonly TState? state;

    private Scenario(TState? state) => this.state = state;

    public static Scenario<TState, TEvent> Given(params TEvent[] facts) => new(Fold.All<TState, TEvent>(facts));

    public Outcome When(Func<TState?, Decision<TEvent>> decide) => new(state, decide(state));

    public sealed class Outcome(TState? before, Decision<TEvent> decision)
    {
        /// <summary>Exactly these facts, in this order.</summary>
        public TState? Then(params TEvent[] facts)
        {
            decision.Refusal.ShouldBeNull();
            decision.Events.ShouldBe(facts);
            return After();
        }

        /// <summary>Facts of these types, in this order, for when only some of their content matters.</summary>
        public TState? Then(params Action<TEvent>[] checks)
        {
            decision.Refusal.ShouldBeNull();
            decision.Events.Length.ShouldBe(checks.Length);
            for (var index = 0; index < checks.Length; index++)
                checks[index](decision.Events[index]);
            return After();
        }

        public void NothingHappened()
        {
            decision.Refusal.ShouldBeNull();
            decision.Events.ShouldBeEmpty();
        }

        public void Refused(string code)
        {
            decision.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
            decision.Events.ShouldBeEmpty();
        }

        public TState? After() => Fold.All(decision.Events, before);
    }
}
