using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Oms.Faults;

/// <summary>The runtime calls it before the service's own <c>Main</c>, by this name and without a namespace.</summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name.")]
[SuppressMessage("Design", "MA0047", Justification = "The runtime looks for this name.")]
internal sealed class StartupHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new StartupHook());

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
            value.Subscribe(this);
    }

    /// <summary>The host is described and not yet built, as test hosts hook in as well.</summary>
    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder host } && FaultFolder.OfThisProcess() is { } faults)
            host.ConfigureServices((_, services) => Injection.Into(services, faults));
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }
}
