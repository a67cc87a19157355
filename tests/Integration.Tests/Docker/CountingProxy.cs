using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Recipes.Integration.Tests.Docker;

/// <summary>Passes TCP connections on, and counts the bytes that are sent to the daemon.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri target;
    private long sent;

    public CountingProxy(string target)
    {
        this.target = new(target);
        listener.Start();
        _ = AcceptAsync();
    }

    public string Host =>
        string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public long Sent => Interlocked.Read(ref sent);

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var token = stop.Token;
        while (!token.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await listener.AcceptTcpClientAsync(token), token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken token)
    {
        using var daemon = new TcpClient();
        try
        {
            using (client)
            {
                await daemon.ConnectAsync(target.Host, target.Port, token);
                await Task.WhenAny(
                    CopyAsync(client, daemon, x => Interlocked.Add(ref sent, x), token),
                    CopyAsync(daemon, client, _ => { }, token)
                );
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One of the two hung up.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Action<int> count, CancellationToken token)
    {
        var buffer = new byte[1 << 16];
        int length;
        while ((length = await from.GetStream().ReadAsync(buffer, token)) > 0)
        {
            count(length);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), token);
        }
    }
}
