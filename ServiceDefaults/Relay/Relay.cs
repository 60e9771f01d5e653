using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Oms.ServiceDefaults;

// The relay: a transactional outbox whose payload is the event itself.
//
//   commit:   events + one pointer row (which events, whose trace)              RelayListener
//   after it: hand over in memory, publish with confirms, delete the pointers   RelayPublisher
//   later:    load, translate, publish what a crash or an outage left behind    RelaySweeper
//
// At least once, in the order of commits per stream except after a crash; never lost.

/// <summary>Which facts leave this service and in which words. Null keeps a fact private.</summary>
public delegate object? PublishedLanguage(IEvent happened);

public sealed class RelayOptions
{
    /// <summary>Commits waiting in memory; beyond that the sweeper takes over.</summary>
    public int CommitsInMemoryMax { get; set; } = 4_096;

    /// <summary>Messages sent before their confirms are awaited.</summary>
    public int MessagesPerBatchMax { get; set; } = 128;

    /// <summary>A pointer stands for a whole commit, of up to a page of messages.</summary>
    public int PointersPerSweepMax { get; set; } = 50;

    /// <summary>How long a publish may wait for its confirm: a lost or blocked connection shows as nothing else.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Younger pointers are the publisher's.</summary>
    public TimeSpan SweepAge { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan ForgetInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>When to try again what nobody listened to. It is tried for ever: the receiver may be deployed tomorrow.</summary>
    public TimeSpan UnheardAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A fact that cannot be translated is parked after so many attempts, with its error, and metered.</summary>
    public int AttemptsMax { get; set; } = 10;
}

public static class RelayExtensions
{
    public static IServiceCollection AddRelay(
        this IServiceCollection services, PublishedLanguage language, Action<RelayOptions>? configure = null)
    {
        services.AddOptions<RelayOptions>().Configure(options => configure?.Invoke(options));
        services.AddSingleton(language);
        // The store needs the listener, and the listener's publisher the store: so the store comes later.
        services.AddSingleton(provider => new RelayPointers(
            provider.GetRequiredService<IDocumentStore>, provider.GetRequiredService<IOptions<RelayOptions>>()));
        services.AddSingleton<RelayPublisher>();
        services.AddSingleton<IDocumentSessionListener, RelayListener>();
        services.AddHostedService(provider => provider.GetRequiredService<RelayPublisher>());
        services.AddHostedService<RelaySweeper>();
        services.ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.Add(RelayPointers.Table()));
        return services;
    }
}
