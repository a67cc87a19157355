using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Sources.Archives;

namespace Recipes.Engine.Comparison;

/// <summary>
/// Lays the layers of an image over each other, as a container engine does (OCI image specification, <c>layer.md</c>): a
/// later layer wins, and whiteouts take away what is below. ELF files are read on the way, since a layer has no other order.
/// </summary>
internal sealed class LayerReader
{
    private const string Whiteout = ".wh.";
    private const string OpaqueFolder = ".wh..wh..opq";
    private const long LargestElf = 1 << 30;

    private readonly Dictionary<string, (ListedFile File, ElfFile? Elf)> files = new(StringComparer.Ordinal);

    /// <summary>What all layers so far leave.</summary>
    public FileListing Result => new(files.Values.Select(x => x.File), path => files[path].Elf);

    /// <summary>A path relative to the root, without <c>./</c> and without a slash at the end.</summary>
    public static string Normal(string name) => string.Join('/', name.Split('/').Where(x => x is not ("" or ".")));

    /// <summary>Adds a layer, compressed or not.</summary>
    public void Add(Stream layer)
    {
        using var unpacked = Decompression.Open(layer);
        using var archive = new TarReader(unpacked);
        // Whiteouts hide only what lower layers brought.
        var below = files.Keys.ToList();
        while (archive.GetNextEntry() is { } entry)
        {
            var path = Normal(entry.Name);
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (name == OpaqueFolder)
                Hide(below, path[..^OpaqueFolder.Length].TrimEnd('/'), keepsFolder: true);
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
                Hide(below, path[..^name.Length] + name[Whiteout.Length..], keepsFolder: false);
            else if (path.Length > 0)
                Add(entry, path);
        }
    }

    private void Hide(List<string> below, string path, bool keepsFolder)
    {
        foreach (var hidden in below.Where(x => x.StartsWith(path.Length == 0 ? "" : path + "/", StringComparison.Ordinal)))
            files.Remove(hidden);
        if (!keepsFolder)
            files.Remove(path);
    }

    private void Add(TarEntry entry, string path)
    {
        var (mode, uid, gid) = ((int)entry.Mode, entry.Uid, entry.Gid);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                files[path] = (new(path, TreeEntryKind.Folder, default, mode, uid, gid, null), null);
                break;
            case TarEntryType.SymbolicLink:
                files[path] = (new(path, TreeEntryKind.Link, default, mode, uid, gid, entry.LinkName), null);
                break;
            case TarEntryType.HardLink when files.TryGetValue(Normal(entry.LinkName), out var same):
                files[path] = (same.File with { Path = path }, same.Elf);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                var (content, elf) = Read(entry.DataStream ?? Stream.Null, entry.Length);
                files[path] = (new(path, TreeEntryKind.File, content, mode, uid, gid, null), elf);
                break;
            default:
                throw new FormatException($"'{path}' in a layer is a {entry.EntryType}, which is not compared");
        }
    }

    private static (Digest Content, ElfFile? Elf) Read(Stream content, long length)
    {
        var head = new byte[4];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (ElfFile.IsElf(head.AsSpan(0, count)) && length < LargestElf)
        {
            var bytes = new byte[length];
            head.CopyTo(bytes, 0);
            content.ReadExactly(bytes, head.Length, bytes.Length - head.Length);
            return (Digest.Of(bytes), Parse(bytes));
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head, 0, count);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        while ((count = content.Read(buffer)) > 0)
            hash.AppendData(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        return (Digest.FromHash(hash.GetHashAndReset(), length), null);
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
