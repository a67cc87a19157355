namespace Recipes.Engine.Content.Tar;

/// <summary>
/// Stands before a reader of tar archives that takes the length of an extended header (pax, or GNU's long names) for
/// true and reserves as much memory: headers longer than <see cref="MaxHeader"/> are refused when their block is read.
/// </summary>
internal sealed class TarHeaderGuard(Stream archive) : ReadOnlyStream
{
    /// <summary>In bytes; a path of a file system has 4,096 at most.</summary>
    public const int MaxHeader = 1 << 20;

    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private const int TypeOffset = 156;

    // Content is passed over by seeking where that is possible.
    public override bool CanSeek => archive.CanSeek;

    public override long Length => archive.Length;

    public override long Position
    {
        get => archive.Position;
        set => archive.Position = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => archive.Seek(offset, origin);

    /// <exception cref="InvalidDataException">
    /// The bytes are the block of a header that announces too long a content.
    /// </exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length != TarHeader.BlockSize)
            return archive.Read(buffer);
        var read = archive.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Check(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length != TarHeader.BlockSize)
            return await archive.ReadAsync(buffer, cancellationToken);
        var read = await archive.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        Check(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private static void Check(ReadOnlySpan<byte> block)
    {
        // Content may come in pieces of a block's length too, but does not have the checksum of a header.
        if (
            block.Length < TarHeader.BlockSize
            || block[TypeOffset] is not ((byte)'x' or (byte)'g' or (byte)'X' or (byte)'L' or (byte)'K')
            || !IsHeader(block)
        )
            return;
        var size = block.Slice(SizeOffset, SizeLength);
        if ((size[0] & 0x80) != 0 || Octal(size) > MaxHeader)
            throw new InvalidDataException($"its extended header is longer than {MaxHeader} bytes");
    }

    private static bool IsHeader(ReadOnlySpan<byte> block)
    {
        var sum = ChecksumLength * ' ';
        for (var i = 0; i < block.Length; i++)
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? 0 : block[i];
        return Octal(block.Slice(ChecksumOffset, ChecksumLength)) == sum;
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field.Trim("\0 "u8))
            value = digit is >= (byte)'0' and <= (byte)'7' ? (value << 3) + digit - '0' : value;
        return value;
    }
}
