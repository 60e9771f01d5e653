namespace Oms.Kernel;

/// <summary>A state that is nothing but its events, one after the other.</summary>
public interface IFold<TSelf, TEvent> where TSelf : class, IFold<TSelf, TEvent>
{
    /// <summary>The only place where an event changes the state. An impossible sequence is a bug, so it throws.</summary>
    static abstract TSelf After(TSelf? state, TEvent happened);
}

public static class Fold
{
    /// <summary>The state after all of these events.</summary>
    public static TState? All<TState, TEvent>(IEnumerable<TEvent> events, TState? from = null) where TState : class, IFold<TState, TEvent> =>
        events.Aggregate(from, (state, happened) => TState.After(state, happened));
}

/// <summary>A state that knows under which trace its story began, so that later steps join it.</summary>
public interface ITraced
{
    /// <summary>W3C traceparent.</summary>
    string? TraceParent { get; }
}
