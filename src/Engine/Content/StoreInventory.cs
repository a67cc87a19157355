using System.Collections.Immutable;

namespace Recipes.Engine.Content;

/// <summary>The kinds of things in a store, as <c>store du</c> lists them.</summary>
internal enum StoreEntryKind
{
    /// <summary>A tree's files with its listing, or a listing alone.</summary>
    Tree,

    /// <summary>A blob.</summary>
    Blob,

    /// <summary>A record of any kind.</summary>
    Record,

    /// <summary>The log of an action.</summary>
    Log,

    /// <summary>A git repository of a source; the collector leaves it.</summary>
    Git,

    /// <summary>Folders that a failed build left.</summary>
    Kept,

    /// <summary>Work in progress, or what a dead process left of it.</summary>
    Scratch,
}

/// <summary>The space that one file takes; files with several names count once.</summary>
internal readonly record struct StoredFile(ulong Device, ulong Inode, long Bytes);

/// <summary>One thing in a store that is kept or deleted as a whole.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The hash in hexadecimal; of kept and scratch folders, the name.</param>
/// <param name="Paths">What to delete, in that order.</param>
/// <param name="LastUsed">Seconds since the epoch.</param>
/// <param name="Files">All that takes space.</param>
internal sealed record StoreEntry(
    StoreEntryKind Kind,
    string Name,
    ImmutableArray<string> Paths,
    long LastUsed,
    ImmutableArray<StoredFile> Files
);

/// <summary>Everything in a store, seen by looking at each file's metadata.</summary>
internal static class StoreInventory
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0 };

    public static IEnumerable<StoreEntry> Read(StoreLayout layout, CancellationToken cancellationToken)
    {
        var entries = Trees(layout)
            .Concat(Entries(layout.Blobs, StoreEntryKind.Blob))
            .Concat(Records(layout))
            .Concat(Logs(layout))
            .Concat(Folders(layout.Git, StoreEntryKind.Git))
            .Concat(Folders(layout.Kept, StoreEntryKind.Kept))
            .Concat(Folders(layout.Scratch, StoreEntryKind.Scratch));
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <summary>The entries of a folder with two-digit folders in it.</summary>
    public static IEnumerable<string> Fanned(string folder) =>
        Present(folder)
            .Order(StringComparer.Ordinal)
            .SelectMany(x => Directory.EnumerateFileSystemEntries(x, "*", Everything).Order(StringComparer.Ordinal));

    private static IEnumerable<StoreEntry> Trees(StoreLayout layout)
    {
        var listings = Fanned(layout.Listings).ToDictionary(x => Path.GetFileName(x), StringComparer.Ordinal);
        foreach (var path in Fanned(layout.Trees))
        {
            var name = Path.GetFileName(path);
            // A directory without a listing is not a tree, and was never used.
            var paths = listings.Remove(name, out var listing) ? ImmutableArray.Create(path, listing) : [path];
            if (layout.Record(StoreRecords.Stamp.Name, name) is var stamp && File.Exists(stamp))
                paths = paths.Add(stamp);
            yield return Entry(StoreEntryKind.Tree, name, paths, listing is null ? 0 : LastUsed(listing));
        }
        foreach (var (name, listing) in listings)
            yield return Entry(StoreEntryKind.Tree, name, [listing], LastUsed(listing));
    }

    // A record that speaks of one other entry goes with that.
    private static IEnumerable<StoreEntry> Records(StoreLayout layout) =>
        Present(layout.Records)
            .SelectMany(x => Entries(x, StoreEntryKind.Record))
            .Where(x =>
                !(x.Paths[0] == layout.Record(StoreRecords.Stamp.Name, x.Name) && Directory.Exists(layout.Tree(x.Name)))
                && !(x.Paths[0] == layout.Record(StoreRecords.Log.Name, x.Name) && File.Exists(layout.Log(x.Name)))
            );

    private static IEnumerable<StoreEntry> Logs(StoreLayout layout) =>
        Entries(layout.Logs, StoreEntryKind.Log)
            .Select(x =>
                layout.Record(StoreRecords.Log.Name, x.Name) is var record && File.Exists(record)
                    ? Entry(x.Kind, x.Name, x.Paths.Add(record), x.LastUsed)
                    : x
            );

    private static IEnumerable<StoreEntry> Entries(string folder, StoreEntryKind kind) =>
        Fanned(folder).Select(x => Entry(kind, Path.GetFileNameWithoutExtension(x), [x], LastUsed(x)));

    private static IEnumerable<StoreEntry> Folders(string folder, StoreEntryKind kind) =>
        (Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "*", Everything) : [])
            .Order(StringComparer.Ordinal)
            .Select(x => Entry(kind, Path.GetFileName(x), [x], LastUsed(x)));

    private static StoreEntry Entry(StoreEntryKind kind, string name, ImmutableArray<string> paths, long lastUsed) =>
        new(kind, name, paths, lastUsed, [.. paths.SelectMany(Files)]);

    // A store that can only be read may lack folders.
    private static IEnumerable<string> Present(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private static long LastUsed(string path) => Posix.Stat(path)?.Modified ?? 0;

    // No recursion: what a build left may be deeper than any stack.
    private static List<StoredFile> Files(string path)
    {
        var found = new List<StoredFile>();
        var pending = new Stack<string>([path]);
        while (pending.TryPop(out var next))
        {
            if (TryStat(next) is not { } stat)
                continue;
            found.Add(new(stat.Device, stat.Inode, stat.AllocatedBytes));
            if (stat.Kind != FileKind.Folder)
                continue;
            foreach (var child in Directory.EnumerateFileSystemEntries(next, "*", Everything))
                pending.Push(child);
        }
        return found;
    }

    // Another process may be adding or dropping it just now; and a path that is too long to look at is not measured.
    private static FileStat? TryStat(string path)
    {
        try
        {
            return Posix.Stat(path);
        }
        catch (IOException e) when (e.HResult == Posix.NameTooLong)
        {
            return null;
        }
    }
}
