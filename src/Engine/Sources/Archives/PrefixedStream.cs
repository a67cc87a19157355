using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Archives;

/// <summary>A stream whose first bytes were read already, whole again. It does not close what it reads from.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> prefix = prefix;

    public override int Read(Span<byte> buffer)
    {
        if (prefix.IsEmpty)
            return rest.Read(buffer);
        var taken = Math.Min(buffer.Length, prefix.Length);
        prefix.Span[..taken].CopyTo(buffer);
        prefix = prefix[taken..];
        return taken;
    }
}
