namespace Recipes.Engine.Content.Tar;

/// <summary>
/// What an archive holds of one member, and the blocks of the archive itself: counts the bytes, so that the next header
/// is found whatever was read of a content.
/// </summary>
/// <param name="archive">Not closed.</param>
internal sealed class TarContent(Stream archive) : ReadOnlyStream
{
    private const int ChunkSize = 1 << 16;

    private long left;
    private int padding;
    private string? name;

    /// <summary>How many bytes of the archive were read or passed over.</summary>
    public long Offset { get; private set; }

    /// <summary>How many bytes of the content are still to be read.</summary>
    public long Left => left;

    /// <summary>Starts a content of so many bytes at this place.</summary>
    /// <param name="length">In bytes.</param>
    /// <param name="member">Whose it is, for messages; null for a header's.</param>
    public void Start(long length, string? member = null) =>
        (left, padding, name) = (length, TarHeader.Padding(length), member);

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, left);
        return wanted == 0 ? 0 : Note(archive.Read(buffer[..wanted]));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, left);
        return wanted == 0 ? 0 : Note(await archive.ReadAsync(buffer[..wanted], cancellationToken));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>The next block after the content, or nothing at the end of the archive.</summary>
    /// <exception cref="EndOfStreamException">The archive ends within a block.</exception>
    public async Task<byte[]?> BlockAsync(bool isAsync, CancellationToken cancellationToken)
    {
        await PassAsync(isAsync, cancellationToken);
        var block = new byte[TarHeader.BlockSize];
        var read = isAsync
            ? await archive.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken)
            : archive.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        Offset += read;
        return read == 0 ? null
            : read == block.Length ? block
            : throw new EndOfStreamException();
    }

    /// <summary>So many bytes of the content.</summary>
    /// <exception cref="EndOfStreamException">It, or the archive, is shorter.</exception>
    public async Task<byte[]> BytesAsync(int length, bool isAsync, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        if (isAsync)
            await this.ReadExactlyAsync(bytes, cancellationToken);
        else
            this.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Passes over what was not read of the content.</summary>
    /// <exception cref="InvalidDataException">The archive ends before that.</exception>
    public async Task PassAsync(bool isAsync, CancellationToken cancellationToken)
    {
        var rest = left + padding;
        (left, padding) = (0, 0);
        if (rest == 0)
            return;
        Offset += rest;
        if (archive.CanSeek)
        {
            if (rest > archive.Length - archive.Position)
                throw CutOff();
            archive.Seek(rest, SeekOrigin.Current);
            return;
        }
        var buffer = new byte[Math.Min(rest, ChunkSize)];
        while (rest > 0)
        {
            var chunk = buffer.AsMemory(0, (int)Math.Min(rest, buffer.Length));
            var read = isAsync ? await archive.ReadAsync(chunk, cancellationToken) : archive.Read(chunk.Span);
            rest -= read > 0 ? read : throw CutOff();
        }
    }

    private int Note(int read)
    {
        if (read == 0)
            throw CutOff();
        left -= read;
        Offset += read;
        return read;
    }

    private Exception CutOff() =>
        name is null
            ? new EndOfStreamException()
            : new InvalidDataException($"the content of '{Excerpt.Of(name)}' is cut off");
}
