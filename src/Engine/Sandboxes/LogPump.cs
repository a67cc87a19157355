using System.Text;

namespace Recipes.Engine.Sandboxes;

/// <summary>
/// Passes the output of a sandbox to its log as it comes. The output is read to its end even where the log fails, since
/// a full pipe would hold the sandbox up.
/// </summary>
/// <param name="log">Receives every byte, and is flushed after each piece.</param>
/// <param name="onFailure">Called once, when the log cannot be written.</param>
internal sealed class LogPump(Stream log, Action onFailure)
{
    private const int HeadLength = 2000;

    private readonly byte[] head = new byte[HeadLength];
    private int headCount;

    /// <summary>Why the log could not be written, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The beginning of the output, where bubblewrap says why it could not start.</summary>
    public string Head => Encoding.UTF8.GetString(head, 0, headCount).Trim();

    /// <summary>Passes on what a stream holds, until it ends.</summary>
    public async Task RunAsync(Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        int count;
        while ((count = await output.ReadAsync(buffer, cancellationToken)) > 0)
            await PassAsync(buffer.AsMemory(0, count), cancellationToken);
    }

    /// <summary>Passes on one piece.</summary>
    public async Task PassAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var part = Math.Min(piece.Length, HeadLength - headCount);
        piece.Span[..part].CopyTo(head.AsSpan(headCount));
        headCount += part;
        if (Failure is not null)
            return;
        try
        {
            await log.WriteAsync(piece, cancellationToken);
            await log.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            Failure = e;
            onFailure();
        }
    }
}
