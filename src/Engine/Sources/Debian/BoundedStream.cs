using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Debian;

/// <summary>The next bytes of a stream, as a stream of their own; the other is not closed.</summary>
internal sealed class BoundedStream(Stream source, long length) : ReadOnlyStream
{
    private long left = length;

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (read == 0 && left > 0 && buffer.Length > 0)
            throw new EndOfStreamException("the archive ends within a member");
        left -= read;
        return read;
    }
}
