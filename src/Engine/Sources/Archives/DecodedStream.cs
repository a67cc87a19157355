using Recipes.Engine.Content;
using ZstdSharp;

namespace Recipes.Engine.Sources.Archives;

/// <summary>
/// What a decompressor makes of a stream; each of them has a way of its own to say that its input is damaged.
/// </summary>
/// <param name="decompressor">Closed with this stream.</param>
internal sealed class DecodedStream(Stream decompressor) : ReadOnlyStream
{
    /// <exception cref="InvalidDataException">The input is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return decompressor.Read(buffer);
        }
        catch (Exception e)
            when (e
                    is ZstdException
                        or EndOfStreamException
                        or ArgumentException
                        or IndexOutOfRangeException
                        or ArithmeticException
                        or OutOfMemoryException
            )
        {
            throw new InvalidDataException($"the compressed data is damaged: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            decompressor.Dispose();
        base.Dispose(disposing);
    }
}
