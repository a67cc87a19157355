using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// A stream that notes whether what was read from it ends as a tar archive does: with 1,024 zero bytes.
/// </summary>
internal sealed class TarEndStream(Stream input) : ReadOnlyStream
{
    private const int EndMark = 1024;

    private long zeros;

    public bool HasEnded => zeros >= EndMark;

    public override int Read(Span<byte> buffer)
    {
        var count = input.Read(buffer);
        Note(buffer[..count]);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await input.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private void Note(ReadOnlySpan<byte> read)
    {
        var last = read.LastIndexOfAnyExcept((byte)0);
        zeros = last < 0 ? zeros + read.Length : read.Length - last - 1;
    }
}
