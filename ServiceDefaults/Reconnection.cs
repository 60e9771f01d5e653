using System.Runtime.CompilerServices;
using MassTransit;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RetryPolicies;

namespace Oms.ServiceDefaults;

/// <summary>
/// How soon a service finds a broker that is back. MassTransit waits longer with every attempt, up to half a minute, counts on over the whole life of the
/// process, so that after a few restarts of the broker every one costs the full wait, and gives a queue up for good after a thousand attempts; it has no setting
/// for it. Here an attempt follows two seconds after the last one at the latest, and there is no last one.
/// </summary>
internal static class Reconnection
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static void ReconnectSoonAndAlways(this IRabbitMqBusFactoryConfigurator rabbit)
    {
        ref var policy = ref PolicyOf((RabbitMqHostConfiguration)HostOf((RabbitMqBusFactoryConfigurator)rabbit));
        policy = new ExponentialRetryPolicy(new SameFailures(policy), int.MaxValue, First, Longest, First);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_hostConfiguration")]
    private static extern ref IRabbitMqHostConfiguration HostOf(RabbitMqBusFactoryConfigurator configurator);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<ReceiveTransportRetryPolicy>k__BackingField")]
    private static extern ref IRetryPolicy PolicyOf(RabbitMqHostConfiguration host);

    private sealed class SameFailures(IRetryPolicy policy) : IExceptionFilter
    {
        public bool Match(Exception exception) => policy.IsHandled(exception);

        public void Probe(ProbeContext context) => policy.Probe(context);
    }
}
