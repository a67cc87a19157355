using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>
/// Passes on what is written, tells how much that is, and stops when it is cancelled: one file of a layer may have any
/// size.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="name">Whom it is for, in events.</param>
/// <param name="total">How much is expected; headers come on top.</param>
/// <param name="observer">Is told.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class WatchedStream(
    Stream inner,
    string name,
    long total,
    IEngineObserver observer,
    CancellationToken cancellationToken
) : WriteOnlyStream
{
    // What is smaller is done before anybody could read it.
    private const long Step = 1 << 22;

    private long written;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        inner.Write(buffer);
        var before = written;
        written += buffer.Length;
        if (before / Step != written / Step)
            observer.On(new WriteProgress(name, Math.Min(written, total), total));
    }

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            observer.On(new WriteEnded(name));
        base.Dispose(disposing);
    }
}
