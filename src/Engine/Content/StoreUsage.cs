using System.Collections.Immutable;

namespace Recipes.Engine.Content;

/// <summary>The space that one tree takes.</summary>
/// <param name="Hash">Of the tree's digest, in hexadecimal.</param>
/// <param name="Bytes">On disk, with what it shares with other trees.</param>
internal sealed record TreeUsage(string Hash, long Bytes);

/// <summary>Where the space of a store went.</summary>
/// <param name="Bytes">Bytes on disk by kind; a file with several names counts once, where it was seen first.</param>
/// <param name="Entries">How many things of each kind.</param>
/// <param name="LargestTrees">The trees that take most, largest first.</param>
internal sealed record StoreUsage(
    ImmutableSortedDictionary<StoreEntryKind, long> Bytes,
    ImmutableSortedDictionary<StoreEntryKind, int> Entries,
    ImmutableArray<TreeUsage> LargestTrees
)
{
    /// <summary>Bytes on disk of the whole store.</summary>
    public long TotalBytes => Bytes.Values.Sum();

    /// <summary>Measures a store.</summary>
    /// <param name="store">The store; others may use it meanwhile.</param>
    /// <param name="largest">How many trees to name.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    public static StoreUsage Measure(ContentStore store, int largest, CancellationToken cancellationToken)
    {
        var seen = new HashSet<(ulong, ulong)>();
        var bytes = Enum.GetValues<StoreEntryKind>().ToDictionary(x => x, _ => 0L);
        var entries = Enum.GetValues<StoreEntryKind>().ToDictionary(x => x, _ => 0);
        var trees = new List<TreeUsage>();
        foreach (var entry in StoreInventory.Read(store.Layout, cancellationToken))
        {
            bytes[entry.Kind] += entry.Files.Where(x => seen.Add((x.Device, x.Inode))).Sum(x => x.Bytes);
            entries[entry.Kind]++;
            if (entry.Kind == StoreEntryKind.Tree)
                trees.Add(new(entry.Name, entry.Files.DistinctBy(x => (x.Device, x.Inode)).Sum(x => x.Bytes)));
        }
        return new(
            bytes.ToImmutableSortedDictionary(),
            entries.ToImmutableSortedDictionary(),
            [.. trees.OrderByDescending(x => x.Bytes).ThenBy(x => x.Hash, StringComparer.Ordinal).Take(largest)]
        );
    }
}
