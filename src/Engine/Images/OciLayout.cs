using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>
/// Writes a composed image as an OCI image layout: a directory that skopeo's <c>oci:</c> and umoci open.
/// </summary>
internal static class OciLayout
{
    /// <summary>
    /// Writes the layout, in place of an earlier one. The index is written last, so that at every moment it names blobs
    /// that are there.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="directory">The layout.</param>
    /// <param name="store">Holds the blobs.</param>
    /// <param name="observer">Is told of the progress; null for nobody.</param>
    /// <param name="cancellationToken">Stops it; the index then names what it named before.</param>
    /// <exception cref="EngineException">The directory holds something else, or cannot be written.</exception>
    public static void Write(
        ImageResult image,
        string directory,
        ContentStore store,
        IEngineObserver? observer = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Path.GetFullPath(directory);
        try
        {
            Directory.CreateDirectory(target);
            if (
                !File.Exists(Path.Join(target, OciIndex.LayoutName))
                && Directory.EnumerateFileSystemEntries(target).Any()
            )
                throw new EngineException(
                    $"The directory '{target}' is not an OCI layout and is not empty. Name another, or empty it."
                );
            var blobs = Directory.CreateDirectory(Path.Join(target, "blobs", "sha256")).FullName;
            FileDraft.Write(Path.Join(target, OciIndex.LayoutName), OciIndex.Layout, FileDurability.None);
            foreach (var blob in OciIndex.Blobs(image))
                CopyBlob(
                    blob,
                    Path.Join(blobs, blob.Hash),
                    store,
                    observer ?? SilentObserver.Instance,
                    cancellationToken
                );
            FileDraft.Write(Path.Join(target, OciIndex.IndexName), OciIndex.Index(image), FileDurability.None);
            var wanted = OciIndex.Blobs(image).Select(x => x.Hash).ToHashSet(StringComparer.Ordinal);
            foreach (
                var stale in Directory.EnumerateFiles(blobs).Where(x => !wanted.Contains(Path.GetFileName(x))).ToList()
            )
                File.Delete(stale);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The layout '{target}' cannot be written: {e.Message}", e);
        }
    }

    private static void CopyBlob(
        Digest blob,
        string path,
        ContentStore store,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(path) && Digest.OfFile(path) == blob)
            return;
        using var draft = FileDraft.Beside(path, FileDurability.None);
        Digest copied;
        using (var file = draft.Create(1 << 17))
        using (var hash = new HashingStream(file))
        using (var watched = new WatchedStream(hash, blob.Hash[..12], blob.Size, observer, cancellationToken))
        using (var source = File.OpenRead(OciArchive.Find(blob, store)))
        {
            source.CopyTo(watched);
            copied = hash.Digest;
        }
        if (copied != blob)
            throw new EngineException($"The blob {blob} is damaged; {new Remedy(RemedyKind.VerifyStore)}");
        draft.Publish();
    }
}
