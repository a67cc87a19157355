using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using TarWriter = Recipes.Engine.Content.Tar.TarWriter;

namespace Recipes.Engine.Images;

/// <summary>Owner and permission bits of a path in an image that a tree cannot hold.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
internal sealed record OwnedPath(string Path, int Mode, int Uid, int Gid);

/// <summary>The root of an image as a tree in the store, to run something in it.</summary>
/// <param name="Tree">All layers, one over the other.</param>
/// <param name="Owned">What is not root's, or has another mode than 0755 or 0644; by path.</param>
internal sealed record ImageRoot(
    [property: JsonRequired] Digest Tree,
    [property: JsonRequired] ImmutableArray<OwnedPath> Owned
)
{
    /// <summary>Image → its unpacked root.</summary>
    internal static RecordType<ImageRoot> Roots { get; } =
        RecordType.OfJson("image", RecordRole.Lasting, ImagesJson.Default.ImageRoot);

    /// <summary>
    /// Unpacks the layers of an image, so that what runs is what is shipped; done once for each image.
    /// </summary>
    /// <exception cref="EngineException">A layer is absent or damaged.</exception>
    public static ImageRoot Of(ImageResult image, ContentStore store)
    {
        var key = new KeyBuilder("root 1").Add(image.Manifest.ToString()).Digest;
        if (store.FindRecord(Roots, key) is { } found && store.HasTree(found.Tree))
            return found;
        using var scratch = store.CreateScratch(image.Name);
        var owned = new SortedDictionary<string, OwnedPath>(TarWriter.PathOrder);
        foreach (var layer in image.Layers)
            Unpack(layer, scratch.Path, owned, store);
        var root = new ImageRoot(store.AddTree(scratch.Path).Digest, [.. owned.Values]);
        store.WriteRecord(Roots, key, root);
        return root;
    }

    private static void Unpack(
        ImageLayer layer,
        string root,
        SortedDictionary<string, OwnedPath> owned,
        ContentStore store
    )
    {
        var blob = OciArchive.Find(layer.Blob, store);
        if (Digest.OfFile(blob) != layer.Blob)
            throw new EngineException($"The layer {layer.Blob} is damaged; {new Remedy(RemedyKind.VerifyStore)}");
        using var gzip = new GZipStream(File.OpenRead(blob), CompressionMode.Decompress);
        using var reader = new TarArchive(gzip);
        while (reader.Next() is { } entry)
        {
            var path = entry.Name.TrimEnd('/');
            Unpack(entry, root, Path.Join(root, path));
            var ownership = new FileOwnership((int)entry.Mode, entry.Uid, entry.Gid);
            owned.Remove(path);
            if (ownership != Usual(entry))
                owned.Add(path, new(path, ownership.Mode, ownership.Uid, ownership.Gid));
        }
    }

    private static void Unpack(TarEntry entry, string root, string path)
    {
        // Two packages may hold the same file; the upper layer counts.
        if (entry.EntryType != TarEntryType.Directory)
            File.Delete(path);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                // The links of a tree are never known, so that it makes no difference.
                File.Copy(Path.Join(root, entry.LinkName), path);
                break;
            default:
                using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
                    entry.DataStream?.CopyTo(file);
                File.SetUnixFileMode(path, FileStamp.ModeOf(IsExecutable(entry)));
                break;
        }
    }

    private static FileOwnership Usual(TarEntry entry) =>
        entry.EntryType switch
        {
            TarEntryType.Directory => FileOwnership.Folder,
            TarEntryType.SymbolicLink => FileOwnership.Link,
            _ => FileOwnership.File(IsExecutable(entry)),
        };

    private static bool IsExecutable(TarEntry entry) => (entry.Mode & UnixFileMode.UserExecute) != 0;
}
