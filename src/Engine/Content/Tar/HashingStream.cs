using System.Security.Cryptography;

namespace Recipes.Engine.Content.Tar;

/// <summary>A stream that passes on what is written to it, and knows its digest.</summary>
internal sealed class HashingStream(Stream output) : WriteOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <summary>The digest of all that was written so far.</summary>
    public Digest Digest => Digest.FromHash(hash.GetCurrentHash(), length);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        hash.AppendData(buffer);
        length += buffer.Length;
        output.Write(buffer);
    }

    public override void Flush() => output.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }
}
