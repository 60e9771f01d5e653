using System.Net.Security;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Oms.Kernel;

namespace Oms.ServiceDefaults;

/// <summary>The queues of a service and who reads them. Written once per service, used by the broker and by the tests' bus.</summary>
public sealed class Queues(IServiceCollection services)
{
    /// <summary>As many messages as may wait for one page and the next.</summary>
    private const int PagedPrefetch = 128;

    private readonly List<Action<IBusRegistrationConfigurator>> registrations = [];
    private readonly List<Action<IBusRegistrationContext, IBusFactoryConfigurator>> endpoints = [];

    /// <summary>Consumers that commit on their own: few at a time, because more than the cores can feed lose.</summary>
    public Queues Queue(string name, params Type[] consumers) => Add(name, prefetch: 32, concurrency: 16, consumers);

    /// <summary>Consumers that hand over to <see cref="Pages{TItem}"/>: many wait for one commit.</summary>
    public Queues PagedQueue(string name, params Type[] consumers) => Add(name, PagedPrefetch, PagedPrefetch, consumers);

    /// <summary>A saga in Marten that tells its story in the stream of its own id, whose state is <typeparamref name="TState"/>; consumed in pages.</summary>
    public Queues Saga<TProcess, TSaga, TState, TEvent>(string name)
        where TProcess : class, SagaStateMachine<TSaga> where TSaga : class, IMartenSaga
        where TState : class, IFold<TState, TEvent> where TEvent : class
    {
        registrations.Add(bus => bus.AddSagaStateMachine<TProcess, TSaga>().MartenRepository<TSaga, TState, TEvent>());
        endpoints.Add((context, bus) => bus.ReceiveEndpoint(name, endpoint =>
        {
            (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (PagedPrefetch, PagedPrefetch);
            endpoint.RetryWhatMayPass();
            endpoint.ConfigureSaga<TSaga>(context);
        }));
        services.AddStories<TSaga, TState, TEvent>();
        services.AddDeadlines<TSaga>();
        return this;
    }

    internal void Register(IBusRegistrationConfigurator bus) => registrations.ForEach(register => register(bus));

    internal void Configure(IBusRegistrationContext context, IBusFactoryConfigurator bus) => endpoints.ForEach(configure => configure(context, bus));

    internal void ConsumeNothing() => endpoints.Clear();

    private Queues Add(string name, int prefetch, int concurrency, Type[] consumers)
    {
        registrations.Add(bus => Array.ForEach(consumers, consumer => bus.AddConsumer(consumer)));
        endpoints.Add((context, bus) => bus.ReceiveEndpoint(name, endpoint =>
        {
            (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (prefetch, concurrency);
            endpoint.RetryWhatMayPass();
            Array.ForEach(consumers, consumer => endpoint.ConfigureConsumer(context, consumer));
        }));
        return this;
    }
}

public static class BusExtensions
{
    /// <summary>
    /// Adds MassTransit over the connection string <c>messaging</c>. <c>loopback://localhost</c> stays in the process: for
    /// tests of one service alone. With <c>Oms:Consume</c> false this process answers requests and publishes, but leaves all queues to others.
    /// </summary>
    public static WebApplicationBuilder AddBus(this WebApplicationBuilder builder, Action<Queues> describe)
    {
        var address = new Uri(builder.Configuration.GetConnectionString("messaging")
            ?? throw new InvalidOperationException("ConnectionStrings__messaging is not set."));
        var queues = new Queues(builder.Services);
        describe(queues);
        if (!builder.Configuration.GetValue("Oms:Consume", true))
            queues.ConsumeNothing();

        builder.Services.AddMassTransit(bus =>
        {
            queues.Register(bus);
            // It would tell its makers how we use it, minutes after the start: nothing leaves the house unasked.
            bus.DisableUsageTelemetry();
            // Without its broker a service goes on accepting: it is degraded, not dead.
            bus.ConfigureHealthCheckOptions(options => options.MinimalFailureStatus = HealthStatus.Degraded);
            if (address.Scheme == "loopback")
                bus.UsingInMemory(queues.Configure);
            else
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(address, host => SpeakTls(host, address));
                    rabbit.ReconnectSoonAndAlways();
                    // What is in the queues is the work of running processes; in a step there is nobody who would finish it.
                    rabbit.DeployTopologyOnly = Service.IsDatabaseStep;
                    queues.Configure(context, rabbit);
                });
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.StopTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<QueuesDeclaredCheck>();
        builder.Services.AddHealthChecks().AddCheck<QueuesDeclaredCheck>("queues-declared");
        return builder;
    }

    // MassTransit goes by the port alone, and takes a certificate that nobody vouches for.
    private static void SpeakTls(IRabbitMqHostConfigurator host, Uri address)
    {
        if (address.Scheme == "amqps")
            host.UseSsl(tls =>
            {
                tls.ServerName = address.Host;
                tls.EnforcePolicyErrors(
                    SslPolicyErrors.RemoteCertificateNotAvailable | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors);
            });
    }

    /// <summary>
    /// A lost race is consumed again at once, from fresh state; a database that is away, for two minutes. Anything else is tried
    /// three more times and then lands in the _error queue: visible, and re-drivable.
    /// </summary>
    internal static void RetryWhatMayPass(this IReceiveEndpointConfigurator endpoint)
    {
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(LostRace.Is);
            retry.Intervals(200, 1_000, 3_000);
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(LostRace.Is);
            retry.Intervals([5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, .. Enumerable.Repeat(5_000, 24)]);
        });
    }

    // What is published before its receiver has ever declared its queue is dropped by the broker. So a service is not healthy
    // before it has once declared its queues; after that a broker that is away only degrades it.
    private sealed class QueuesDeclaredCheck(IBusControl bus) : IHealthCheck
    {
        private volatile bool declared;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            declared |= bus.CheckHealth().Status == BusHealthStatus.Healthy;
            return Task.FromResult(declared ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The queues are not declared yet."));
        }
    }
}
