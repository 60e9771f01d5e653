using Marten;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>A saga as Marten stores it: its id is its correlation id, its version guards against lost updates.</summary>
public interface IMartenSaga : SagaStateMachineInstance
{
    int Version { get; set; }

    /// <summary>When to wake this saga if nothing happens; null while nothing is awaited.</summary>
    DateTimeOffset? DueAt { get; set; }

    /// <summary>W3C traceparent under which the story began: every step of it joins that trace.</summary>
    string? TraceParent { get; set; }
}

/// <summary>
/// The stream that a saga tells its story in: its state as far as told, and what this message adds. A verb reads the one and appends to the
/// other; all of it is committed with the saga, in one transaction.
/// </summary>
public sealed class Story<TState, TEvent>(TState state, DateTimeOffset now) where TState : class, IFold<TState, TEvent> where TEvent : class
{
    private readonly List<TEvent> told = [];

    public TState State { get; private set; } = state;

    /// <summary>When the message is being consumed: the time of everything that it adds.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>What this message has added so far.</summary>
    public IReadOnlyList<TEvent> Told => told;

    public void Append(TEvent fact)
    {
        State = TState.After(State, fact);
        told.Add(fact);
    }
}

public static class Sagas
{
    /// <summary>
    /// Keeps the saga in Marten, beside the stream with the saga's id that it tells its <see cref="Story{TState,TEvent}"/> in. Messages are consumed in
    /// pages (<see cref="Stories{TSaga,TState,TEvent}"/>): what verbs append is committed with the saga; the relay turns what was asked for into commands.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> MartenRepository<TSaga, TState, TEvent>(this ISagaRegistrationConfigurator<TSaga> saga)
        where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class => saga.Repository(r =>
    {
        r.RegisterLoadSagaRepository<TSaga, MartenSagaRepository<TSaga, TState, TEvent>>();
        r.RegisterSagaRepository<
            TSaga, IDocumentSession, SagaConsumeContextFactory<IDocumentSession, TSaga>, MartenSagaRepository<TSaga, TState, TEvent>>();
    });

    public static void Saga<TSaga>(this StoreOptions options) where TSaga : class, IMartenSaga => options.Schema.For<TSaga>()
        .Identity(saga => saga.CorrelationId)
        .UseNumericRevisions(true)
        .Metadata(metadata => metadata.Revision.MapTo(saga => saga.Version))
        .Duplicate(saga => saga.DueAt!, pgType: "timestamptz", configure: index => index.Predicate = "due_at is not null");
}

internal sealed class MartenSagaRepository<TSaga, TState, TEvent>(
    IDocumentStore store, Stories<TSaga, TState, TEvent> stories, ISagaConsumeContextFactory<IDocumentSession, TSaga> factory)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, IMartenSaga where TState : class, IFold<TState, TEvent> where TEvent : class
{
    // FulfillmentState is the state of the process "fulfillment".
    private static readonly string ProcessName = $"process:{typeof(TSaga).Name.Replace("State", "", StringComparison.Ordinal).ToLowerInvariant()}";

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class => stories.Take(
        context.CorrelationId ?? throw new InvalidOperationException($"{typeof(T).Name} says nothing of which {typeof(TSaga).Name} it is for."),
        page => next.Send(new Context<T>(page, context, factory)), context.CancellationToken);

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => throw new NotSupportedException("Sagas are correlated by id.");

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => throw new NotSupportedException("Sagas are correlated by id.");

    public async Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class
    {
        await using var session = store.QuerySession();
        return await asyncMethod(new Loading(session, cancellationToken));
    }

    public void Probe(ProbeContext context) => context.Add("persistence", "marten");

    private sealed class Loading(IQuerySession session, CancellationToken token) : BasePipeContext(token), LoadSagaRepositoryContext<TSaga>
    {
        public Task<TSaga> Load(Guid correlationId) => session.LoadAsync<TSaga>(correlationId, CancellationToken)!;
    }

    private sealed class Context<T>(
        StoryPage<TSaga, TState, TEvent> page, ConsumeContext<T> context, ISagaConsumeContextFactory<IDocumentSession, TSaga> factory)
        : ConsumeContextScope<T>(context), SagaRepositoryContext<TSaga, T> where T : class
    {
        private readonly ConsumeContext<T> message = context;
        private Story<TState, TEvent>? story;

        // Sagas here begin in the commit of what they are about, so that there is none that a message could come too early for.
        public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) =>
            throw new InvalidOperationException($"{typeof(TSaga).Name} does not begin with a message.");

        public Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance) => Add(instance);

        public Task Save(SagaConsumeContext<TSaga> context) => Add(context.Saga);

        public Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId)
        {
            if (page.Saga(correlationId) is not { } saga)
                return Task.FromResult<SagaConsumeContext<TSaga, T>>(null!);
            story = page.Continue(correlationId);
            message.AddOrUpdatePayload(() => story, _ => story);       // a retry tells anew
            return factory.CreateSagaConsumeContext(page.Session, message, saga, SagaConsumeContextMode.Load);
        }

        public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
            ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
            factory.CreateSagaConsumeContext(page.Session, consumeContext, instance, mode);

        public Task Update(SagaConsumeContext<TSaga> context)
        {
            page.Tell(context.Saga.CorrelationId, story!, ProcessName);
            return Task.CompletedTask;
        }

        // Finished sagas are kept, so that a late message finds the end instead of starting anew.
        public Task Delete(SagaConsumeContext<TSaga> context) => Update(context);

        public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

        public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;
    }
}
