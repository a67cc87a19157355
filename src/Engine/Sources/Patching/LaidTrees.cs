using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Patching;

/// <summary>
/// Trees laid below one folder as a build finds them, each in place of what its parent has there, and taken apart
/// again after something was changed in them.
/// </summary>
/// <param name="store">Where the trees are; files that nobody touches stay shared with it.</param>
/// <param name="folder">A scratch folder of the store.</param>
internal sealed class LaidTrees(ContentStore store, string folder)
{
    private const string Root = "root";
    private const string Covered = "covered";

    private ImmutableArray<(string Path, Digest Tree)> laid = [];

    /// <summary>Where a path of a build is.</summary>
    public string PathOf(string path) => Path.Join(folder, Root, path);

    /// <summary>Lays trees.</summary>
    /// <param name="trees">Path relative to the root of a build, and a tree; parents first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">A tree is absent or damaged.</exception>
    public void Lay(ImmutableArray<(string Path, Digest Tree)> trees, CancellationToken cancellationToken)
    {
        laid = trees;
        Directory.CreateDirectory(Path.Join(folder, Covered));
        for (var i = 0; i < trees.Length; i++)
        {
            var place = PathOf(trees[i].Path);
            Move(place, CoveredBy(i));
            Directory.CreateDirectory(place);
            store.Lay(trees[i].Tree, place, cancellationToken);
        }
    }

    /// <summary>The trees as they are now, in the store.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public ImmutableArray<(string Path, Digest Tree)> Take(CancellationToken cancellationToken)
    {
        var taken = new (string, Digest)[laid.Length];
        for (var i = laid.Length - 1; i >= 0; i--)
        {
            var (path, place) = (laid[i].Path, PathOf(laid[i].Path));
            // Patches may have deleted all of it.
            Directory.CreateDirectory(place);
            taken[i] = (path, store.AddTree(place, cancellationToken).Digest);
            Move(CoveredBy(i), place);
        }
        return [.. taken];
    }

    private string CoveredBy(int tree) => Path.Join(folder, Covered, $"{tree}");

    private static void Move(string from, string to)
    {
        if (Posix.Stat(from) is { Kind: FileKind.Folder })
            Directory.Move(from, to);
    }
}
