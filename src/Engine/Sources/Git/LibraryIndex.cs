using LibGit2Sharp;

namespace Recipes.Engine.Sources.Git;

/// <summary>The index as the library reads and writes it.</summary>
internal sealed class LibraryIndex(LibGit2Sharp.Index index) : IStagedFiles
{
    public IEnumerable<IndexItem> All => index.Select(Item);

    public IndexItem? Find(string path) => index[path] is { } entry ? Item(entry) : null;

    public bool IsConflicted(string path) => index.Conflicts[path] is not null;

    public void Write(IReadOnlyCollection<string> remove, IReadOnlyCollection<IndexItem> set)
    {
        foreach (var path in remove)
            index.Remove(path);
        foreach (var item in set)
            index.Add(new NamedObject(new(item.Id)), item.Path, (Mode)item.Mode);
        index.Write();
    }

    private static IndexItem Item(IndexEntry entry) =>
        new(entry.Path, (int)entry.Mode, entry.Id.Sha, (int)entry.StageLevel);

    /// <summary>
    /// Adds to the index what need not be in the repository: the library takes nothing of a blob but its id.
    /// </summary>
    private sealed class NamedObject(ObjectId id) : Blob
    {
        public override ObjectId Id => id;
    }
}
