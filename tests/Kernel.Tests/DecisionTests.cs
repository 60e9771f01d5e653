namespace Oms.Kernel.Tests;

public sealed class DecisionTests
{
    private static readonly Refusal No = Refusal.Conflict("light-burnt-out", "The light has burnt out.");

    private interface ILightEvent;

    private sealed record SwitchedOn(int Watts) : ILightEvent;

    private sealed record SwitchedOff : ILightEvent;

    private sealed record Light(int Watts) : IFold<Light, ILightEvent>
    {
        public static Light After(Light? state, ILightEvent happened) => (state, happened) switch
        {
            (_, SwitchedOn it) => new(it.Watts),
            ({ } light, SwitchedOff) => light with { Watts = 0 },
            _ => throw new InvalidOperationException("A light that was never on cannot go off."),
        };
    }

    [Fact]
    public void facts_are_accepted_in_their_order()
    {
        Decision<ILightEvent> decision = [new SwitchedOn(40), new SwitchedOff()];

        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBe([new SwitchedOn(40), new SwitchedOff()]);
        decision.ShouldBe(decision.Events);
    }

    [Fact]
    public void nothing_is_an_answer_too()
    {
        Decision<ILightEvent> decision = [];

        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_refusal_has_no_facts()
    {
        Decision<ILightEvent> decision = No;

        decision.Refusal.ShouldBe(No);
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_state_is_the_fold_of_its_facts()
    {
        Fold.All<Light, ILightEvent>([]).ShouldBeNull();
        Fold.All<Light, ILightEvent>([new SwitchedOn(40), new SwitchedOff(), new SwitchedOn(60)]).ShouldBe(new Light(60));
        Fold.All<Light, ILightEvent>([new SwitchedOff()], new Light(40)).ShouldBe(new Light(0));
    }

    [Fact]
    public void an_impossible_sequence_is_a_bug() => Should.Throw<InvalidOperationException>(() => Fold.All<Light, ILightEvent>([new SwitchedOff()]));
}

public sealed class ComplaintsTests
{
    [Fact]
    public void none_are_no_refusal() => new Complaints().If(false, "lines", "is required").ToRefusal("order-invalid", "Wrong.").ShouldBeNull();

    [Fact]
    public void all_are_told_by_path()
    {
        var refusal = new Complaints()
            .If(true, "lines[1].quantity", "must be at least 1")
            .If(true, "channel", "is required")
            .If(false, "currency", "is required")
            .If(true, "lines[1].quantity", "must be whole")
            .ToRefusal("order-invalid", "Wrong.")!;

        refusal.Kind.ShouldBe(RefusalKind.Invalid);
        refusal.Code.ShouldBe("order-invalid");
        refusal.Errors.Keys.ShouldBe(["channel", "lines[1].quantity"]);
        refusal.Errors["lines[1].quantity"].ShouldBe(["must be at least 1", "must be whole"]);
    }

    [Fact]
    public void each_kind_of_refusal_says_who_must_do_something()
    {
        Refusal.NotFound("a", "b").Kind.ShouldBe(RefusalKind.NotFound);
        Refusal.Invalid("a", "b").Kind.ShouldBe(RefusalKind.Invalid);
        Refusal.Conflict("a", "b").Kind.ShouldBe(RefusalKind.Conflict);
    }
}
