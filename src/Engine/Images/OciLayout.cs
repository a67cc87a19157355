using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>Writes a composed image as an OCI image layout: a directory that skopeo's <c>oci:</c> and umoci open.</summary>
public static class OciLayout
{
    /// <summary>
    /// Writes the layout, in place of an earlier one. The index is written last, so that at every moment it names blobs
    /// that are there.
    /// </summary>
    /// <exception cref="EngineException">The directory holds something else, or cannot be written.</exception>
    public static void Write(ContentStore store, ImageResult image, string directory)
    {
        var target = Path.GetFullPath(directory);
        try
        {
            Directory.CreateDirectory(target);
            if (!File.Exists(Path.Join(target, OciIndex.LayoutName)) && Directory.EnumerateFileSystemEntries(target).Any())
                throw new EngineException($"The directory '{target}' is no OCI layout and is not empty. Name another, or empty it.");
            var blobs = Directory.CreateDirectory(Path.Join(target, "blobs", "sha256")).FullName;
            FileDraft.Write(Path.Join(target, OciIndex.LayoutName), OciIndex.Layout, FileDurability.None);
            foreach (var blob in OciIndex.Blobs(image))
                CopyBlob(store, blob, Path.Join(blobs, blob.Hash));
            FileDraft.Write(Path.Join(target, OciIndex.IndexName), OciIndex.Index(image), FileDurability.None);
            var wanted = OciIndex.Blobs(image).Select(x => x.Hash).ToHashSet(StringComparer.Ordinal);
            foreach (var stale in Directory.EnumerateFiles(blobs).Where(x => !wanted.Contains(Path.GetFileName(x))).ToList())
                File.Delete(stale);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The layout '{target}' cannot be written: {e.Message}", e);
        }
    }

    private static void CopyBlob(ContentStore store, Digest blob, string path)
    {
        if (File.Exists(path) && Digest.OfFile(path) == blob)
            return;
        using var draft = FileDraft.Beside(path, FileDurability.None);
        File.Copy(OciArchive.Find(store, blob), draft.Path);
        if (Digest.OfFile(draft.Path) != blob)
            throw new EngineException($"The blob {blob} is damaged. Run 'recipes store verify', then this command again.");
        draft.Publish();
    }
}
