using System.Diagnostics;
using Marten;

namespace Oms.ServiceDefaults;

/// <summary>
/// Keeps the steps of one order in one trace, although they start in many requests: a warehouse that ships days later joins the
/// trace under which the order was placed. Every event carries its traceparent as correlation id, and the relay goes on from there.
/// </summary>
public static class Tracing
{
    /// <summary>The W3C traceparent of what is being done right now.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Where a step belongs: below what is being done now if that is in the story's trace, else below the story's beginning.</summary>
    public static string? Continue(string? storyBegan) =>
        storyBegan is null || TraceId(storyBegan) == Activity.Current?.TraceId.ToHexString() ? Current : storyBegan;

    /// <summary>The 32 hexadecimal digits of the trace that all steps share; null when the text is not a traceparent.</summary>
    public static string? TraceId(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var context) ? context.TraceId.ToHexString() : null;

    /// <summary>Events appended through this session belong to the story that began under this traceparent.</summary>
    public static void JoinTrace(this IDocumentSession session, string? storyBegan) => session.CorrelationId = Continue(storyBegan);
}
