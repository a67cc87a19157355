using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recipes.Engine.Tests.Sources;

/// <summary>What the server saw of one request.</summary>
internal sealed record Asked(string Path, string? Range, string? IfRange);

/// <summary>What it answers.</summary>
/// <param name="Status">Such as <c>200 OK</c>.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Headers">Further lines.</param>
internal sealed record Answer(string Status, byte[] Body, params string[] Headers)
{
    /// <summary>Ends the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends nothing, and keeps the connection.</summary>
    public bool IsSilent { get; init; }
}

/// <summary>An HTTP server on a loopback port that can misbehave.</summary>
internal sealed class TinyServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Asked, Answer> answer;

    public TinyServer(Func<Asked, Answer> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Serves a file with ranges, as a good server does.</summary>
    public static Answer Serve(Asked asked, byte[] file, string? etag = "\"1\"")
    {
        var isSame = asked.IfRange is null || asked.IfRange == etag;
        string[] tag = etag is null ? [] : [$"ETag: {etag}"];
        if (asked.Range is null || !isSame)
            return new("200 OK", file, tag);
        var from = int.Parse(asked.Range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        if (from >= file.Length)
            return new("416 Range Not Satisfiable", []);
        return new("206 Partial Content", file[from..], [.. tag, $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}"]);
    }

    public static Answer Missing { get; } = new("404 Not Found", "no"u8.ToArray());

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await listener.AcceptTcpClientAsync(stop.Token), stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client, CancellationToken ended)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var path = (await reader.ReadLineAsync(ended))!.Split(' ')[1];
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(ended) is { Length: > 0 } line)
                    headers[line.Split(": ", 2)[0]] = line.Split(": ", 2)[1];
                var asked = new Asked(path, headers.GetValueOrDefault("Range"), headers.GetValueOrDefault("If-Range"));
                Requests.Enqueue(asked);
                await SendAsync(stream, answer(asked), ended);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client had enough.
        }
    }

    private static async Task SendAsync(NetworkStream stream, Answer answer, CancellationToken ended)
    {
        if (answer.IsSilent)
            await Task.Delay(Timeout.Infinite, ended);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Body.Length}\r\nConnection: close\r\n"
        );
        head += string.Concat(answer.Headers.Select(x => x + "\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), ended);
        await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length), ended);
    }
}
