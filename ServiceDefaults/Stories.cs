using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>
/// Everything that writes to the streams of one kind while messages are consumed, in pages: the process that hears a message, and others that only add facts.
/// Whatever has arrived during the last commit is decided together, in its order, and committed once; what concerns one stream never races within a process.
/// </summary>
public sealed class Stories<TSaga, TState, TEvent>(Pages<StoryStep<TSaga, TState, TEvent>> pages)
    where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class
{
    internal const int StepsMax = 64;

    /// <summary>Decides on the story's state and appends what follows. Completes when it is committed.</summary>
    /// <param name="by">Who is named beside the facts.</param>
    /// <exception cref="InvalidOperationException">The decision is a refusal: the sender's defect, because a machine is told no by a fact.</exception>
    public Task Decide(Guid id, Func<TState?, Decision<TEvent>> decide, string by, CancellationToken token) => Take(id, page =>
    {
        page.Append(id, decide, by);
        return Task.CompletedTask;
    }, token);

    internal Task Take(Guid id, Func<StoryPage<TSaga, TState, TEvent>, Task> step, CancellationToken token) =>
        pages.Add(new(id, step, Activity.Current), token);
}

/// <summary>One message's part of a page.</summary>
public sealed class StoryStep<TSaga, TState, TEvent>
    where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class
{
    private readonly Func<StoryPage<TSaga, TState, TEvent>, Task> step;
    private readonly Activity? activity;

    internal StoryStep(Guid id, Func<StoryPage<TSaga, TState, TEvent>, Task> step, Activity? activity) => (Id, this.step, this.activity) = (id, step, activity);

    internal Guid Id { get; }

    // Under its own trace: the page serves many.
    internal Task Take(StoryPage<TSaga, TState, TEvent> page)
    {
        Activity.Current = activity;
        return step(page);
    }
}

/// <summary>The sagas and streams that a page of steps is about, as they change step by step; written once.</summary>
public sealed class StoryPage<TSaga, TState, TEvent>
    where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class
{
    private readonly SortedDictionary<Guid, Entry> entries = [];
    private readonly DateTimeOffset now;
    private readonly ISerializer serializer;

    private StoryPage(IDocumentSession session, ISerializer serializer, DateTimeOffset now) => (Session, this.serializer, this.now) = (session, serializer, now);

    internal IDocumentSession Session { get; }

    /// <summary>Reads in one round trip, takes the steps in their order, and commits once.</summary>
    internal static async Task TakeTogether(
        IDocumentStore store, TimeProvider clock, IReadOnlyList<StoryStep<TSaga, TState, TEvent>> steps, CancellationToken token)
    {
        await using var session = store.LightweightSession();
        var page = new StoryPage<TSaga, TState, TEvent>(session, store.Options.Serializer(), clock.GetUtcNow());
        await page.Read([.. steps.Select(step => step.Id).Distinct()], token);
        foreach (var step in steps)
            await step.Take(page);
        if (page.Stage())
            await session.SaveChangesAsync(token);
    }

    internal TSaga? Saga(Guid id) => entries[id].Saga;

    /// <summary>The story as far as it is told, for one step to go on.</summary>
    internal Story<TState, TEvent> Continue(Guid id) =>
        new(entries[id].State ?? throw new InvalidOperationException($"{typeof(TSaga).Name} {id} has no stream."), now);

    internal void Tell(Guid id, Story<TState, TEvent> story, string by) => entries[id].Add(story.Told, story.State, by);

    internal void Append(Guid id, Func<TState?, Decision<TEvent>> decide, string by)
    {
        var entry = entries[id];
        var decision = decide(entry.State);
        if (decision.Refusal is { } refusal)
            throw new InvalidOperationException($"A machine was refused like a person: {refusal.Detail}");
        if (!decision.Events.IsEmpty)
            entry.Add(decision.Events, Fold.All(decision.Events, entry.State)!, by);
    }

    // The streams are fetched, not appended to blindly: an append without an expected version, next to another writer, leaves a wrong inline snapshot behind.
    private async Task Read(Guid[] ids, CancellationToken token)
    {
        var batch = Session.CreateBatchQuery();
        var loading = batch.LoadMany<TSaga>().ById(ids);
        var fetching = ids.ToDictionary(id => id, id => batch.Events.FetchForWriting<TState>(id));
        await batch.Execute(token);
        var sagas = (await loading).ToDictionary(saga => saga.CorrelationId);
        foreach (var (id, stream) in fetching)
            entries[id] = new(sagas.GetValueOrDefault(id), await stream, serializer);
    }

    /// <summary>In the order of their ids: two processes that write several streams cannot wait for each other in a circle.</summary>
    /// <returns>Whether anything has changed; old news changes nothing, and costs no commit.</returns>
    private bool Stage()
    {
        var changed = false;
        foreach (var entry in entries.Values)
        {
            foreach (var (fact, traceParent, by) in entry.Facts)
                entry.Stream.AppendOne(Session.Fact(fact, traceParent, by));
            // With facts the saga is written even if it stands where it stood: its version says that nobody else has moved it meanwhile.
            if (entry.Facts.Count == 0 && !entry.HasMoved)
                continue;
            if (entry.Saga is { } saga)
                Session.UpdateRevision(saga, saga.Version + 1);
            changed = true;
        }
        return changed;
    }

    private sealed class Entry(TSaga? saga, IEventStream<TState> stream, ISerializer serializer)
    {
        private readonly string? before = saga is null ? null : serializer.ToJson(saga);

        public TSaga? Saga => saga;

        public IEventStream<TState> Stream => stream;

        public TState? State { get; private set; } = stream.Aggregate;

        public List<(TEvent Fact, string? TraceParent, string By)> Facts { get; } = [];

        public bool HasMoved => saga is not null && serializer.ToJson(saga) != before;

        public void Add(IEnumerable<TEvent> facts, TState after, string by)
        {
            var traceParent = Tracing.Continue(saga?.TraceParent);
            Facts.AddRange(facts.Select(fact => (fact, traceParent, by)));
            State = after;
        }
    }
}

internal static class StoriesExtensions
{
    public static void AddStories<TSaga, TState, TEvent>(this IServiceCollection services)
        where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        services.AddPages<StoryStep<TSaga, TState, TEvent>>(Stories<TSaga, TState, TEvent>.StepsMax, Pages.BetweenServices, provider =>
        {
            var (store, clock) = (provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<TimeProvider>());
            return (steps, token) => StoryPage<TSaga, TState, TEvent>.TakeTogether(store, clock, steps, token);
        });
        services.AddSingleton<Stories<TSaga, TState, TEvent>>();
    }
}
