using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Oms.Gateway.Tests;

public sealed class BodyTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private readonly TaskCompletionSource firstRowRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Upstream order = null!;
    private GatewayFixture gateway = null!;

    public async ValueTask InitializeAsync()
    {
        order = await Upstream.Start("order", EchoLines);
        gateway = GatewayFixture.Before(("order", order.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await order.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_body_that_is_too_large_is_a_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = new ByteArrayContent(new byte[3 * Megabyte]) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Problem()).ShouldBe("body-too-large");
    }

    [Fact]
    public async Task an_ordinary_body_arrives()
    {
        using var response = await gateway.Client().PostAsync("/v1/orders", new StringContent(new string('x', Megabyte)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).Length.ShouldBe(Megabyte + 1);
    }

    [Fact]
    public async Task an_import_may_be_larger()
    {
        using var response = await gateway.Client().PostAsync("/v1/orders/import", new ByteArrayContent(new byte[10 * Megabyte]));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task but_not_without_limit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders/import") { Content = new Promised(200L * Megabyte + 1) };
        request.Headers.ExpectContinue = true;
        using var response = await gateway.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Problem()).ShouldBe("body-too-large");
    }

    [Fact]
    public async Task an_import_is_read_row_by_row_while_it_is_still_being_sent()
    {
        // Small writes are gathered on their way, so the second row begins with more than any buffer holds.
        var second = new string('x', 200_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders/import")
        {
            Content = new Rows(async body =>
            {
                await body.WriteAsync(Encoding.UTF8.GetBytes($"first\n{second}"));
                await body.FlushAsync();
                await firstRowRead.Task.WaitAsync(TimeSpan.FromSeconds(10));
                await body.WriteAsync("\n"u8.ToArray());
            }),
        };
        using var response = await gateway.Client().SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe($"first\n{second}\n");
    }

    /// <summary>Kestrel's own rule: less than 240 bytes a second, five seconds long.</summary>
    [Fact]
    public async Task a_body_that_only_trickles_in_is_given_up()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Client().BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {GatewayFixture.ApiKey}\r\nContent-Length: 1000\r\n\r\n{{"));
        using var reader = new StreamReader(client.GetStream());

        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 408 ");
    }

    private async Task EchoLines(HttpContext context)
    {
        using var lines = new StreamReader(context.Request.Body);
        while (await lines.ReadLineAsync(context.RequestAborted) is { } line)
        {
            firstRowRead.TrySetResult();
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
        }
    }

    private sealed class Rows(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Promised(long bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("Nobody should have asked for the body.");

        protected override bool TryComputeLength(out long length)
        {
            length = bytes;
            return true;
        }
    }
}
