using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Recipes.Integration.Tests.Registries;

/// <summary>
/// A line to a server that breaks once, after the answer to which so many bytes have been sent, and is slow to come
/// back.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint server;
    private readonly long cutAfter;
    private long passed;
    private int cuts;

    public CuttingProxy(string server, long cutAfter)
    {
        (this.server, this.cutAfter) = (IPEndPoint.Parse(server), cutAfter);
        listener.Start();
        _ = AcceptAsync();
    }

    public string Host =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Bytes that went to the server.</summary>
    public long Passed => Interlocked.Read(ref passed);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ConnectAsync(await listener.AcceptTcpClientAsync(stop.Token), stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ConnectAsync(TcpClient near, CancellationToken ended)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                if (Interlocked.CompareExchange(ref cuts, 2, 1) == 1)
                    return;
                await far.ConnectAsync(server, ended);
                await Task.WhenAny(
                    ForwardAsync(near.GetStream(), far.GetStream(), ended),
                    AnswerAsync(far.GetStream(), near.GetStream(), ended)
                );
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // One side had enough.
            }
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to, CancellationToken ended)
    {
        var buffer = new byte[1 << 14];
        for (int length; (length = await from.ReadAsync(buffer, ended)) > 0; )
        {
            await to.WriteAsync(buffer.AsMemory(0, length), ended);
            Interlocked.Add(ref passed, length);
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to, CancellationToken ended)
    {
        var buffer = new byte[1 << 14];
        for (int length; (length = await from.ReadAsync(buffer, ended)) > 0; )
        {
            await to.WriteAsync(buffer.AsMemory(0, length), ended);
            if (Passed > cutAfter && Interlocked.CompareExchange(ref cuts, 1, 0) == 0)
                return;
        }
    }
}
