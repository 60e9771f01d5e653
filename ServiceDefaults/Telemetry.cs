using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Oms.ServiceDefaults;

internal static class Telemetry
{
    private static readonly string[] Sources = ["Oms.Relay", "MassTransit"];

    // One for the process, however many hosts live in it.
    private static readonly ActivityListener IdsOnly = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore" || Sources.Contains(source.Name),
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        SampleUsingParentId = (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.PropagationData,
    };

    /// <summary>
    /// Traces, metrics and logs to any collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without one only the trace ids flow, because the timeline of
    /// an order shows them: nobody would read the spans.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            ActivitySource.AddActivityListener(IdsOnly);
            return;
        }
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource(Sources).AddSource("Marten", "Npgsql").AddHttpClientInstrumentation()
                .AddAspNetCoreInstrumentation(options =>
                    options.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) &&
                        !context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal)))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("Oms.*", "Marten", "MassTransit", "Npgsql"))
            .UseOtlpExporter();
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeFormattedMessage = true);
    }
}
