using Recipes.Engine.Content;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Archives;

/// <summary>Passes a stream on up to a size, past which the archive is taken for a bomb.</summary>
/// <param name="source">Not closed.</param>
/// <param name="most">In bytes.</param>
/// <param name="fault">A clause for what is longer.</param>
/// <param name="cancellationToken">Stops reading.</param>
internal sealed class LimitedStream(Stream source, long most, string fault, CancellationToken cancellationToken)
    : ReadOnlyStream
{
    /// <summary>How many bytes were read so far.</summary>
    public long Total { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var read = source.Read(buffer);
        Count(read);
        return read;
    }

    /// <summary>Counts bytes that no stream holds, and that are made all the same: those of holes.</summary>
    /// <exception cref="ImportException">That is too much.</exception>
    public void Count(long bytes)
    {
        if (bytes > most - Total)
            throw new ImportException(fault);
        Total += bytes;
    }
}
