using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Oms.Faults;

internal static class Injection
{
    public static void Into(IServiceCollection services, FaultFolder faults)
    {
        services.AddSingleton(faults);
        services.AddSingleton<Publications>();
        // First of all listeners: its "after the commit" is before the relay hears of it.
        services.Insert(0, ServiceDescriptor.Singleton<IDocumentSessionListener, CrashingCommits>());
        services.AddPublishObserver<CrashingPublications>();
        services.AddConsumeObserver<CrashingConsumers>();
        services.AddPublishObserver<EverythingTwice>();
        services.AddReceiveObserver<LateDeliveries>();
        services.AddConsumeObserver<PoisonMessages>();
        services.AddReceiveObserver<HearsTheNext>();
        if (NextVersion.IsThisProcess)
            NextVersion.Into(services);
        services.AddSingleton<TimeProvider, ShiftedClock>();        // the last one registered is the one that is given
    }
}
