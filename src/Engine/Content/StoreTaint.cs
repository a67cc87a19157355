using System.Text;

namespace Recipes.Engine.Content;

/// <summary>
/// Drops what may have come from damaged trees: each action whose root held one may have left something else than it
/// should, and what such an action left is not believed any more, nor that its test passed.
/// </summary>
internal static class StoreTaint
{
    /// <summary>
    /// Drops the records of all actions that had one of these trees in their root, or for their result.
    /// </summary>
    /// <param name="layout">The store.</param>
    /// <param name="trees">The hashes of damaged trees.</param>
    /// <param name="isResult">
    /// Whether a kind of records tells what a build or test left, under the digest of the action or with it in the
    /// document.
    /// </param>
    /// <returns>The hashes of the keys of the records that are gone, each with its kind.</returns>
    public static IReadOnlyList<(string Kind, string Key)> Drop(
        StoreLayout layout,
        IReadOnlyCollection<string> trees,
        Func<string, bool> isResult
    )
    {
        if (trees.Count == 0)
            return [];
        var actions = Mentioning(layout, StoreRecords.Root.Name, trees).ToHashSet(StringComparer.Ordinal);
        var dropped = new List<(string, string)>();
        foreach (var kind in layout.RecordKinds.Where(isResult).ToList())
        {
            var named = actions.Where(x => File.Exists(layout.Record(kind, x)));
            foreach (
                var key in named
                    .Concat(Mentioning(layout, kind, [.. trees, .. actions]))
                    .Distinct(StringComparer.Ordinal)
                    .ToList()
            )
            {
                File.Delete(layout.Record(kind, key));
                dropped.Add((kind, key));
            }
        }
        foreach (var tree in trees.Where(x => File.Exists(layout.Record(StoreRecords.Stamp.Name, x))))
            File.Delete(layout.Record(StoreRecords.Stamp.Name, tree));
        return dropped;
    }

    // Documents name trees and actions by their hashes, which stand for nothing else.
    private static IEnumerable<string> Mentioning(StoreLayout layout, string kind, IReadOnlyCollection<string> hashes)
    {
        var folder = layout.RecordFolder(kind);
        foreach (var path in Directory.Exists(folder) ? StoreInventory.Fanned(folder) : [])
        {
            if (ContentStore.TryReadRecord(kind, Path.GetFileName(path), path) is not { } document)
                continue;
            var text = Encoding.UTF8.GetString(document);
            if (hashes.Any(x => text.Contains(x, StringComparison.Ordinal)))
                yield return Path.GetFileName(path);
        }
    }
}
