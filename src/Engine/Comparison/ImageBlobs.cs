using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;

namespace Recipes.Engine.Comparison;

/// <summary>
/// The files of an image layout by name (<c>index.json</c>, <c>blobs/sha256/…</c>), wherever they are kept.
/// </summary>
internal abstract class ImageBlobs
{
    /// <summary>For messages.</summary>
    public required string Name { get; init; }

    /// <summary>The files of a <c>docker save</c> or OCI archive.</summary>
    public static ImageBlobs OfArchive(string path)
    {
        var places = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        using var file = File.OpenRead(path);
        var archive = new TarArchive(file);
        while (archive.Next() is { } entry)
        {
            if (entry is { Kind: TarKind.File, Holes: 0 })
                places[LayerReader.Normal(entry.Name)] = (entry.Offset, entry.Length);
        }
        return new Archive(path, places) { Name = path };
    }

    /// <summary>The files of an OCI image layout.</summary>
    public static ImageBlobs OfLayout(string directory) => new Layout(directory) { Name = directory };

    /// <summary>The blobs of an image that was composed into the store.</summary>
    public static ImageBlobs OfStore(ImageResult image, ContentStore store) =>
        new Stored(store, OciIndex.Blobs(image).ToDictionary(OciIndex.BlobName)) { Name = image.Reference };

    /// <summary>True if there is such a file.</summary>
    public abstract bool Has(string name);

    /// <summary>Opens a file; what follows its end may be anything.</summary>
    public abstract Stream Open(string name);

    /// <summary>In bytes.</summary>
    public abstract long Length(string name);

    /// <summary>A small file, whole.</summary>
    public byte[] Read(string name)
    {
        if (!Has(name))
            throw new FormatException($"it has no '{name}'");
        const int most = 1 << 24;
        var length = Length(name);
        if (length > most)
            throw new FormatException($"'{name}' is too long for a document");
        var bytes = new byte[length];
        using var stream = Open(name);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed class Archive(string path, Dictionary<string, (long Offset, long Length)> places) : ImageBlobs
    {
        public override bool Has(string name) => places.ContainsKey(name);

        public override long Length(string name) => places[name].Length;

        public override Stream Open(string name)
        {
            var stream = File.OpenRead(path);
            stream.Position = places[name].Offset;
            return stream;
        }
    }

    private sealed class Layout(string directory) : ImageBlobs
    {
        public override bool Has(string name) => File.Exists(Path.Join(directory, name));

        public override long Length(string name) => new FileInfo(Path.Join(directory, name)).Length;

        public override Stream Open(string name) => File.OpenRead(Path.Join(directory, name));
    }

    private sealed class Stored(ContentStore store, Dictionary<string, Digest> blobs) : ImageBlobs
    {
        public override bool Has(string name) => blobs.ContainsKey(name);

        public override long Length(string name) => blobs[name].Size;

        public override Stream Open(string name) => File.OpenRead(OciArchive.Find(blobs[name], store));
    }
}
