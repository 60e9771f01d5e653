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
    /// <summary>
    /// Traces and metrics to any collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without one the trace ids still flow, because the timeline of an
    /// order shows them; only the spans of every single SQL command are left out.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var exported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry().WithTracing(tracing =>
        {
            tracing.AddSource("Oms.Relay", "MassTransit");
            tracing.AddAspNetCoreInstrumentation(options =>
                options.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) &&
                    !context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal));
            if (exported)
                tracing.AddHttpClientInstrumentation().AddSource("Marten", "Npgsql");
        });
        if (!exported)
            return;
        telemetry.WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
            .AddMeter("Oms.*", "Marten", "MassTransit", "Npgsql"));
        telemetry.UseOtlpExporter();
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeFormattedMessage = true);
    }
}
