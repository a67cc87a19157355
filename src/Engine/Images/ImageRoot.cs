using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

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
        var reader = new TarArchive(gzip);
        while (reader.Next() is { } entry)
        {
            var path = entry.Name.TrimEnd('/');
            Unpack(entry, root, Path.Join(root, path));
            var ownership = new FileOwnership((int)entry.Mode, checked((int)entry.Uid), checked((int)entry.Gid));
            owned.Remove(path);
            if (ownership != Usual(entry))
                owned.Add(path, new(path, ownership.Mode, ownership.Uid, ownership.Gid));
        }
    }

    private static void Unpack(TarMember entry, string root, string path)
    {
        // Two packages may hold the same file; the upper layer counts.
        if (entry.Kind != TarKind.Folder)
            File.Delete(path);
        switch (entry.Kind)
        {
            case TarKind.Folder:
                Directory.CreateDirectory(path);
                break;
            case TarKind.Link:
                File.CreateSymbolicLink(path, entry.Target);
                break;
            case TarKind.HardLink:
                // The links of a tree are never known, so that it makes no difference.
                File.Copy(Path.Join(root, entry.Target), path);
                break;
            default:
                using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
                    entry.Content.CopyTo(file);
                File.SetUnixFileMode(path, FileStamp.ModeOf(entry.IsExecutable));
                break;
        }
    }

    private static FileOwnership Usual(TarMember entry) =>
        entry.Kind switch
        {
            TarKind.Folder => FileOwnership.Folder,
            TarKind.Link => FileOwnership.Link,
            _ => FileOwnership.File(entry.IsExecutable),
        };
}
