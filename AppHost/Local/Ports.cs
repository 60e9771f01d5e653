using System.Net;
using System.Net.Sockets;

namespace Oms.AppHost.Local;

public static class Ports
{
    // Below every system's range for outgoing connections: a client that keeps dialing a server while it is down could
    // otherwise be given the server's own port, and hold it when the server comes back.
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Handed = [];

    /// <summary>A loopback port that nobody listens on and that this process has not handed out before.</summary>
    public static int Free()
    {
        lock (Handed)
        {
            for (var attempt = 0; attempt < 2_000; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Handed.Contains(port) && IsFree(port))
                {
                    Handed.Add(port);
                    return port;
                }
            }
        }

        throw new PlatformException($"No free port was found between {First} and {Last}.");
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
