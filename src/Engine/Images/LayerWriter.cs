using System.Globalization;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>A layer in the store.</summary>
/// <param name="DiffId">The digest of the tar archive, as the image configuration names it.</param>
/// <param name="Blob">The digest of the compressed archive, as the manifest names it.</param>
internal sealed record StoredLayer(Digest DiffId, Digest Blob);

/// <summary>
/// Writes layers into the store: a tar archive, compressed in gzip members on all cores. A layer is looked up by its
/// entries, since the compressed bytes may change with the runtime.
/// </summary>
internal static class LayerWriter
{
    /// <summary>Changes when the same entries would give another archive.</summary>
    private const string Version = "layer 1";

    /// <summary>Writes a layer, or finds it.</summary>
    /// <param name="store">Where the layer goes.</param>
    /// <param name="entries">In any order; the parents of each are among them.</param>
    /// <param name="cancellationToken">Stops it, also within a file.</param>
    public static StoredLayer Write(ContentStore store, IReadOnlyCollection<LayerEntry> entries, CancellationToken cancellationToken)
    {
        var sorted = entries.OrderBy(x => x.Path, TarWriter.PathOrder).ToList();
        var key = KeyOf(sorted);
        if (Find(store, key) is { } found)
            return found;
        var layer = WriteNew(store, sorted, cancellationToken);
        store.WriteRecord(
            RecordKind.Layer,
            key,
            JsonSerializer.SerializeToUtf8Bytes(
                new LayerRecord(layer.DiffId.ToString(), layer.Blob.ToString()),
                ImagesJson.Default.LayerRecord
            )
        );
        return layer;
    }

    private static Digest KeyOf(List<LayerEntry> entries)
    {
        var text = new StringBuilder(Version).Append('\n');
        foreach (var (path, kind, (mode, uid, gid), content, _, target, _) in entries)
            // No name holds a NUL, so two different lists never give the same text.
            text.Append(CultureInfo.InvariantCulture, $"{path}\0{kind}\0{mode}\0{uid}\0{gid}\0{content}\0{target}\0\n");
        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static StoredLayer? Find(ContentStore store, Digest key)
    {
        if (store.FindRecord(RecordKind.Layer, key) is not { } document)
            return null;
        var record = JsonSerializer.Deserialize(document, ImagesJson.Default.LayerRecord)!;
        var layer = new StoredLayer(Digest.Parse(record.DiffId), Digest.Parse(record.Blob));
        return store.FindBlob(layer.Blob) is null ? null : layer;
    }

    private static StoredLayer WriteNew(ContentStore store, List<LayerEntry> entries, CancellationToken cancellationToken)
    {
        using var scratch = store.CreateScratch("layer");
        var path = Path.Join(scratch.Path, "layer.tar.gz");
        Digest diffId;
        using (var file = File.Create(path))
        using (var gzip = new GzipMembers(file))
        using (var archive = new HashingStream(gzip))
        {
            using var stoppable = new CancellableStream(archive, cancellationToken);
            var tar = new TarWriter(stoppable);
            foreach (var entry in entries)
                Add(tar, entry);
            tar.Finish();
            gzip.Finish();
            diffId = archive.Digest;
        }
        return new(diffId, store.AddBlobFile(path));
    }

    private static void Add(TarWriter tar, LayerEntry entry)
    {
        switch (entry.Kind)
        {
            case TreeEntryKind.Folder:
                tar.AddFolder(entry.Path, entry.Ownership);
                break;
            case TreeEntryKind.Link:
                tar.AddLink(entry.Path, entry.Target!, entry.Ownership);
                break;
            case TreeEntryKind.File when entry.Source is { } source:
                tar.AddFile(entry.Path, source, entry.Content, entry.Ownership);
                break;
            default:
                tar.AddFile(entry.Path, entry.Bytes.Span, entry.Ownership);
                break;
        }
    }
}
