using System.Buffers;
using System.Security.Cryptography;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// Writes tar archives that are a pure function of their entries. System.Formats.Tar is no choice: it puts the process
/// id into the names of pax headers.
/// </summary>
internal sealed class TarWriter(Stream output)
{
    /// <summary>The mtime of every entry, in seconds since the epoch.</summary>
    public const long Modified = FileStamp.Seconds;

    private static readonly byte[] Zeros = new byte[2 * TarHeader.BlockSize];

    /// <summary>Sorts paths by UTF-8 bytes, which puts parents first.</summary>
    public static IComparer<string> PathOrder => TreeDirectory.NameOrder;

    /// <summary>Writes a folder.</summary>
    public void AddFolder(string path, FileOwnership ownership) =>
        output.Write(TarHeader.Encode(path + "/", TarHeader.Folder, ownership, 0, Modified, ""));

    /// <summary>Writes a symbolic link.</summary>
    public void AddLink(string path, string target, FileOwnership ownership) =>
        output.Write(TarHeader.Encode(path, TarHeader.Link, ownership, 0, Modified, target));

    /// <summary>Writes another name of a file.</summary>
    /// <param name="path">The name.</param>
    /// <param name="target">The path of an entry before it.</param>
    /// <param name="ownership">Those of that entry.</param>
    public void AddHardLink(string path, string target, FileOwnership ownership) =>
        output.Write(TarHeader.Encode(path, TarHeader.HardLink, ownership, 0, Modified, target));

    /// <summary>Writes a file with these bytes.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content, FileOwnership ownership)
    {
        output.Write(TarHeader.Encode(path, TarHeader.File, ownership, content.Length, Modified, ""));
        output.Write(content);
        Pad(content.Length);
    }

    /// <summary>Writes a file with the content of another, which is verified on the way.</summary>
    /// <exception cref="EngineException">The content does not match the digest.</exception>
    public void AddFile(string path, string source, Digest digest, FileOwnership ownership)
    {
        output.Write(TarHeader.Encode(path, TarHeader.File, ownership, digest.Size, Modified, ""));
        Copy(source, digest);
        Pad(digest.Size);
    }

    /// <summary>Writes a file whose content is made on the way, and verified.</summary>
    /// <param name="path">Of the entry.</param>
    /// <param name="content">What <paramref name="write"/> writes.</param>
    /// <param name="write">Writes the content, and leaves the stream open.</param>
    /// <param name="ownership">Mode and owner.</param>
    /// <exception cref="EngineException">The content does not match the digest.</exception>
    public void AddFile(string path, Digest content, Action<Stream> write, FileOwnership ownership)
    {
        output.Write(TarHeader.Encode(path, TarHeader.File, ownership, content.Size, Modified, ""));
        using (var stream = new HashingStream(output))
        {
            write(stream);
            if (stream.Digest != content)
                throw new EngineException(
                    $"'{path}' came out as {stream.Digest}, and was measured as {content}. Run this command again."
                );
        }
        Pad(content.Size);
    }

    /// <summary>Writes the end of the archive; the stream stays open.</summary>
    public void Finish() => output.Write(Zeros);

    private void Pad(long size) => output.Write(Zeros.AsSpan(0, TarHeader.Padding(size)));

    private void Copy(string source, Digest digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(source);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        long offset = 0;
        for (
            int length;
            offset <= digest.Size && (length = RandomAccess.Read(file, buffer, offset)) > 0;
            offset += length
        )
        {
            hash.AppendData(buffer, 0, length);
            output.Write(buffer, 0, length);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        if (offset != digest.Size || Digest.FromHash(hash.GetHashAndReset(), offset) != digest)
            throw new EngineException(
                $"'{source}' does not have the content that its digest names; "
                    + $"{new Remedy(RemedyKind.VerifyStore)}"
            );
    }
}
