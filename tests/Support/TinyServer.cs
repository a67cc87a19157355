using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Recipes.Tests.Support;

/// <summary>What the server saw of one request.</summary>
internal sealed record Asked(string Path, string? Range, string? IfRange)
{
    public string Method { get; init; } = "GET";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public byte[] Body { get; init; } = [];
}

/// <summary>What it answers.</summary>
/// <param name="Status">Such as <c>200 OK</c>.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Headers">Further lines.</param>
internal sealed record Answer(string Status, byte[] Body, params string[] Headers)
{
    /// <summary>Ends the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends nothing, and ends the connection.</summary>
    public bool IsHangup { get; init; }

    /// <summary>Sends nothing, and keeps the connection.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Ends the connection by a reset, as a host that crashes does, and not by an end.</summary>
    public bool IsReset { get; init; }

    /// <summary>Sends all of this, head and body, in place of all else, and then keeps the connection.</summary>
    public IEnumerable<byte[]>? Raw { get; init; }

    /// <summary>The pause after each piece of <see cref="Raw"/>.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>A head without length, and pieces of a chunked body that never ends.</summary>
    public static Answer Endless(string status, byte[] piece, params string[] headers) =>
        new(status, []) { Raw = Pieces(status, piece, headers) };

    private static IEnumerable<byte[]> Pieces(string status, byte[] piece, string[] headers)
    {
        yield return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n{string.Concat(headers.Select(x => x + "\r\n"))}\r\n"
        );
        while (true)
            yield return [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8];
    }
}

/// <summary>An HTTP server on a loopback port that can misbehave; over TLS if it has a certificate.</summary>
internal sealed class TinyServer : IDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Asked, Answer> answer;
    private readonly X509Certificate2? certificate;

    public TinyServer(Func<Asked, Answer> answer, IPAddress? address = null, X509Certificate2? certificate = null)
    {
        (this.answer, this.certificate) = (answer, certificate);
        listener = new(address ?? IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public string Url =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(certificate is null ? "http" : "https")}://{listener.LocalEndpoint}"
        );

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
        return new(
            "206 Partial Content",
            file[from..],
            [.. tag, $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}"]
        );
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
                await using var stream = await OpenAsync(client, ended);
                var head = await ReadHeadAsync(stream, ended);
                var words = head[0].Split(' ');
                var headers = head.Skip(1)
                    .Select(x => x.Split(": ", 2))
                    .ToDictionary(x => x[0], x => x[1], StringComparer.OrdinalIgnoreCase);
                var body = headers.ContainsKey("Transfer-Encoding")
                    ? await ReadChunksAsync(stream, ended)
                    : await ReadAsync(stream, headers.GetValueOrDefault("Content-Length") ?? "0", 10, ended);
                var asked = new Asked(
                    words[1],
                    headers.GetValueOrDefault("Range"),
                    headers.GetValueOrDefault("If-Range")
                )
                {
                    Method = words[0],
                    Headers = headers,
                    Body = body,
                };
                Requests.Enqueue(asked);
                var reply = answer(asked);
                if (reply.IsReset)
                    client.LingerState = new(enable: true, seconds: 0);
                await SendAsync(stream, reply, ended);
                if (!reply.IsReset)
                    return;
                // What was sent has to arrive first: a reset throws away what the other side has not read.
                await Task.Delay(TimeSpan.FromMilliseconds(200), ended);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException)
        {
            // The client had enough, or does not trust the certificate.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client, CancellationToken ended)
    {
        if (certificate is null)
            return client.GetStream();
        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate },
            ended
        );
        return secure;
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string length, int radix, CancellationToken ended)
    {
        var bytes = new byte[Convert.ToInt32(length, radix)];
        await stream.ReadExactlyAsync(bytes, ended);
        return bytes;
    }

    private static async Task<byte[]> ReadChunksAsync(Stream stream, CancellationToken ended)
    {
        var body = new MemoryStream();
        while (true)
        {
            var chunk = await ReadAsync(stream, await ReadLineAsync(stream, ended), 16, ended);
            await ReadLineAsync(stream, ended);
            if (chunk.Length == 0)
                return body.ToArray();
            body.Write(chunk);
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken ended)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (one[0] != '\n')
        {
            await stream.ReadExactlyAsync(one, ended);
            line.Append((char)one[0]);
        }
        return line.ToString().TrimEnd();
    }

    private static async Task<string[]> ReadHeadAsync(Stream stream, CancellationToken ended)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, ended);
            // The first byte of TLS, which this server does not speak.
            if (one[0] == 0x16)
                throw new IOException("TLS");
            head.Append((char)one[0]);
        }
        return head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task SendAsync(Stream stream, Answer answer, CancellationToken ended)
    {
        if (answer.IsHangup)
            return;
        if (answer.IsSilent)
            await Task.Delay(Timeout.Infinite, ended);
        if (answer.Raw is not null)
        {
            foreach (var piece in answer.Raw)
            {
                await stream.WriteAsync(piece, ended);
                await Task.Delay(answer.Pause, ended);
            }
            await Task.Delay(Timeout.Infinite, ended);
        }
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Body.Length}\r\nConnection: close\r\n"
        );
        head += string.Concat(answer.Headers.Select(x => x + "\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), ended);
        await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length), ended);
    }
}
