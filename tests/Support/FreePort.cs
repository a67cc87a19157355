using System.Net;
using System.Net.Sockets;

namespace Recipes.Tests.Support;

/// <summary>
/// Numbers of TCP and UDP ports that nothing listens on, each given out once: below those that the kernel gives to
/// outgoing connections and to whoever binds port 0, so that nobody takes one before the test does.
/// </summary>
internal static class FreePort
{
    private const int First = 15_000;
    private const int Count = 15_000;

    // Test runs beside each other begin at different numbers.
    private static int given = Environment.ProcessId * 97 % Count;

    /// <summary>The first of so many in a row.</summary>
    public static int Next(int inRow = 1)
    {
        while (true)
        {
            var port = First + ((Interlocked.Add(ref given, inRow) - inRow) % (Count - inRow));
            if (Enumerable.Range(port, inRow).All(IsFree))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var stream = new TcpListener(IPAddress.Any, port);
            stream.Start();
            using var datagrams = new UdpClient(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
