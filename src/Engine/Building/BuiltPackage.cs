using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building;

/// <summary>One output in the store.</summary>
/// <param name="Name">Such as <c>main</c>.</param>
/// <param name="Tree">Its files.</param>
/// <param name="FileBytes">The sum of their sizes.</param>
/// <param name="Scan">What they provide and require.</param>
/// <param name="Requires">What the recipe says they require, as it names them.</param>
internal sealed record BuiltOutput(
    string Name,
    Digest Tree,
    long FileBytes,
    OutputScan Scan,
    ImmutableArray<string> Requires
)
{
    /// <summary>
    /// Names that the build gave to one file (hard links), equal in content: each group has two paths or more, sorted.
    /// </summary>
    public ImmutableArray<ImmutableArray<string>> HardLinks { get; init; } = [];

    /// <summary>True if other outputs' files take the place of its own where both have a path.</summary>
    public bool Yields { get; init; }

    /// <summary>Its files for a view of what a process sees.</summary>
    /// <param name="owner">Whose they are.</param>
    /// <param name="trees">Reads the listing.</param>
    public ViewedOutput<T> ViewedAs<T>(T owner, ITreeReader trees) => new(owner, trees.ReadTree(Tree), Scan);
}

/// <summary>A package (or a seed, as one output <c>main</c>) whose outputs are in the store.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Action">The digest of the action that built it; of a seed, of its tree.</param>
/// <param name="Outputs">By name; empty default outputs are absent.</param>
/// <param name="Candidates">
/// The outputs (<c>package:output</c>) that were in the build's graph, in which run-time needs are looked for: its own,
/// its needs', and the packages that the base toolchain stands for.
/// </param>
internal sealed record BuiltPackage(
    Recipe Recipe,
    Digest Action,
    ImmutableSortedDictionary<string, BuiltOutput> Outputs,
    ImmutableArray<string> Candidates
)
{
    /// <summary>False for what a resumed build left: it depends on all that was tried in its folders.</summary>
    public bool IsClean { get; init; } = true;

    /// <summary>
    /// The recipes whose sources took part, here or in what this was built from, and were not the pinned ones.
    /// </summary>
    public ImmutableSortedSet<string> Unpinned { get; init; } = [];
}
