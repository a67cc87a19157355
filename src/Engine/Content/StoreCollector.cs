namespace Recipes.Engine.Content;

/// <summary>What a garbage collection did.</summary>
/// <param name="BytesBefore">Bytes on disk before.</param>
/// <param name="BytesAfter">Bytes on disk after.</param>
/// <param name="Removed">Number of trees, blobs, records, logs and kept folders that were deleted.</param>
/// <param name="ScratchRemoved">Number of scratch folders of dead processes that were deleted.</param>
public sealed record StoreCleanup(long BytesBefore, long BytesAfter, int Removed, int ScratchRemoved);

/// <summary>Deletes the least recently used things of a store that nothing needs.</summary>
internal static class StoreCollector
{
    /// <summary>
    /// Deletes what dead processes left in the scratch folder, and then, least recently used first, whatever is not
    /// needed, until the store takes no more than <paramref name="keepBytes"/>.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="keepBytes">Bytes on disk that may stay; what is needed stays even if it takes more.</param>
    /// <param name="needed">Digests of trees, blobs, and keys of records and logs that current recipes need.</param>
    /// <param name="cancellationToken">Stops between two deletions.</param>
    /// <exception cref="EngineException">Another process uses the store.</exception>
    public static StoreCleanup Collect(
        ContentStore store,
        long keepBytes,
        IReadOnlySet<Digest> needed,
        CancellationToken cancellationToken
    )
    {
        StoreCleanup? result = null;
        if (!store.TryExclusively(() => result = CollectAlone(store.Layout, keepBytes, needed, cancellationToken)))
            throw new EngineException(
                $"The store '{store.Root}' is in use by another process. Run the command again when that has ended."
            );
        return result!;
    }

    private static StoreCleanup CollectAlone(
        StoreLayout layout,
        long keepBytes,
        IReadOnlySet<Digest> needed,
        CancellationToken cancellationToken
    )
    {
        var entries = StoreInventory.Read(layout, cancellationToken).ToList();
        var space = new Space(entries);
        var before = space.Bytes;
        // Nobody else uses the store, so every scratch folder but our own was left behind.
        var own = $"{Environment.ProcessId}-";
        var stale = entries.Where(x =>
            x.Kind == StoreEntryKind.Scratch && !x.Name.StartsWith(own, StringComparison.Ordinal)
        );
        var scratchRemoved = stale.Count(x => Remove(layout, space, x, cancellationToken));
        var hashes = needed.Select(x => x.Hash).ToHashSet(StringComparer.Ordinal);
        var candidates = entries
            .Where(x => x.Kind is not (StoreEntryKind.Scratch or StoreEntryKind.Git) && !hashes.Contains(x.Name))
            .OrderBy(x => x.LastUsed)
            .ThenBy(x => x.Name, StringComparer.Ordinal);
        var removed = candidates
            .TakeWhile(_ => space.Bytes > keepBytes)
            .Count(x => Remove(layout, space, x, cancellationToken));
        return new(before, space.Bytes, removed, scratchRemoved);
    }

    private static bool Remove(StoreLayout layout, Space space, StoreEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var path in entry.Paths)
            Remove(layout, path);
        space.Free(entry);
        return true;
    }

    /// <summary>Deletes a file or folder so that at no time a part of it stands under its name.</summary>
    internal static void Remove(StoreLayout layout, string path)
    {
        if (Posix.Stat(path) is not { } stat)
            return;
        if (stat.Kind != FileKind.Folder)
        {
            File.Delete(path);
            return;
        }
        var doomed = layout.NewScratch("removed");
        var error = Posix.TryRename(path, doomed);
        if (error != 0)
            throw Posix.Failure("move away", path, error);
        ScratchDirectory.Delete(doomed);
    }

    /// <summary>The space taken, where a file is freed only with its last name.</summary>
    private sealed class Space
    {
        private readonly Dictionary<(ulong, ulong), int> names = [];

        public Space(IEnumerable<StoreEntry> entries)
        {
            foreach (var file in entries.SelectMany(x => x.Files))
            {
                var key = (file.Device, file.Inode);
                if (!names.TryGetValue(key, out var count))
                    Bytes += file.Bytes;
                names[key] = count + 1;
            }
        }

        public long Bytes { get; private set; }

        public void Free(StoreEntry entry)
        {
            foreach (var file in entry.Files)
            {
                var key = (file.Device, file.Inode);
                if (--names[key] == 0)
                    Bytes -= file.Bytes;
            }
        }
    }
}
