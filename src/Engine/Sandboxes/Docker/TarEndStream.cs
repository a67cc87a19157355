namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>A stream that notes whether what was read from it ends as a tar archive does: with 1,024 zero bytes.</summary>
internal sealed class TarEndStream(Stream input) : Stream
{
    private const int EndMark = 1024;

    private long zeros;

    public bool HasEnded => zeros >= EndMark;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await input.ReadAsync(buffer, cancellationToken);
        var last = buffer.Span[..count].LastIndexOfAnyExcept((byte)0);
        zeros = last < 0 ? zeros + count : count - last - 1;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
