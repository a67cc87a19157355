using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Numerics;
using Recipes.Engine.Sources.Trees;
using ZstdSharp;

namespace Recipes.Engine.Sources.Archives;

/// <summary>Opens compressed streams, known by their first bytes and not by their names.</summary>
internal static class Decompression
{
    private const int MagicLength = 13;

    /// <summary>A header of a few bytes may ask for 4 GiB; <c>xz -9</c> needs 65 MiB.</summary>
    private const string MemoryLimit = "--memlimit-decompress=1GiB";

    /// <summary>
    /// The unpacked bytes of a stream in gzip, xz, lzma, lzip, bzip2, compress or zstandard format, or the stream
    /// itself. The source is not closed.
    /// </summary>
    /// <exception cref="ImportException">The format is known, but not read.</exception>
    /// <remarks>
    /// A stream that turns out to be damaged when it is read is an <see cref="InvalidDataException"/>, whatever the
    /// format.
    /// </remarks>
    [SuppressMessage(
        "Reliability",
        "CA2000",
        Justification = "A prefixed stream owns nothing, and a decoded one what it decodes."
    )]
    public static Stream Open(Stream source)
    {
        var head = new byte[MagicLength];
        var length = source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(head.AsMemory(0, length), source);
        ReadOnlySpan<byte> magic = head.AsSpan(0, length);
        if (magic.StartsWith<byte>([0x1f, 0x8b]))
            return new DecodedStream(new GZipStream(whole, CompressionMode.Decompress));
        if (magic.StartsWith<byte>([0x1f, 0x9d]))
            return new FilterProgram("gzip", [], whole);
        if (magic.StartsWith<byte>([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return new FilterProgram("xz", [MemoryLimit], whole);
        if (magic.StartsWith("LZIP"u8))
            return new FilterProgram("xz", ["--format=lzip", MemoryLimit], whole);
        if (IsLzma(magic))
            return new FilterProgram("xz", ["--format=lzma", MemoryLimit], whole);
        if (magic.StartsWith("BZh"u8))
            return new FilterProgram("bzip2", [], whole);
        if (IsZstandard(magic))
            return new DecodedStream(new DecompressionStream(whole));
        if (Known(magic) is { } known)
            throw new ImportException(
                $"it is {known}, which is not read; use a tar archive, plain or compressed with "
                    + "gzip, xz, bzip2 or zstd"
            );
        return whole;
    }

    /// <summary>A frame, or one to be skipped (0x184D2A50 to 5F), with which pzstd starts.</summary>
    private static bool IsZstandard(ReadOnlySpan<byte> magic) =>
        magic.Length >= 4
        && BinaryPrimitives.ReadUInt32LittleEndian(magic) is 0xfd2fb528 or (>= 0x184d2a50 and <= 0x184d2a5f);

    /// <summary>
    /// The format has no magic: properties as every encoder writes them, a dictionary of 2^n or 2^n + 2^(n-1) bytes,
    /// and a length that is unknown or below 256 GiB. The same test is xz's.
    /// </summary>
    private static bool IsLzma(ReadOnlySpan<byte> magic)
    {
        if (magic.Length < MagicLength || magic[0] != 0x5d)
            return false;
        var dictionary = BinaryPrimitives.ReadUInt32LittleEndian(magic[1..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(magic[5..]);
        return dictionary >= 1 << 12
            && (BitOperations.IsPow2(dictionary) || (dictionary % 3 == 0 && BitOperations.IsPow2(dictionary / 3)))
            && length is ulong.MaxValue or < 1ul << 38;
    }

    private static string? Known(ReadOnlySpan<byte> magic) =>
        magic.StartsWith("PK\x03\x04"u8) ? "a zip archive"
        : magic.StartsWith<byte>([(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]) ? "a 7z archive"
        : magic.StartsWith("Rar!"u8) ? "a rar archive"
        : magic.StartsWith("07070"u8) ? "a cpio archive"
        : magic.StartsWith("!<arch>\n"u8) ? "an ar archive, such as a Debian package"
        : magic.StartsWith<byte>([0xed, 0xab, 0xee, 0xdb]) ? "an RPM package"
        : magic.StartsWith<byte>([0x04, 0x22, 0x4d, 0x18]) ? "compressed with lz4"
        : magic.StartsWith<byte>([0x89, (byte)'L', (byte)'Z', (byte)'O']) ? "compressed with lzop"
        : magic.StartsWith("LRZI"u8) ? "compressed with lrzip"
        : null;
}
