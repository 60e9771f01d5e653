using System.Net;
using System.Net.Sockets;

namespace Oms.AppHost.Local;

internal static class AmqpProbe
{
    private const byte MethodFrame = 1;
    private static readonly byte[] ProtocolHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    /// <summary>Greets, and is satisfied with the broker's own greeting: no user is needed for that.</summary>
    public static async Task<bool> Answers(int port, CancellationToken token)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(token);
        timeout.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(ProtocolHeader, timeout.Token);
            var answer = new byte[1];
            return await stream.ReadAsync(answer, timeout.Token) == 1 && answer[0] == MethodFrame;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException or OperationCanceledException && !token.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>Erlang's port mapper.</summary>
internal static class Epmd
{
    private static readonly byte[] KillRequest = [0, 1, (byte)'k'];

    public static async Task<bool> Answers(int port, CancellationToken token)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>For one that Erlang started by itself; it refuses while a node is registered, and that is right.</summary>
    public static async Task End(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(KillRequest);
            await client.GetStream().ReadExactlyAsync(new byte[2]);
        }
        catch (Exception none) when (none is SocketException or IOException)
        {
            return;
        }
    }
}
