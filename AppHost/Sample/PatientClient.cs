using System.Net.Http.Headers;
using System.Text.Json;
using Oms.Client;

namespace Oms.Sample;

/// <summary>The API's C# client as anybody gets it (<c>clients/csharp</c>), with patience.</summary>
internal sealed class PatientClient : IDisposable
{
    /// <summary>How many items of a list are read at once.</summary>
    public const int PageSize = 200;
    private const int ConnectionsMax = 48;
    private readonly HttpClient http;
    private readonly Patience patience;

    public PatientClient(Uri gateway, string apiKey, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        handler ??= new SocketsHttpHandler
        {
            MaxConnectionsPerServer = ConnectionsMax,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,       // each call begins its own trace
        };
        patience = new(handler, time ?? TimeProvider.System);
        http = new(patience) { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        Api = new(http);
    }

    public OmsClient Api { get; }

    /// <inheritdoc cref="Patience.IsWaiting"/>
    public bool IsWaiting => patience.IsWaiting;

    /// <inheritdoc cref="Patience.Retries"/>
    public int Retries => patience.Retries;

    /// <summary>What was answered, also when it is no.</summary>
    public async Task<Answer<T>> Ask<T>(Func<OmsClient, Task<T>> call) where T : class
    {
        var course = Patience.Watch();
        try
        {
            return new(course, await call(Api), null);
        }
        catch (OmsException refused)
        {
            return new(course, null, refused.Problem ?? new() { Detail = refused.Message });
        }
        catch (JsonException error)
        {
            throw Answers.NotUnderstood<T>(error);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        patience.Dispose();
    }
}
