using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Oms.Kernel;

/// <summary>
/// What a decider answers: the facts that follow (<c>[fact]</c>), nothing because it is already so (<c>[]</c>), or a
/// refusal, which converts by itself.
/// </summary>
[CollectionBuilder(typeof(Decision), nameof(Decision.Of))]
public sealed class Decision<TEvent> : IEnumerable<TEvent>
{
    internal Decision(ImmutableArray<TEvent> events, Refusal? refusal = null) => (Events, Refusal) = (events, refusal);

    /// <summary>The facts to append, in order; empty when refused.</summary>
    public ImmutableArray<TEvent> Events { get; }

    /// <summary>Why not; null when accepted.</summary>
    public Refusal? Refusal { get; }

    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);

    public IEnumerator<TEvent> GetEnumerator() => ((IEnumerable<TEvent>)Events).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public static class Decision
{
    /// <summary>Makes collection expressions work: <c>[new OrderPlaced(…)]</c>.</summary>
    public static Decision<TEvent> Of<TEvent>(ReadOnlySpan<TEvent> events) => new([.. events]);
}
