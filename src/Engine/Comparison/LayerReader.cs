using System.Buffers;
using System.Security.Cryptography;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Inspection;
using Recipes.Engine.Sources.Archives;

namespace Recipes.Engine.Comparison;

/// <summary>
/// Lays the layers of an image over each other, as a container engine does (OCI image specification, <c>layer.md</c>):
/// a later layer wins, and whiteouts take away what is below. ELF files are read on the way, since a layer has no other
/// order.
/// </summary>
internal sealed class LayerReader(CancellationToken cancellationToken)
{
    private const string Whiteout = ".wh.";
    private const string OpaqueFolder = ".wh..wh..opq";
    private const long LargestElf = 1 << 30;
    private const long LargestImage = 64L << 30;
    private const int Chunk = 1 << 24;

    private readonly Dictionary<string, Member> files = new(StringComparer.Ordinal);
    private long unpackedBytes;

    /// <summary>What all layers so far leave.</summary>
    public FileListing Result =>
        new(files.Values.Select(x => x.File), path => files[path].Elf, path => files[path].Text);

    /// <summary>A path relative to the root, without <c>./</c> and without a slash at the end.</summary>
    public static string Normal(string name) => string.Join('/', name.Split('/').Where(x => x is not ("" or ".")));

    /// <summary>Adds a layer, compressed or not.</summary>
    public void Add(Stream layer)
    {
        using var unpacked = Decompression.Open(layer);
        using var limited = new LimitedStream(
            unpacked,
            LargestImage - unpackedBytes,
            $"it unpacks to more than {LargestImage} bytes",
            cancellationToken
        );
        var archive = new TarArchive(limited);
        // Whiteouts hide only what lower layers brought.
        var below = files.Keys.Order(StringComparer.Ordinal).ToArray();
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        while (archive.Next() is { } entry)
        {
            var path = Normal(entry.Name);
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (name == OpaqueFolder)
                HideBelow(path[..^OpaqueFolder.Length].TrimEnd('/'));
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
            {
                var gone = path[..^name.Length] + name[Whiteout.Length..];
                HideBelow(gone);
                files.Remove(gone);
            }
            else if (path.Length > 0)
            {
                limited.Count(entry.Holes);
                Add(entry, path);
            }
        }

        unpackedBytes += limited.Total;

        void HideBelow(string folder)
        {
            if (!hidden.Add(folder))
                return;
            var prefix = folder.Length == 0 ? "" : folder + "/";
            var at = Array.BinarySearch(below, prefix, StringComparer.Ordinal);
            for (
                var i = at < 0 ? ~at : at;
                i < below.Length && below[i].StartsWith(prefix, StringComparison.Ordinal);
                i++
            )
                files.Remove(below[i]);
        }
    }

    private sealed record Member(ListedFile File, ElfFile? Elf = null, byte[]? Text = null);

    private void Add(TarMember entry, string path)
    {
        var (mode, uid, gid) = ((int)entry.Mode, Owner(entry.Uid, path), Owner(entry.Gid, path));
        switch (entry.Kind)
        {
            case TarKind.Folder:
                files[path] = new(new(path, TreeEntryKind.Folder, default, mode, uid, gid, null));
                break;
            case TarKind.Link:
                files[path] = new(new(path, TreeEntryKind.Link, default, mode, uid, gid, entry.Target));
                break;
            case TarKind.HardLink when files.TryGetValue(Normal(entry.Target), out var same):
                files[path] = same with { File = same.File with { Path = path } };
                break;
            case TarKind.File:
                var (content, elf, text) = Read(path, entry.Content, entry.Length);
                files[path] = new(
                    new(path, TreeEntryKind.File, content, mode, uid, gid, null, entry.Capabilities),
                    elf,
                    text
                );
                break;
            default:
                throw new FormatException(
                    $"'{path}' in a layer is {entry.Fault ?? $"a {entry.Kind}"}, which is not compared"
                );
        }
    }

    private static int Owner(long id, string path) =>
        id is >= 0 and <= int.MaxValue
            ? (int)id
            : throw new FormatException(
                $"'{path}' in a layer belongs to {id}, and owners beyond {int.MaxValue} are not compared"
            );

    private static (Digest Content, ElfFile? Elf, byte[]? Text) Read(string path, Stream content, long length)
    {
        var head = new byte[4];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (ElfFile.IsElf(head.AsSpan(0, count)) && length < LargestElf)
        {
            var bytes = Whole(head, content, (int)length);
            return (Digest.Of(bytes), Parse(bytes), null);
        }
        if (IsText(path, head.AsSpan(0, count)) && length is > 0 and <= FileListing.LargestText)
        {
            var bytes = Whole(head.AsSpan(0, count), content, (int)length);
            return (Digest.Of(bytes), null, bytes);
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head, 0, count);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        while ((count = content.Read(buffer)) > 0)
            hash.AppendData(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        return (Digest.FromHash(hash.GetHashAndReset(), length), null, null);
    }

    private static bool IsText(string path, ReadOnlySpan<byte> head) =>
        path.StartsWith("etc/", StringComparison.Ordinal) || head.StartsWith("#!"u8);

    /// <summary>Memory is taken as the bytes come: a header of a few bytes can promise a gigabyte.</summary>
    private static byte[] Whole(ReadOnlySpan<byte> head, Stream content, int length)
    {
        var bytes = new byte[Math.Min(length, Chunk)];
        head.CopyTo(bytes);
        for (var filled = head.Length; filled < length; filled = bytes.Length)
        {
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            content.ReadExactly(bytes.AsSpan(filled));
        }
        return bytes;
    }

    private static ElfFile? Parse(byte[] bytes)
    {
        try
        {
            return ElfFile.Parse(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
