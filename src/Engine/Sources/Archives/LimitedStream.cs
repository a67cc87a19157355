using Recipes.Engine.Content;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Sources.Archives;

/// <summary>Passes a stream on up to a size, past which the archive is taken for a bomb.</summary>
internal sealed class LimitedStream(Stream source, SourceLimits limits, CancellationToken cancellationToken) : ReadOnlyStream
{
    private long total;

    public override int Read(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var read = source.Read(buffer);
        total += read;
        return total <= limits.Bytes
            ? read
            : throw new ImportException($"it unpacks to more than {limits.Bytes} bytes; [source.limits] size allows more");
    }
}
