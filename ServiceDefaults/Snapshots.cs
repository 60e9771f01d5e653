using System.Reflection;
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

internal sealed class SnapshotProjection<TState, TEvent, TId> : SingleStreamProjection<TState, TId>, IReadModel
    where TState : class, IFold<TState, TEvent> where TEvent : notnull where TId : notnull
{
    // The state is told its version by Marten when a commit stores it; here by the same property, which only an initializer may set in C#.
    private static readonly Action<TState, int>? SetVersion = typeof(TState).GetProperty("Version", typeof(int))?.SetMethod?.CreateDelegate<Action<TState, int>>();

    // Without these it is called for every stream of the store.
    public SnapshotProjection()
    {
        Facts = ServiceDefaults.Facts.Of<TEvent>();
        foreach (var fact in Facts)
            IncludeType(fact);
    }

    public Type DocumentType => typeof(TState);

    public IReadOnlyList<Type> Facts { get; }

    public string OfStreams => "d.id = any($1)";

    public string StreamOf => "d.id";

    public override TState? Evolve(TState? snapshot, TId id, IEvent e) => TState.After(snapshot, (TEvent)e.Data);

    public object After(object? state, object fact) => TState.After((TState?)state, (TEvent)fact);

    public IEnumerable<KeyValuePair<object, object>> Documents(object stream, object? state, long version)
    {
        if (state is not TState folded)
            yield break;
        SetVersion?.Invoke(folded, (int)version);
        yield return new(stream, folded);
    }
}
