using System.Net;

namespace Oms.Client;

/// <summary>The API did not do what it was asked for.</summary>
public sealed class OmsException(HttpStatusCode status, Problem? problem) : Exception($"{(int)status} {problem?.Code ?? status.ToString()}: {problem?.Detail ?? problem?.Title}")
{
    public HttpStatusCode Status => status;

    /// <summary>Why (RFC 9457); null when the answer came from something else than the API, such as a proxy.</summary>
    public Problem? Problem => problem;

    /// <summary>Stable, for programs: <c>order-not-found</c>.</summary>
    public string? Code => problem?.Code;
}
