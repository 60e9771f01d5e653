using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

public static class Snapshots
{
    /// <summary>
    /// Keeps a state's snapshot up to date within the commit of its events, by the same <c>After</c> as the tests use, and
    /// gives every fact of the stream its stored name: <c>OrderPlaced</c> is <c>order_placed</c> for ever, wherever the class moves.
    /// </summary>
    /// <typeparam name="TEvent">The marker interface of the stream's facts; all of them live in its assembly.</typeparam>
    public static void Snapshot<TState, TEvent, TId>(this StoreOptions options)
        where TState : class, IFold<TState, TEvent> where TEvent : notnull where TId : notnull
    {
        foreach (var fact in Facts.Of<TEvent>())
            options.Events.MapEventType(fact, Facts.StoredName(fact));
        options.Projections.Add(new SnapshotProjection<TState, TEvent, TId>(), ProjectionLifecycle.Inline);
    }
}

public static class Facts
{
    /// <summary>Every fact of a stream: the records that carry its marker interface.</summary>
    public static IReadOnlyList<Type> Of<TEvent>() => [.. typeof(TEvent).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(TEvent)))
        .OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The name under which a fact is stored, in snake_case.</summary>
    public static string StoredName(Type fact) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(fact.Name);
}

internal sealed class SnapshotProjection<TState, TEvent, TId> : SingleStreamProjection<TState, TId>
    where TState : class, IFold<TState, TEvent> where TEvent : notnull where TId : notnull
{
    // Without these it is called for every stream of the store.
    public SnapshotProjection()
    {
        foreach (var fact in Facts.Of<TEvent>())
            IncludeType(fact);
    }

    public override TState? Evolve(TState? snapshot, TId id, IEvent e) => TState.After(snapshot, (TEvent)e.Data);
}
