using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Recipes.Engine.Sources.Trees;
using ZstdSharp;

namespace Recipes.Engine.Sources.Archives;

/// <summary>Opens compressed streams, known by their first bytes and not by their names.</summary>
internal static class Decompression
{
    private const int MagicLength = 6;

    /// <summary>
    /// The unpacked bytes of a stream in gzip, xz, bzip2 or zstandard format, or the stream itself. The source is not
    /// closed.
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
        // A header of a few bytes may ask for 4 GiB; 'xz -9' needs 65 MiB.
        if (magic.SequenceEqual<byte>([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return new FilterProgram("xz", ["--memlimit-decompress=1GiB"], whole);
        if (magic.StartsWith("BZh"u8))
            return new FilterProgram("bzip2", [], whole);
        if (magic.StartsWith<byte>([0x28, 0xb5, 0x2f, 0xfd]))
            return new DecodedStream(new DecompressionStream(whole));
        if (magic.StartsWith("LZIP"u8))
            throw new ImportException("it is compressed with lzip, which is not read; use gz, xz, bz2 or zst");
        if (magic.StartsWith("PK\x03\x04"u8))
            throw new ImportException("it is a zip archive, which is not read; use a tar archive");
        return whole;
    }
}
