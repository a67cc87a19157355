using System.Collections.Concurrent;

namespace Recipes.Engine.Content;

/// <summary>What <see cref="ContentStore.Merge"/> found.</summary>
/// <param name="Tree">The merged tree, whose listing is in the store; where there are conflicts, it is not.</param>
/// <param name="Conflicts">All disagreements; equal entries are none.</param>
internal sealed record StoredMerge(Digest Tree, IReadOnlyList<TreeConflict> Conflicts);

internal sealed partial class ContentStore
{
    /// <summary>
    /// Merges stored trees by their digests alone. A merge that was done before is looked up, and no listing is read.
    /// </summary>
    /// <param name="trees">Each with its owner's name, for conflicts.</param>
    /// <param name="yielding">
    /// Those of them whose files and links give way to those of others, which is no conflict; null for none.
    /// </param>
    /// <exception cref="EngineException">A tree's listing is absent or damaged.</exception>
    public StoredMerge Merge(IReadOnlyList<(string Owner, Digest Tree)> trees, IReadOnlySet<Digest>? yielding = null)
    {
        var distinct = trees.Select(x => x.Tree).Distinct().Order().ToList();
        if (distinct.Count == 1)
            return new(distinct[0], []);
        var key = new KeyBuilder("merge")
            .Add(distinct.Select(x => x.ToString()))
            .Add(distinct.Where(x => yielding?.Contains(x) ?? false).Select(x => $"yields {x}"))
            .Digest;
        if (FindDerived(key) is { } merged)
            return new(merged, []);
        var merge = TreeMerge.Of([.. trees.Select(x => (x.Owner, ReadTree(x.Tree)))], yielding);
        if (merge.Conflicts.Count == 0)
            AddDerived(key, merge.Tree);
        return new(merge.Tree.Digest, merge.Conflicts);
    }

    /// <summary>
    /// The tree that a stored tree becomes when further ones are placed in it: an input root of a merged root, a source
    /// at <c>build</c> and files at <c>recipe</c>. A composition that was done before is looked up, and no listing is
    /// read.
    /// </summary>
    /// <param name="root">The tree to start from.</param>
    /// <param name="placements">
    /// Paths relative to the root, parents first (<c>build</c> before <c>build/gmp</c>); missing folders are made.
    /// </param>
    /// <returns>The digest of a tree whose listing is in the store.</returns>
    /// <exception cref="EngineException">
    /// A listing is absent or damaged, or something other than an empty folder is in the way.
    /// </exception>
    public Digest Place(Digest root, IReadOnlyList<(string Path, Digest Tree)> placements)
    {
        if (placements.Count == 0)
            return root;
        var key = new KeyBuilder("place")
            .Add([root.ToString(), .. placements.Select(x => $"{x.Tree} {x.Path}")])
            .Digest;
        if (FindDerived(key) is { } placed)
            return placed;
        var builder = new TreeBuilder(ReadTree(root));
        foreach (var (path, tree) in placements)
            builder.AddTree(path, ReadTree(tree));
        var result = builder.Build();
        AddDerived(key, result);
        return result.Digest;
    }

    // In a store that can only be asked, what is derived is known to this process alone.
    private readonly ConcurrentDictionary<Digest, Digest> derived = new();

    private Digest? FindDerived(Digest key) =>
        derived.TryGetValue(key, out var known) ? known
        : FindRecord(StoreRecords.Merge, key) is { } record && HasListing(record.Digest) ? record.Digest
        : null;

    private void AddDerived(Digest key, Tree tree)
    {
        AddListing(tree);
        if (!IsWritable)
            derived[key] = tree.Digest;
        else
            WriteRecord(StoreRecords.Merge, key, new(tree.Digest));
    }
}
