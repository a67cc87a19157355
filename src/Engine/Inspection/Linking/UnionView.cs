using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection.Linking;

/// <summary>Where a path leads in a union of trees.</summary>
/// <param name="Path">The file itself, after all links.</param>
/// <param name="Owners">The owners of the links on the way and of the file.</param>
/// <param name="OpenedAs">The absolute path that led here.</param>
internal sealed record Located<T>(string Path, IReadOnlyList<T> Owners, string OpenedAs)
{
    /// <summary>The owner of the file itself.</summary>
    public T Owner => Owners[^1];
}

/// <summary>Walks paths through several trees as if they were one, as the kernel would once they are.</summary>
/// <param name="trees">Where several have a path, the first counts.</param>
/// <param name="hidden">Paths that are as if they were not there; null for none.</param>
internal sealed class UnionView<T>(IEnumerable<(T Owner, Tree Tree)> trees, PathFilter? hidden = null)
{
    /// <summary>The regular file that an absolute or relative path leads to, or null.</summary>
    public Located<T>? Locate(string path)
    {
        var owners = new List<T>();
        var reached = Walk(path, followLast: true, owners);
        return Find(reached) is var (owner, entry) && entry.Kind == TreeEntryKind.File
            ? new(reached, [.. owners, owner], "/" + path.TrimStart('/'))
            : null;
    }

    /// <summary>The same place without links on the way; segments that do not exist stay as they are.</summary>
    public string Resolve(string path, bool followLast) => Walk(path, followLast, []);

    /// <summary>What is at this very path.</summary>
    public (T Owner, TreeEntry Entry)? Find(string path)
    {
        if (hidden?.Matches(path) == true)
            return null;
        foreach (var (owner, tree) in trees)
        {
            if (tree.Find(path) is { } entry)
                return (owner, entry);
        }
        return null;
    }

    private string Walk(string path, bool followLast, List<T> owners) => PathWalk.Resolve(path, followLast, at =>
        {
            if (Find(at) is not (var owner, { Kind: TreeEntryKind.Link } link))
                return null;
            owners.Add(owner);
            return link.Target;
        });
}
