using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Oms.ServiceDefaults;

/// <summary>
/// How a process that is asked to stop (SIGTERM) goes without a request failing. For <c>Oms:DrainSeconds</c> it says of itself that it is not healthy, so that
/// whoever sends requests chooses another, closes each connection with its next answer, and works on as before. Then nobody holds a connection to it, and it
/// stops: what it has in hand is finished, what the broker had sent it is sent to others. It ends within <see cref="StopTimeout"/> after that.
/// </summary>
public sealed class Draining(TimeSpan time, TimeProvider clock) : IHostedLifecycleService, IHealthCheck, IDisposable
{
    /// <summary>For finishing what is in hand, after draining.</summary>
    internal static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    // The gateway finds out within two seconds, and no connection of its lies idle for more than three.
    private const double DefaultSeconds = 5;

    private PosixSignalRegistration? signal;

    public bool Begun { get; private set; }

    internal static void Add(IHostApplicationBuilder builder)
    {
        var time = TimeSpan.FromSeconds(builder.Configuration.GetValue("Oms:DrainSeconds", DefaultSeconds));
        builder.Services.AddSingleton(provider => new Draining(time, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks().AddCheck<Draining>("draining");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = time + StopTimeout);
    }

    /// <summary>The first of all middleware: nobody sends a second request over this connection.</summary>
    public static Task CloseConnections(HttpContext context, RequestDelegate next)
    {
        if (context.RequestServices.GetRequiredService<Draining>().Begun && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return next(context);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Begun ? HealthCheckResult.Unhealthy("It is about to stop.") : HealthCheckResult.Healthy());

    // Handlers are called in the reverse order of their registration: this one before the host's, which begins to stop.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Begun = true);
        return Task.CompletedTask;
    }

    /// <summary>Before anything is stopped; at once when nobody sent a signal.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Begun)
            await Task.Delay(time, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => signal?.Dispose();
}
