using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Oms.Gateway.Tests;

/// <summary>A service as the gateway sees it: an address that answers, and remembers what it was asked.</summary>
public sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication app;

    private Upstream(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    public ConcurrentQueue<Seen> Requests { get; } = [];

    public Seen Last => Requests.Last();

    public sealed record Seen(string Method, string Target, IReadOnlyDictionary<string, string> Headers);

    /// <summary>Starts one that answers everything with its name, unless told otherwise.</summary>
    public static async Task<Upstream> Start(string name, RequestDelegate? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Logging.ClearProviders();
        var upstream = new Upstream(builder.Build());
        upstream.app.Run(async context =>
        {
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target is not ("/health" or "/openapi/v1.json"))
                upstream.Requests.Enqueue(new(context.Request.Method, target, context.Request.Headers.ToDictionary(it => it.Key, it => it.Value.ToString())));
            await (answer ?? (it => it.Response.WriteAsync(name)))(context);
        });
        await upstream.app.StartAsync();
        return upstream;
    }

    /// <summary>An address where nobody listens.</summary>
    public static string NoAddress
    {
        get
        {
            using var taken = new TcpListener(IPAddress.Loopback, 0);
            taken.Start();
            return $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
