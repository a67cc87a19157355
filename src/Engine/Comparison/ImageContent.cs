using System.Collections.Immutable;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Comparison;

/// <summary>One layer of an image.</summary>
/// <param name="DiffId"><c>sha256:…</c> of the uncompressed layer.</param>
/// <param name="Description">What made it, from the image's history; empty where nothing is written there.</param>
/// <param name="CompressedBytes">As it is in the archive.</param>
internal sealed record ContentLayer(string DiffId, string Description, long CompressedBytes);

/// <summary>An image as it is compared: its configuration, its layers, and the files that all of them leave.</summary>
/// <param name="Settings">
/// The configuration but for layers and history, one line a setting: <c>Env PGDATA</c> → <c>/var/lib/…</c>. Lists are
/// JSON.
/// </param>
/// <param name="Layers">Bottom first.</param>
/// <param name="Files">With owners and modes.</param>
internal sealed record ImageContent(
    ImmutableSortedDictionary<string, string> Settings,
    ImmutableArray<ContentLayer> Layers,
    FileListing Files
)
{
    /// <summary>Reads an archive (OCI or <c>docker save</c>), or the directory of an OCI image layout.</summary>
    /// <exception cref="EngineException">It is neither, or damaged, or cannot be read.</exception>
    public static ImageContent OfArchive(string path, CancellationToken cancellationToken = default) =>
        Guarded(path, () =>
            Of(
                Directory.Exists(path) ? ImageBlobs.OfLayout(path) : ImageBlobs.OfArchive(path),
                cancellationToken: cancellationToken
            )
        );

    /// <summary>Reads an image that was composed into the store.</summary>
    /// <exception cref="EngineException">A blob is absent or damaged.</exception>
    public static ImageContent OfStore(ImageResult image, ContentStore store) =>
        Guarded(image.Reference, () => Of(ImageBlobs.OfStore(image, store), OciIndex.BlobName(image.Manifest)));

    /// <summary>True if a file is an image archive, whole or damaged; false for any other archive.</summary>
    public static bool IsArchive(string path)
    {
        try
        {
            var blobs = ImageBlobs.OfArchive(path);
            return blobs.Has(OciIndex.IndexName) || blobs.Has(OciIndex.DockerName);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            // It is compressed, or no archive at all.
            return false;
        }
    }

    private static ImageContent Guarded(string name, Func<ImageContent> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not EndOfStreamException)
        {
            throw new EngineException($"'{name}' cannot be read: {e.Message}", e);
        }
        catch (Exception e)
            when (e
                    is FormatException
                        or ImportException
                        or InvalidDataException
                        or EndOfStreamException
                        or JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
            )
        {
            throw new EngineException($"'{name}' is not an image archive, or is damaged: {e.Message}", e);
        }
    }

    private static ImageContent Of(
        ImageBlobs blobs,
        string? manifest = null,
        CancellationToken cancellationToken = default
    )
    {
        var (configuration, layers) = ImageManifest.Find(blobs, manifest);
        using var document = JsonDocument.Parse(blobs.Read(configuration));
        var diffIds = document
            .RootElement.GetProperty("rootfs")
            .GetProperty("diff_ids")
            .EnumerateArray()
            .Select(x => x.GetString() ?? "")
            .ToList();
        if (diffIds.Count != layers.Length)
            throw new FormatException(
                $"its configuration names {diffIds.Count} layers, and its manifest {layers.Length}"
            );
        var descriptions = ImageSettings.Descriptions(document.RootElement, diffIds.Count);
        var reader = new LayerReader(cancellationToken);
        foreach (var layer in layers)
        {
            if (!blobs.Has(layer))
                throw new FormatException($"it has no '{layer}'");
            using var stream = blobs.Open(layer);
            reader.Add(stream);
        }
        return new(
            ImageSettings.Of(document.RootElement),
            [.. diffIds.Select((x, i) => new ContentLayer(x, descriptions[i], blobs.Length(layers[i])))],
            reader.Result
        );
    }
}
