using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>Passes on what is written until it is cancelled: one file of a layer may have any size.</summary>
internal sealed class CancellableStream(Stream inner, CancellationToken cancellationToken) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        inner.Write(buffer);
    }

    public override void Flush() => inner.Flush();
}
