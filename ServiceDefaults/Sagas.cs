using Marten;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;

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

public static class Sagas
{
    /// <summary>
    /// Keeps the saga in the scoped <see cref="IDocumentSession"/> of the message. What its verbs ask for (<see cref="Ask"/>) is
    /// appended to the stream of <typeparamref name="TAggregate"/> with the saga's id, and committed with the saga, in one transaction.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> MartenRepository<TSaga, TAggregate>(
        this ISagaRegistrationConfigurator<TSaga> saga, IServiceCollection services)
        where TSaga : class, IMartenSaga where TAggregate : class
    {
        services.AddSingleton<IAppendAsked<TSaga>, AppendAsked<TSaga, TAggregate>>();
        return saga.Repository(r =>
        {
            r.RegisterLoadSagaRepository<TSaga, MartenSagaRepository<TSaga>>();
            r.RegisterSagaRepository<TSaga, IDocumentSession, SagaConsumeContextFactory<IDocumentSession, TSaga>, MartenSagaRepository<TSaga>>();
        });
    }

    public static void Saga<TSaga>(this StoreOptions options) where TSaga : class, IMartenSaga => options.Schema.For<TSaga>()
        .Identity(saga => saga.CorrelationId)
        .UseNumericRevisions(true)
        .Metadata(metadata => metadata.Revision.MapTo(saga => saga.Version))
        .Duplicate(saga => saga.DueAt!, pgType: "timestamptz", configure: index => index.Predicate = "due_at is not null");

    /// <summary>
    /// Asks for something by appending the asking as a fact to the stream of the saga's id; the relay turns it into a command.
    /// </summary>
    public static void Ask(this PipeContext context, object fact) => context.GetOrAddPayload(() => new Asked()).Facts.Add(fact);

    /// <summary>What this message has made the saga ask for so far.</summary>
    public static IReadOnlyList<object> AskedFor(this PipeContext context) => context.TryGetPayload<Asked>(out var asked) ? asked.Facts : [];

    internal sealed class Asked
    {
        public List<object> Facts { get; } = [];
    }

    internal interface IAppendAsked<TSaga>
    {
        Task Append(IDocumentSession session, Guid id, IReadOnlyList<object> facts, CancellationToken token);
    }

    // The stream is fetched, not appended to blindly: an append without an expected version, next to another writer, leaves
    // a wrong inline snapshot behind.
    private sealed class AppendAsked<TSaga, TAggregate> : IAppendAsked<TSaga> where TAggregate : class
    {
        public async Task Append(IDocumentSession session, Guid id, IReadOnlyList<object> facts, CancellationToken token) =>
            (await session.Events.FetchForWriting<TAggregate>(id, token)).AppendMany(facts);
    }
}

internal sealed class MartenSagaRepository<TSaga>(
    IDocumentSession session, ISagaConsumeContextFactory<IDocumentSession, TSaga> factory, Sagas.IAppendAsked<TSaga> appendAsked)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, IMartenSaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class =>
        next.Send(new Context<T>(session, context, factory, appendAsked));

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => throw new NotSupportedException("Sagas are correlated by id.");

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        throw new NotSupportedException("Sagas are correlated by id.");

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        asyncMethod(new Loading(session, cancellationToken));

    public void Probe(ProbeContext context) => context.Add("persistence", "marten");

    private sealed class Loading(IDocumentSession session, CancellationToken token) : BasePipeContext(token), LoadSagaRepositoryContext<TSaga>
    {
        public Task<TSaga> Load(Guid correlationId) => session.LoadAsync<TSaga>(correlationId, CancellationToken)!;
    }

    private sealed class Context<T> : ConsumeContextScope<T>, SagaRepositoryContext<TSaga, T> where T : class
    {
        private readonly IDocumentSession session;
        private readonly ConsumeContext<T> context;
        private readonly ISagaConsumeContextFactory<IDocumentSession, TSaga> factory;
        private readonly Sagas.IAppendAsked<TSaga> appendAsked;

        public Context(
            IDocumentSession session, ConsumeContext<T> context, ISagaConsumeContextFactory<IDocumentSession, TSaga> factory,
            Sagas.IAppendAsked<TSaga> appendAsked)
            : base(context)
        {
            (this.session, this.context, this.factory, this.appendAsked) = (session, context, factory, appendAsked);
            context.AddOrUpdatePayload(() => new Sagas.Asked(), _ => new Sagas.Asked());       // a retry asks anew
        }

        public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) =>
            factory.CreateSagaConsumeContext(session, context, instance, SagaConsumeContextMode.Add);

        public Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance) =>
            Task.FromResult<SagaConsumeContext<TSaga, T>>(null!);          // no insert ahead of the event: Save does it once

        public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
            await session.LoadAsync<TSaga>(correlationId, CancellationToken) is { } saga
                ? await factory.CreateSagaConsumeContext(session, context, saga, SagaConsumeContextMode.Load)
                : null!;

        public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
            ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
            factory.CreateSagaConsumeContext(session, consumeContext, instance, mode);

        // A second starter gets DocumentAlreadyExistsException, is retried and loads.
        public Task Save(SagaConsumeContext<TSaga> context)
        {
            context.Saga.TraceParent ??= Tracing.Current;
            session.Insert(context.Saga);
            return Commit(context.Saga);
        }

        // A lost race gets ConcurrencyException and is retried from fresh state.
        public Task Update(SagaConsumeContext<TSaga> context)
        {
            session.UpdateRevision(context.Saga, context.Saga.Version + 1);
            return Commit(context.Saga);
        }

        // Finished sagas are kept, so that a late message finds the end instead of starting anew.
        public Task Delete(SagaConsumeContext<TSaga> context) => Update(context);

        public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

        public Task Undo(SagaConsumeContext<TSaga> context)
        {
            session.EjectAllPendingChanges();
            return Task.CompletedTask;
        }

        private async Task Commit(TSaga saga)
        {
            session.JoinTrace(saga.TraceParent);
            session.LastModifiedBy = $"process:{typeof(TSaga).Name}";
            if (context.AskedFor() is { Count: > 0 } facts)
                await appendAsked.Append(session, saga.CorrelationId, facts, CancellationToken);
            await session.SaveChangesAsync(CancellationToken);
        }
    }
}
