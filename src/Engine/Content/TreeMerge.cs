namespace Recipes.Engine.Content;

/// <summary>A path on which two trees disagree.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="First">The owner of the tree that had it first.</param>
/// <param name="Second">The owner of the tree that has something else there.</param>
public sealed record TreeConflict(string Path, string First, string Second);

/// <summary>The union of some trees.</summary>
/// <param name="Tree">The union; where trees disagree, with the first one's entry.</param>
/// <param name="Conflicts">All disagreements; equal entries are none.</param>
public sealed record TreeMerge(Tree Tree, IReadOnlyList<TreeConflict> Conflicts)
{
    /// <summary>
    /// Merges trees by their digests alone, touching no file. The result does not depend on the order where nothing
    /// conflicts; directories with equal digests are not opened.
    /// </summary>
    /// <param name="trees">Each with its owner's name, for conflicts.</param>
    public static TreeMerge Of(IReadOnlyList<(string Owner, Tree Tree)> trees) => throw new NotImplementedException();
}
