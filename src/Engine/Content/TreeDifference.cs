using System.Text;

namespace Recipes.Engine.Content;

/// <summary>
/// A file or link that differs between two trees; null on the side where it is not. Empty folders do not count.
/// </summary>
internal sealed record TreeDifference(string Path, TreeEntry? Before, TreeEntry? After)
{
    /// <summary>In the order of the paths; folders that are equal are not looked into.</summary>
    public static IEnumerable<TreeDifference> Of(Tree before, Tree after)
    {
        // No recursion: strangers choose how deep folders are.
        var open = new Stack<(IEnumerator<Pair> Names, int Prefix)>();
        var prefix = new StringBuilder();
        open.Push((Differing(before.Root, after.Root), 0));
        while (open.TryPeek(out var at))
        {
            prefix.Length = at.Prefix;
            if (!at.Names.MoveNext())
            {
                open.Pop();
                continue;
            }
            var (name, was, isNow) = at.Names.Current;
            prefix.Append(name);
            if (was is TreeFile or TreeLink || isNow is TreeFile or TreeLink)
            {
                var path = prefix.ToString();
                yield return new(path, Leaf(was, path), Leaf(isNow, path));
            }
            if (was is TreeFolder || isNow is TreeFolder)
                open.Push((Differing(Below(before, was), Below(after, isNow)), prefix.Append('/').Length));
        }
    }

    /// <summary>What differs in one directory; null on the side that has none.</summary>
    private static IEnumerator<Pair> Differing(TreeDirectory? before, TreeDirectory? after)
    {
        var (old, current) = (Children(before), Children(after));
        return old
            .Keys.Union(current.Keys)
            .Order(TreeDirectory.NameOrder)
            .Select(x => new Pair(x, old.GetValueOrDefault(x), current.GetValueOrDefault(x)))
            .Where(x => x.Was != x.IsNow)
            .GetEnumerator();
    }

    private static TreeDirectory? Below(Tree tree, TreeNode? child) =>
        child is TreeFolder folder ? tree.Directory(folder) : null;

    private static TreeEntry? Leaf(TreeNode? child, string path) => child is TreeFolder ? null : child?.At(path);

    private static Dictionary<string, TreeNode> Children(TreeDirectory? directory) =>
        (directory?.Nodes ?? []).ToDictionary(x => x.Name, StringComparer.Ordinal);

    /// <summary>What a name stands for on either side.</summary>
    private readonly record struct Pair(string Name, TreeNode? Was, TreeNode? IsNow);
}
