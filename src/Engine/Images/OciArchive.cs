using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>
/// Writes a composed image as one archive that is an OCI image layout and a Docker archive at once: <c>docker load</c>,
/// <c>podman load</c>, and skopeo's <c>oci-archive:</c> and <c>docker-archive:</c> open it.
/// </summary>
internal static class OciArchive
{
    /// <summary>Image and its name → the digest of its archive.</summary>
    internal static RecordType<DigestDocument> Archives { get; } = RecordType.OfDigest("image", RecordRole.Lasting);

    /// <summary>
    /// Writes the archive, unless the file is this very archive already (its digest is compared). The file appears
    /// whole, by one rename, or stays as it was.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="path">The file.</param>
    /// <param name="store">Holds the blobs.</param>
    /// <param name="observer">Is told of the progress; null for nobody.</param>
    /// <param name="cancellationToken">Stops it; the file then stays as it was.</param>
    /// <returns>True if it was written.</returns>
    /// <exception cref="EngineException">The file cannot be written, or a blob is absent or damaged.</exception>
    public static bool Write(
        ImageResult image,
        string path,
        ContentStore store,
        IEngineObserver? observer = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Path.GetFullPath(path);
        var key = new KeyBuilder("archive 1").Add(image.Manifest.ToString(), image.Reference).Digest;
        try
        {
            if (Directory.Exists(target))
                throw new EngineException($"The archive cannot be written to '{target}': that is a directory.");
            if (IsWritten(key, target, store))
                return false;
            var digest = WriteNew(image, target, store, observer ?? SilentObserver.Instance, cancellationToken);
            store.WriteRecord(Archives, key, new(digest));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The archive '{target}' cannot be written: {e.Message}", e);
        }
    }

    private static bool IsWritten(Digest key, string target, ContentStore store) =>
        store.FindRecord(Archives, key) is { Digest: var digest }
        && Posix.Stat(target) is { Kind: FileKind.File } stat
        && stat.Size == digest.Size
        && Digest.OfFile(target) == digest;

    private static Digest WriteNew(
        ImageResult image,
        string target,
        ContentStore store,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        var name = Path.GetFileName(target);
        var total = OciIndex.Blobs(image).Sum(x => x.Size);
        using var draft = FileDraft.Beside(target);
        Digest digest;
        using (var file = draft.Create(1 << 17))
        using (var archive = new HashingStream(file))
        using (var watched = new WatchedStream(archive, name, total, observer, cancellationToken))
        {
            WriteTo(image, watched, store);
            digest = archive.Digest;
        }
        draft.Publish();
        return digest;
    }

    private static void WriteTo(ImageResult image, Stream output, ContentStore store)
    {
        var tar = new TarWriter(output);
        tar.AddFolder("blobs", FileOwnership.Folder);
        tar.AddFolder("blobs/sha256", FileOwnership.Folder);
        foreach (var blob in OciIndex.Blobs(image))
            tar.AddFile(OciIndex.BlobName(blob), Find(blob, store), blob, FileOwnership.File(false));
        tar.AddFile(OciIndex.IndexName, OciIndex.Index(image), FileOwnership.File(false));
        tar.AddFile(OciIndex.DockerName, OciIndex.Docker(image, [image.Reference]), FileOwnership.File(false));
        tar.AddFile(OciIndex.LayoutName, OciIndex.Layout, FileOwnership.File(false));
        tar.Finish();
    }

    internal static string Find(Digest blob, ContentStore store) =>
        store.FindBlob(blob)
        ?? throw new EngineException(
            $"The blob {blob} is not in the store '{store.Root}'. Run the command again to make it anew."
        );
}
