using System.Collections.Immutable;

namespace Recipes.Engine.Content;

/// <summary>The kinds of things in a store, as <c>store du</c> lists them.</summary>
public enum StoreEntryKind
{
    /// <summary>A tree's files with its listing, or a listing alone.</summary>
    Tree,

    /// <summary>A blob.</summary>
    Blob,

    /// <summary>A record of any kind.</summary>
    Record,

    /// <summary>The log of an action.</summary>
    Log,

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
            .Concat(Directory.EnumerateDirectories(layout.Records).SelectMany(x => Entries(x, StoreEntryKind.Record)))
            .Concat(Entries(layout.Logs, StoreEntryKind.Log))
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
        Directory
            .EnumerateDirectories(folder)
            .Order(StringComparer.Ordinal)
            .SelectMany(x => Directory.EnumerateFileSystemEntries(x, "*", Everything).Order(StringComparer.Ordinal));

    private static IEnumerable<StoreEntry> Trees(StoreLayout layout)
    {
        var listings = Fanned(layout.Listings).ToDictionary(x => Path.GetFileName(x), StringComparer.Ordinal);
        foreach (var path in Fanned(layout.Trees))
        {
            var name = Path.GetFileName(path);
            // A directory without a listing is no tree, and was never used.
            var paths = listings.Remove(name, out var listing) ? ImmutableArray.Create(path, listing) : [path];
            yield return Entry(StoreEntryKind.Tree, name, paths, listing is null ? 0 : LastUsed(listing));
        }
        foreach (var (name, listing) in listings)
            yield return Entry(StoreEntryKind.Tree, name, [listing], LastUsed(listing));
    }

    private static IEnumerable<StoreEntry> Entries(string folder, StoreEntryKind kind) =>
        Fanned(folder).Select(x => Entry(kind, Path.GetFileNameWithoutExtension(x), [x], LastUsed(x)));

    private static IEnumerable<StoreEntry> Folders(string folder, StoreEntryKind kind) =>
        Directory
            .EnumerateFileSystemEntries(folder, "*", Everything)
            .Order(StringComparer.Ordinal)
            .Select(x => Entry(kind, Path.GetFileName(x), [x], LastUsed(x)));

    private static StoreEntry Entry(StoreEntryKind kind, string name, ImmutableArray<string> paths, long lastUsed) =>
        new(kind, name, paths, lastUsed, [.. paths.SelectMany(Files)]);

    private static long LastUsed(string path) => Posix.Stat(path)?.Modified ?? 0;

    private static IEnumerable<StoredFile> Files(string path)
    {
        // Another process may be adding or dropping it just now.
        if (Posix.Stat(path) is not { } stat)
            return [];
        var self = new StoredFile(stat.Device, stat.Inode, stat.AllocatedBytes);
        return stat.Kind == FileKind.Folder
            ? Directory.EnumerateFileSystemEntries(path, "*", Everything).SelectMany(Files).Prepend(self)
            : [self];
    }
}
