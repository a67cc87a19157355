using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>A part of a blob as the body of a request, read from its file while it is sent.</summary>
internal sealed class BlobContent : HttpContent, IMovingContent
{
    private readonly string path;
    private readonly long offset;
    private readonly long length;

    /// <param name="path">The blob's file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes.</param>
    public BlobContent(string path, long offset, long length)
    {
        (this.path, this.offset, this.length) = (path, offset, length);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <inheritdoc/>
    public event Action? Moved;

    /// <summary>How many bytes went out, of this body.</summary>
    public long Sent { get; private set; }

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            for (Sent = 0; Sent < length; )
            {
                var wanted = (int)Math.Min(buffer.Length, length - Sent);
                var read = await RandomAccess.ReadAsync(
                    file,
                    buffer.AsMemory(0, wanted),
                    offset + Sent,
                    cancellationToken
                );
                if (read == 0)
                    throw new EngineException(
                        $"'{path}' is shorter than its name says; {new Remedy(RemedyKind.VerifyStore)}"
                    );
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                Sent += read;
                Moved?.Invoke();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }
}
