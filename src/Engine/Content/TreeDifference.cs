namespace Recipes.Engine.Content;

/// <summary>A file or link that differs between two trees; null on the side where it is not. Empty folders do not count.</summary>
internal sealed record TreeDifference(string Path, TreeEntry? Before, TreeEntry? After)
{
    /// <summary>In the order of the paths; folders that are equal are not looked into.</summary>
    public static IEnumerable<TreeDifference> Of(Tree before, Tree after) =>
        Of((before, before.Root), (after, after.Root), "");

    private static IEnumerable<TreeDifference> Of((Tree Tree, TreeDirectory? At) before, (Tree Tree, TreeDirectory? At) after, string prefix)
    {
        var (old, current) = (Children(before.At), Children(after.At));
        foreach (var name in old.Keys.Union(current.Keys).Order(TreeDirectory.NameOrder))
        {
            var (was, isNow) = (old.GetValueOrDefault(name), current.GetValueOrDefault(name));
            if (Equals(was, isNow))
                continue;
            var path = prefix + name;
            if (Leaf(was, path) is var oldLeaf && Leaf(isNow, path) is var newLeaf && (oldLeaf is not null || newLeaf is not null))
                yield return new(path, oldLeaf, newLeaf);
            if (was is not TreeFolder && isNow is not TreeFolder)
                continue;
            foreach (var below in Of((before.Tree, Below(before.Tree, was)), (after.Tree, Below(after.Tree, isNow)), path + "/"))
                yield return below;
        }
    }

    private static TreeDirectory? Below(Tree tree, object? child) => child is TreeFolder folder ? tree.Directory(folder) : null;

    private static TreeEntry? Leaf(object? child, string path) =>
        child switch
        {
            TreeFile file => new(path, TreeEntryKind.File, file.Digest, file.IsExecutable, null),
            TreeLink link => new(path, TreeEntryKind.Link, default, false, link.Target),
            _ => null,
        };

    private static Dictionary<string, object> Children(TreeDirectory? directory)
    {
        var children = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var file in directory?.Files ?? [])
            children.Add(file.Name, file);
        foreach (var folder in directory?.Folders ?? [])
            children.Add(folder.Name, folder);
        foreach (var link in directory?.Links ?? [])
            children.Add(link.Name, link);
        return children;
    }
}
