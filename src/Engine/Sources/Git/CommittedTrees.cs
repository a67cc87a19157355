using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// Remembers which tree a folder of the workspace's own repository makes, so that a commit that leaves it as it is
/// costs nothing.
/// </summary>
internal static class CommittedTrees
{
    /// <summary>git's name of a folder, and what of it is wanted → the tree.</summary>
    internal static RecordType<DigestDocument> Records { get; } = RecordType.OfDigest("committed", RecordRole.Derived);

    /// <summary>The key of a committed folder.</summary>
    /// <param name="tree">git's name of it.</param>
    /// <param name="source">What of it is wanted.</param>
    public static Digest KeyOf(string tree, SourceSpec source) =>
        new KeyBuilder("committed")
            .Add(tree)
            .AddRow('\t', ["only", .. source.Only])
            .AddRow('\t', ["except", .. source.Except])
            .Digest;
}
