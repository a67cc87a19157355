using System.Globalization;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>A layer in the store.</summary>
/// <param name="DiffId">The digest of the tar archive, as the image configuration names it.</param>
/// <param name="Blob">The digest of the compressed archive, as the manifest names it.</param>
internal sealed record StoredLayer([property: JsonRequired] Digest DiffId, [property: JsonRequired] Digest Blob);

/// <summary>
/// Writes layers into the store: a tar archive, compressed in gzip members on all cores. A layer is looked up by its
/// entries, since the compressed bytes may change with the runtime.
/// </summary>
internal static class LayerWriter
{
    /// <summary>The entries of a layer → its two digests.</summary>
    internal static RecordType<StoredLayer> Layers { get; } =
        RecordType.OfJson("layer", RecordRole.Lasting, ImagesJson.Default.StoredLayer);

    /// <summary>Changes when the same entries would give another archive.</summary>
    private const string Version = "layer 1";

    /// <summary>Writes a layer, or finds it.</summary>
    /// <param name="plan">The layer.</param>
    /// <param name="store">Where the layer goes.</param>
    /// <param name="observer">Is told of the progress.</param>
    /// <param name="cancellationToken">Stops it, also within a file.</param>
    public static StoredLayer Write(
        LayerPlan plan,
        ContentStore store,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sorted = plan.Entries.OrderBy(x => x.Path, TarWriter.PathOrder).ToList();
        var key = KeyOf(sorted);
        if (store.FindRecord(Layers, key) is { } found && store.FindBlob(found.Blob) is not null)
            return found;
        var layer = WriteNew(
            sorted,
            output => new WatchedStream(output, plan.Name, plan.FileBytes, observer, cancellationToken),
            store
        );
        store.WriteRecord(Layers, key, layer);
        return layer;
    }

    private static Digest KeyOf(List<LayerEntry> entries)
    {
        var key = new KeyBuilder(Version);
        foreach (var (path, kind, (mode, uid, gid, capabilities), content, _, target, _, same) in entries)
        {
            // Hardly any file has capabilities, and the layers of today keep their keys.
            string[] more = capabilities == default ? [] : [capabilities.ToString()];
            key.AddRow(
                '\0',
                [path, $"{kind}", Text(mode), Text(uid), Text(gid), $"{content}", target ?? "", same ?? "", .. more]
            );
        }
        return key.Digest;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static StoredLayer WriteNew(List<LayerEntry> entries, Func<Stream, Stream> watch, ContentStore store)
    {
        using var scratch = store.CreateScratch("layer");
        var path = Path.Join(scratch.Path, "layer.tar.gz");
        Digest diffId;
        using (var file = File.Create(path))
        using (var gzip = new GzipMembers(file))
        using (var archive = new HashingStream(gzip))
        {
            using var watched = watch(archive);
            var tar = new TarWriter(watched);
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
            case TreeEntryKind.File when entry.SameAs is { } same:
                tar.AddHardLink(entry.Path, same, entry.Ownership);
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
