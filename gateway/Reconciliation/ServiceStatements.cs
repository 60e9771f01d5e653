using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Oms.Gateway.Access;
using Oms.ServiceDefaults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Oms.Gateway.Reconciliation;

/// <summary>A service could not be asked, or did not answer to the end.</summary>
public sealed class ServiceAwayException(string service, Exception? why) : Exception($"The {service} service could not be asked.", why)
{
    public string Service => service;
}

/// <summary>Asks the services in the name of whoever asks the gateway.</summary>
public sealed class ServiceStatements(IProxyStateLookup proxy, ServiceIdentity identity)
{
    public IReadOnlyList<string> Services => [.. proxy.Services().Select(it => it.ClusterId)];

    /// <summary>What a service finds in itself.</summary>
    public async Task<ReconciliationReport> Report(string service, ClaimsPrincipal caller, CancellationToken token)
    {
        var path = Cluster(service).Model.Config.Metadata?.GetValueOrDefault("Reconciliation")
            ?? throw new InvalidOperationException($"Cluster {service} does not say where its reconciliation is.");
        return await One<ReconciliationReport>(service, HttpMethod.Get, path, caller, token);
    }

    public Task<Position> Position(string service, ClaimsPrincipal caller, CancellationToken token) =>
        One<Position>(service, HttpMethod.Get, "reconciliation/position", caller, token);

    /// <summary>What a service says about everything, or about these keys, in their order.</summary>
    public async IAsyncEnumerable<Statement> About(
        string service, string topic, IReadOnlyCollection<string>? keys, ClaimsPrincipal caller, [EnumeratorCancellation] CancellationToken token)
    {
        using var answer = await Send(service, HttpMethod.Post, $"reconciliation/{topic}", keys, caller, token);
        await using var lines = JsonSerializer.DeserializeAsyncEnumerable<Statement>(
            await answer.Content.ReadAsStreamAsync(token), topLevelValues: true, JsonSerializerOptions.Web, token).GetAsyncEnumerator(token);
        while (await Ask(service, async () => await lines.MoveNextAsync()))
            yield return lines.Current ?? throw new ServiceAwayException(service, null);
    }

    private async Task<T> One<T>(string service, HttpMethod method, string path, ClaimsPrincipal caller, CancellationToken token)
    {
        using var answer = await Send(service, method, path, null, caller, token);
        return await Ask(service, async () => await answer.Content.ReadFromJsonAsync<T>(token)) ?? throw new ServiceAwayException(service, null);
    }

    private async Task<HttpResponseMessage> Send(
        string service, HttpMethod method, string path, IReadOnlyCollection<string>? keys, ClaimsPrincipal caller, CancellationToken token)
    {
        var cluster = Cluster(service);
        Exception? why = null;
        foreach (var replica in cluster.DestinationsState.AvailableDestinations)
        {
            using var request = new HttpRequestMessage(method, new Uri(new Uri(replica.Model.Config.Address), path));
            if (method == HttpMethod.Post)
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(keys))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                };
            identity.Vouch(caller, request);
            try
            {
                var answer = await cluster.Model.HttpClient.SendAsync(request, token);
                if (answer.IsSuccessStatusCode)
                    return answer;
                why = new HttpRequestException($"It answered {(int)answer.StatusCode}.");
                answer.Dispose();
            }
            catch (HttpRequestException error)
            {
                why = error;       // another replica may answer
            }
        }
        throw new ServiceAwayException(service, why);
    }

    private static async Task<T> Ask<T>(string service, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            throw new ServiceAwayException(service, error);
        }
    }

    private ClusterState Cluster(string service) => proxy.Services().FirstOrDefault(it => it.ClusterId == service) ?? throw new ServiceAwayException(service, null);
}
